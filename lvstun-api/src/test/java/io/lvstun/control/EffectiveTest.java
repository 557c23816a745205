// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectiveTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80)
          .scheduler(Scheduler.WRR)
          .addRealServer("198.51.100.1")
          .weight(10)
          .tunnel()
          .addRealServer("198.51.100.2")
          .weight(20)
          .tunnel();
  private static final ServerKey RS1 = ServerKey.of("198.51.100.1", 80);
  private static final ServerKey RS2 = ServerKey.of("198.51.100.2", 80);
  private static final Set<SafetyRule> ALL = EnumSet.allOf(SafetyRule.class);

  private final Map<ServerKey, ManagedServer> members = new HashMap<>();
  private final Map<Destination, Intent> intents = new HashMap<>();

  private Effective effective(ManagedService service, long now) {
    return Effective.of(service, members, intents, true, now, ALL);
  }

  private String table(ManagedService service, long now) {
    return effective(service, now).service().realServers().toString();
  }

  private ManagedServer member(ServerKey key) {
    return members.computeIfAbsent(key, absent -> new ManagedServer());
  }

  private void intend(ServerKey server, Intent.Kind kind) {
    intents.put(new Destination(WEB.key(), server), new Intent(kind, "drain", 0, 9, false));
  }

  @Test
  void withoutChecksTheWishIsTheTable() {
    assertThat(effective(ManagedService.of(WEB), 0).service()).isSameAs(WEB);
    assertThat(effective(ManagedService.of(WEB), 0).quorum()).isTrue();
    assertThat(effective(ManagedService.of(WEB), 0).panic()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "1000, 1",
    "1999, 1",
    "2000, 2",
    "5000, 5",
    "9999, 9",
    "10000, 10",
    "20000, 10"
  })
  void slowStartBeginsAtATenthAndGrowsEvenly(long now, int weight) {
    member(RS1).slowFrom = 0;
    assertThat(table(ManagedService.of(WEB).slowStart(Duration.ofSeconds(10)), now))
        .isEqualTo("[198.51.100.1:80 Tunnel " + weight + ", 198.51.100.2:80 Tunnel 20]");
  }

  @ParameterizedTest
  @CsvSource({"-5, 1", "0, 1", "1, 1", "77, 77", "65535, 65535", "1000000, 65535"})
  void loadIsHeldWithinWhatTheKernelTakesAndNeverStopsAServer(int load, int weight) {
    member(RS1).load = load;
    assertThat(table(ManagedService.of(WEB), 0))
        .isEqualTo("[198.51.100.1:80 Tunnel " + weight + ", 198.51.100.2:80 Tunnel 20]");
  }

  @Test
  void weightZeroOfTheWishStaysZeroWhateverTheLoad() {
    member(RS1).load = 50;
    ManagedService service =
        ManagedService.of(WEB.realServer("198.51.100.1", server -> server.weight(0)));
    assertThat(table(service, 0))
        .isEqualTo("[198.51.100.1:80 Tunnel 0, 198.51.100.2:80 Tunnel 20]");
  }

  @Test
  void drainingServerStaysWithWeightZeroAndOneThatIsOutDoesNot() {
    intend(RS1, Intent.Kind.DRAINING);
    assertThat(table(ManagedService.of(WEB), 0))
        .isEqualTo("[198.51.100.1:80 Tunnel 0, 198.51.100.2:80 Tunnel 20]");
    intend(RS1, Intent.Kind.OUT);
    assertThat(table(ManagedService.of(WEB), 0)).isEqualTo("[198.51.100.2:80 Tunnel 20]");
  }

  @Test
  void lastServersAreHeldAlthoughTheyWereToDrain() {
    intend(RS1, Intent.Kind.DRAINING);
    intend(RS2, Intent.Kind.DRAINING);
    Effective effective = effective(ManagedService.of(WEB), 0);
    assertThat(effective.held()).containsExactlyInAnyOrder(RS1, RS2);
    assertThat(effective.service()).isEqualTo(WEB);
    assertThat(
            Effective.of(ManagedService.of(WEB), members, intents, true, 0, Set.of())
                .service()
                .realServers())
        .allMatch(server -> server.weight() == 0);
  }

  @Test
  void weightZeroHelpsNotWhereTheSchedulerGoesOnToChooseIt() {
    assertThat(Effective.zeroHelps(WEB)).isTrue();
    assertThat(Effective.zeroHelps(WEB.scheduler(Scheduler.MH))).isFalse();
    assertThat(Effective.zeroHelps(WEB.scheduler(Scheduler.MH.with(SchedulerFlag.MH_FALLBACK))))
        .isTrue();
    intend(RS1, Intent.Kind.DRAINING);
    assertThat(table(ManagedService.of(WEB.scheduler(Scheduler.MH)), 0))
        .isEqualTo("[198.51.100.1:80 Tunnel 10, 198.51.100.2:80 Tunnel 20]");
  }

  @Test
  void serviceThatWantsNoServersHasItsQuorum() {
    Effective effective = effective(ManagedService.of(WEB.withoutRealServers()), 0);
    assertThat(effective.quorum()).isTrue();
    assertThat(effective.service().realServers()).isEmpty();
  }

  @Test
  void serverWhoseWishIsWeightZeroKeepsItsConnections() {
    ManagedService service =
        ManagedService.of(WEB.realServer("198.51.100.1", server -> server.weight(0)));
    assertThat(effective(service, 0).service()).isSameAs(service.service());
    ManagedService all =
        service.service(service.service().realServer("198.51.100.2", server -> server.weight(0)));
    assertThat(effective(all, 0).service()).isSameAs(all.service());
    assertThat(effective(all, 0).panic()).isFalse();
  }

  @Test
  void weightZeroIsNotGivenWhereItDoesNotHelp() {
    ManagedService service =
        ManagedService.of(
            WEB.scheduler(Scheduler.MH).realServer("198.51.100.1", server -> server.weight(0)));
    assertThat(table(service, 0)).isEqualTo("[198.51.100.2:80 Tunnel 20]");
  }
}
