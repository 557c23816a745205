// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.examples.doctor.PrepareHostsExample;
import io.lvstun.host.AppliedChange;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import io.lvstun.host.InstallFile;
import io.lvstun.host.InstallPackage;
import io.lvstun.host.ServiceUnit;
import io.lvstun.host.SetInterruptAffinity;
import io.lvstun.host.SetQueues;
import io.lvstun.host.SetQueues.Type;
import io.lvstun.host.SetReceivePacketSteering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each change is looked at with a second tool: the kernel's files, ethtool, systemctl, dpkg. */
class HostChangeLabIT {

  private static final Host MACHINE = Host.local();
  private static final Host CARDS = Host.netns("cards");

  @TempDir Path folder;

  private static String run(Host host, String script) {
    CommandResult result = host.run(HostCommand.of("sh", "-c", script));
    assertThat(result.exitCode()).as("%s: %s", script, result.errors()).isZero();
    return result.output();
  }

  /** A host whose script runs in another shell, and perhaps sees a folder as its root. */
  private record Shell(List<String> prefix, String root) implements Host {
    @Override
    public String specification() {
      return "local";
    }

    @Override
    public String label() {
      return "local";
    }

    @Override
    public CommandResult run(HostCommand command) {
      List<String> arguments = new ArrayList<>(prefix);
      arguments.addAll(command.arguments().subList(1, command.arguments().size()));
      arguments.set(arguments.indexOf("lvstun-change") + 1, root);
      return MACHINE.run(
          new HostCommand(arguments, command.input(), command.deadline(), command.maxOutput()));
    }
  }

  @Test
  void queuesAndPacketSteeringOfACard() {
    run(
        MACHINE,
        "ip netns add cards && ip -n cards link add card0 numrxqueues 4 numtxqueues 4 type veth"
            + " peer name card1 numrxqueues 4 numtxqueues 4");
    try {
      AppliedChange peer = new SetQueues("card1", Type.TX, 2).apply(CARDS);
      SetQueues queues = new SetQueues("card0", Type.RX, 2);
      AppliedChange fewer = queues.apply(CARDS);
      assertThat(run(CARDS, "ethtool -l card0 | sed -n '/^Current/,$p'"))
          .containsPattern("RX:\\s+2\n");
      assertThat(run(CARDS, "ls /sys/class/net/card0/queues"))
          .contains("rx-1")
          .doesNotContain("rx-2");
      assertThat(queues.holds(CARDS)).isTrue();

      SetReceivePacketSteering steering = new SetReceivePacketSteering("card0", List.of(0));
      AppliedChange steered = steering.apply(CARDS);
      assertThat(run(CARDS, "cat /sys/class/net/card0/queues/rx-*/rps_cpus")).isEqualTo("1\n1\n");
      assertThat(steered.undo()).isTrue();
      assertThat(run(CARDS, "cat /sys/class/net/card0/queues/rx-*/rps_cpus")).isEqualTo("0\n0\n");
      // What is done at boot does the same.
      assertThat(CARDS.run(HostCommand.of(steering.command())).successful()).isTrue();
      assertThat(steering.holds(CARDS)).isTrue();

      assertThat(fewer.undo()).isTrue();
      assertThat(peer.undo()).isTrue();
      assertThat(run(CARDS, "ethtool -l card0 | sed -n '/^Current/,$p'"))
          .containsPattern("RX:\\s+4\n")
          .containsPattern("TX:\\s+4\n");

      assertThatExceptionOfType(HostException.class)
          .isThrownBy(() -> new SetQueues("card0", Type.RX, 9).apply(CARDS))
          .withMessageContaining("exceeds maximum");
      assertThatExceptionOfType(HostException.class)
          .isThrownBy(() -> SetQueues.combined("lo", 2).apply(CARDS))
          .withMessageContaining("not supported");
      assertThatExceptionOfType(HostException.class)
          .isThrownBy(() -> new SetReceivePacketSteering("card0", List.of(40)).apply(CARDS))
          .withMessageContaining("the kernel refuses")
          .withMessageContaining("processors that are online: 0");
    } finally {
      run(MACHINE, "ip netns delete cards");
    }
  }

