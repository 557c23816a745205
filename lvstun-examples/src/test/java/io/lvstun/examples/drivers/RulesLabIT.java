// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.DriverOptions;
import io.lvstun.Snapshot;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.netlink.NetlinkDriverProvider;
import io.lvstun.rules.Replay;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import io.lvstun.rules.RulesText;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import io.lvstun.spi.contract.RandomTables;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The texts that {@link Rules} writes are what {@code ipvsadm -R} reads, and those that {@code
 * ipvsadm -S -n} writes are what {@link Rules} reads, for random tables. The netlink driver, which
 * has no part in either, tells what the kernel holds.
 */
final class RulesLabIT {

  private static final int ROUNDS = 25;
  private static final int MOST_SERVICES = 12;

  private final DirectorNamespace namespace = new DirectorNamespace();
  private final long seed = RandomTables.seed();
  private final IpvsDriver kernel =
      new NetlinkDriverProvider()
          .open(new DriverOptions(Optional.of(namespace.namespace()), Duration.ofSeconds(30)));

  @AfterEach
  void close() {
    kernel.close();
    namespace.close();
  }

  @Test
  void ipvsadmRestoresEveryTextThatRulesWrite() {
    RandomTables tables = new RandomTables(seed);
    Random random = new Random(seed);
    for (int round = 1; round <= ROUNDS; round++) {
      Timeouts timeouts =
          Timeouts.ofSeconds(
              random.nextInt(9999) + 1, random.nextInt(9999) + 1, random.nextInt(9999) + 1);
      Snapshot wanted = new Snapshot(tables.services(MOST_SERVICES), timeouts, List.of());
      RulesText text = Rules.write(wanted, RulesForm.COMPLETE);
      assertThat(text.losses()).as(round(round)).isEmpty();

      namespace.feed(text.text(), "ipvsadm", "-R");

      assertThat(definitions())
          .as(round(round))
          .containsExactlyInAnyOrderElementsOf(wanted.services());
      assertThat(kernel.timeouts()).as(round(round)).isEqualTo(timeouts);
      // And the other form is to the letter what the program says of the same table.
      assertThat(namespace.run("ipvsadm", "-S", "-n"))
          .as(round(round))
          .isEqualTo(withMarksAsIpvsadmPrintsThem(kernelOrder(RulesForm.SAVED)));
      Tables.reset(kernel);
    }
  }

  @Test
  void rulesReadEveryTextThatIpvsadmSaves() {
    RandomTables tables = new RandomTables(seed + 1);
    int servers = 0;
    for (int round = 1; round <= ROUNDS; round++) {
      List<VirtualService> wanted =
          tables.services(MOST_SERVICES).stream().map(RulesLabIT::withoutThresholds).toList();
      servers += wanted.stream().mapToInt(service -> service.realServers().size()).sum();
      write(wanted);

      Replay replay = Rules.replay(Rules.parse(namespace.run("ipvsadm", "-S", "-n")));

      assertThat(replay.refusals()).as(round(round)).isEmpty();
      assertThat(replay.snapshot().services())
          .as(round(round))
          .containsExactlyInAnyOrderElementsOf(wanted);
      Tables.reset(kernel);
    }
    assertThat(servers).as("servers that were compared").isGreaterThan(ROUNDS);
  }

  @Test
  void ipvsadmStartsTheSyncDaemonsThatRulesWrite() {
    List<SyncDaemon> daemons =
        List.of(
            SyncDaemon.master(DirectorNamespace.INTERFACE)
                .syncId(7)
                .maxLength(1400)
                .group("239.1.2.3")
                .port(8850)
                .ttl(3),
            SyncDaemon.backup(DirectorNamespace.INTERFACE)
                .syncId(9)
                .maxLength(1300)
                .group("ff05::81"));
    RulesText text =
        Rules.write(
            new Snapshot(List.of(), Timeouts.ofSeconds(900, 120, 300), daemons),
            RulesForm.COMPLETE);

    namespace.feed(text.text(), "ipvsadm", "-R");

    assertThat(text.losses()).isEmpty();
    assertThat(kernel.syncDaemons()).containsExactlyInAnyOrderElementsOf(daemons);
  }

  private String round(int round) {
    return "round " + round + " of seed " + seed + " (-Dlvstun.seed=" + seed + ")";
  }

  private List<VirtualService> definitions() {
    return kernel.services(Consistency.VERIFIED).stream().map(ServiceState::definition).toList();
  }

  private String kernelOrder(RulesForm form) {
    return Rules.write(definitions(), form).text();
  }

  private static String withMarksAsIpvsadmPrintsThem(String text) {
    StringBuilder printed = new StringBuilder();
    text.lines()
        .forEach(
            line -> {
              String[] words = line.split(" ");
              for (int i = 1; i < words.length; i++) {
                if (words[i - 1].equals("-f")) {
                  words[i] = Integer.toString(Integer.parseUnsignedInt(words[i]));
                }
              }
              printed.append(String.join(" ", words)).append('\n');
            });
    return printed.toString();
  }

  private static VirtualService withoutThresholds(VirtualService service) {
    VirtualService result = service;
    for (var server : service.realServers()) {
      result = result.realServer(server.key(), each -> each.thresholds(0, 0));
    }
    return result;
  }

  private void write(List<VirtualService> services) {
    List<Command> commands = new ArrayList<>();
    for (VirtualService service : services) {
      commands.add(new Command.AddService(service));
      service
          .realServers()
          .forEach(server -> commands.add(new Command.AddServer(service.key(), server)));
    }
    assertThat(kernel.execute(commands)).extracting(Outcome::error).allMatch(Objects::isNull);
  }
}
