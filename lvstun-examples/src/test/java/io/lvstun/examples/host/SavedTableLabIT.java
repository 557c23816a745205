// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.Persistence;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A table that is saved, and is there again after a boot: what reads the file is what distributions
 * run. The network namespace is deleted and made anew in between, so that nothing else is left.
 */
class SavedTableLabIT {

  private static final Host MACHINE = Host.local();

  /** Who restores the table at boot, and from which file. */
  enum Boot {
    /** The script of the package, with AUTO="true" in its configuration. */
    DEBIAN("/etc/ipvsadm.rules", "sh /etc/init.d/ipvsadm start"),
    /** What ExecStart of ipvsadm.service is on RHEL. */
    RED_HAT("/etc/sysconfig/ipvsadm", "bash -c 'exec ipvsadm-restore </etc/sysconfig/ipvsadm'");

    private final String file;
    private final String command;

    Boot(String file, String command) {
      this.file = file;
      this.command = command;
    }
  }

  private static String run(Host host, String script) {
    CommandResult result = host.run(HostCommand.of("sh", "-c", script));
    assertThat(result.exitCode()).as("%s: %s", script, result.errors()).isZero();
    return result.output();
  }

  @BeforeEach
  void start() {
    run(
        MACHINE,
        "ip netns add booted && ip -n booted link set lo up && ip -n booted link add eth0 type"
            + " dummy && ip -n booted link set eth0 up && ip -n booted route add default dev eth0"
            + " && ip -n booted -6 address add 2001:db8::ff/64 dev eth0 nodad");
  }

  @AfterEach
  void stop() {
    run(MACHINE, "ip netns delete booted");
  }

  /** A new one each time: a boot makes the namespace anew. */
  private static Host booted() {
    return Host.netns("booted");
  }

  private static Director director() {
    return Director.builder().networkNamespace("booted").driver("netlink").open();
  }

  private static List<VirtualService> services() {
    return List.of(
        VirtualService.tcp("192.0.2.1", 80)
            .scheduler(Scheduler.RR)
            .addRealServer("198.51.100.1")
            .weight(3)
            .tunnel()
            .addRealServer("198.51.100.2")
            .weight(0)
            .tunnel(Encapsulation.gue(6080)),
        VirtualService.udp("192.0.2.1", 53)
            .scheduler(Scheduler.WLC)
            .persistence(Persistence.of(Duration.ofMinutes(5)))
            .addRealServer("198.51.100.3")
            .directRouting(),
        VirtualService.tcp("2001:db8::1", 443)
            .scheduler(Scheduler.WRR)
            .addRealServer("2001:db8::2")
            .tunnel(),
        VirtualService.fwmark(7).scheduler(Scheduler.RR).addRealServer("198.51.100.4").tunnel());
  }

  @ParameterizedTest
  @EnumSource
  void savedTableIsThereAfterABoot(Boot boot) throws IOException {
    Files.createDirectories(Path.of(boot.file).getParent());
    run(MACHINE, "echo 'AUTO=\"true\"' >/etc/default/ipvsadm");
    String before;
    try (Director director = director()) {
      director.apply(services());
      before = director.listing();
      assertThat(director.save(Path.of(boot.file))).isEmpty();
    }
    stop();
    start();
    run(booted(), "ipvsadm -Ln | grep -q '^TCP' && exit 1 || exit 0");

    run(booted(), boot.command);
    try (Director director = director()) {
      assertThat(director.plan(services()).isEmpty()).isTrue();
      assertThat(director.listing().lines().sorted())
          .containsExactlyElementsOf(before.lines().sorted().toList());
      // The other way round: what the program saved, the library restores.
      run(booted(), "ipvsadm-save -n >" + boot.file + " && ipvsadm -C");
      director.restore(Path.of(boot.file));
      assertThat(director.plan(services()).isEmpty()).isTrue();
    }
  }

  @Test
  void listingIsThatOfIpvsadmByteForByte() {
    try (Director director = director()) {
      assertThat(director.listing()).isEqualTo(run(booted(), "ipvsadm -Ln"));
      director.apply(services());
      assertThat(director.listing()).isEqualTo(run(booted(), "ipvsadm -Ln")).contains("FWM  ");
    }
  }
}