  @Test
  void interruptsOfACard() throws IOException {
    // The guest has no card; another device of its PCI bus stands for one.
    Path bus = Path.of("/sys/bus/pci/drivers/virtio-pci");
    Path device;
    try (var devices = Files.list(bus)) {
      device =
          devices.filter(each -> Files.isDirectory(each.resolve("msi_irqs"))).findFirst().get();
    }
    Files.createDirectories(folder.resolve("sys/class/net/card0"));
    Files.createSymbolicLink(folder.resolve("sys/class/net/card0/device"), device.toRealPath());
    Files.createSymbolicLink(folder.resolve("proc"), Path.of("/proc"));
    Host host = new Shell(List.of("/bin/sh"), folder.toString());
    String affinities =
        "for irq in $(ls "
            + device
            + "/msi_irqs | sort -n); do"
            + " cat /proc/irq/$irq/smp_affinity_list; done";
    String before = run(MACHINE, affinities);
    int last = Integer.parseInt(run(MACHINE, "nproc").strip()) - 1;
    SetInterruptAffinity change = new SetInterruptAffinity("card0", List.of(last));
    AppliedChange applied = change.apply(host);
    assertThat(run(MACHINE, affinities).lines()).isNotEmpty().containsOnly(Integer.toString(last));
    assertThat(change.holds(host)).isTrue();
    // A guest has one processor by default, which they are bound to already.
    assertThat(applied.undo()).isEqualTo(last > 0);
    assertThat(run(MACHINE, affinities)).isEqualTo(before);
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new SetInterruptAffinity("card0", List.of(4000)).apply(host))
        .withMessageContaining("the kernel refuses 4000");
    assertThat(run(MACHINE, affinities)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/dash", "/bin/bash", "/bin/busybox sh"})
  void fileIsInstalledCheckedAndRestored(String shell) throws IOException {
    Host host = new Shell(List.of(shell.split(" ")), "");
    Path file = folder.resolve("keepalived.conf");
    Files.writeString(file, "global_defs {\n}\n");
    run(
        MACHINE,
        "chmod 640 " + file + " && chown root:daemon " + file + " && touch -d @1000000000 " + file);
    String stat = "stat -c '%a %U:%G %Y' " + file;
    String before = run(MACHINE, stat);

    InstallFile good =
        InstallFile.of(
                file.toString(),
                "virtual_server 192.0.2.1 80 {\n lvs_sched rr\n lvs_method TUN\n protocol TCP\n"
                    + " real_server 192.0.2.2 80 {\n weight 1\n }\n}\n")
            .check("keepalived", "-t", "-f", InstallFile.COPY);
    AppliedChange applied = good.apply(host);
    assertThat(file).content().contains("lvs_method TUN");
    assertThat(run(MACHINE, stat)).startsWith("640 root:daemon ");
    assertThat(applied.undo()).isTrue();
    assertThat(file).content().isEqualTo("global_defs {\n}\n");
    assertThat(run(MACHINE, stat)).isEqualTo(before);

    AppliedChange rules = PrepareHostsExample.install(host, file.toString(), "table inet x {\n}\n");
    assertThat(file).content().isEqualTo("table inet x {\n}\n");
    PrepareHostsExample.undoInstall(rules);
    assertThat(run(MACHINE, stat)).isEqualTo(before);
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> PrepareHostsExample.install(host, file.toString(), "table inet x {\n"))
        .withMessageContaining("nft refuses the file, which was not installed")
        .withMessageContaining("syntax error");
    assertThat(run(MACHINE, stat)).isEqualTo(before);
  }

  @Test
  void fullDiskLeavesTheFile() throws IOException {
    run(MACHINE, "mount -t tmpfs -o size=64k none " + folder);
    try {
      Path file = folder.resolve("app.conf");
      Files.writeString(file, "old\n");
      run(MACHINE, "touch -d @1000000000 " + file);
      String before = run(MACHINE, "stat -c '%a %U:%G %Y %i' " + file);
      assertThatExceptionOfType(HostException.class)
          .isThrownBy(() -> InstallFile.of(file.toString(), "x".repeat(100_000)).apply(MACHINE))
          .withMessageContaining("is the disk full?");
      assertThat(file).content().isEqualTo("old\n");
      assertThat(run(MACHINE, "stat -c '%a %U:%G %Y %i' " + file)).isEqualTo(before);
      assertThat(run(MACHINE, "ls -A " + folder)).isEqualTo("app.conf\n");
      AppliedChange applied = InstallFile.of(file.toString(), "new\n").apply(MACHINE);
      applied.undo();
      assertThat(file).content().isEqualTo("old\n");
    } finally {
      run(MACHINE, "umount " + folder);
    }
  }

  @Test
  void serviceOfAnImageIsEnabledAsSystemctlSeesIt() throws IOException {
    Path units = Files.createDirectories(folder.resolve("etc/systemd/system"));
    Files.writeString(
        units.resolve("app.service"),
        "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n");
    Files.writeString(units.resolve("fixed.service"), "[Service]\nExecStart=/bin/true\n");
    ServiceUnit unit = new ServiceUnit("app.service", folder.toString(), false);
    assertThat(unit.holds(MACHINE)).isFalse();
    AppliedChange applied = unit.apply(MACHINE);
    Path link = units.resolve("multi-user.target.wants/app.service");
    assertThat(link).isSymbolicLink();
    assertThat(run(MACHINE, "systemctl --root=" + folder + " is-enabled app.service"))
        .isEqualTo("enabled\n");
    assertThat(applied.undo()).isTrue();
    assertThat(Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)).isFalse();

    // Without [Install] nothing can be enabled, and nothing has to be.
    assertThat(new ServiceUnit("fixed.service", folder.toString(), false).holds(MACHINE)).isTrue();
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new ServiceUnit("none.service", folder.toString(), false).apply(MACHINE))
        .withMessageContaining("not present on this host");
    run(MACHINE, "systemctl --root=" + folder + " mask app2.service");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new ServiceUnit("app2.service", folder.toString(), false).apply(MACHINE))
        .withMessageContaining("systemctl unmask app2.service");
  }

  @Test
  void hostWithoutSystemdSaysSo() {
    // The guest has its tools and does not run it.
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> ServiceUnit.enabledAndStarted("keepalived.service").apply(MACHINE))
        .withMessageContaining("systemd is not running on this host");
    Host bare =
        new Shell(
            List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount --bind /dev/null $(readlink -f $(command -v systemctl)) && exec \"$@\"",
                "sh",
                "/bin/sh"),
            "");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> ServiceUnit.enabled("keepalived.service").apply(bare))
        .withMessageContaining("there is no systemctl here");
  }

  @Test
  void packagesAsDpkgKnowsThem() {
    assertThat(new InstallPackage("keepalived").holds(MACHINE)).isTrue();
    assertThat(new InstallPackage("keepalived").apply(MACHINE).changed()).isFalse();
    InstallPackage unknown = new InstallPackage("lvstun-no-such-package");
    assertThat(unknown.holds(MACHINE)).isFalse();
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> unknown.apply(MACHINE))
        .withMessageContaining("Unable to locate package");
  }
}
