// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrackTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80)
          .addRealServer("198.51.100.1")
          .tunnel()
          .addRealServer("198.51.100.2")
          .tunnel();
  private static final ServerKey RS1 = ServerKey.of("198.51.100.1", 80);
  private static final ServerKey RS2 = ServerKey.of("198.51.100.2", 80);
  private static final Set<SafetyRule> ALL = EnumSet.allOf(SafetyRule.class);

  private final Track track = new Track(ManagedService.of(WEB));

  private static ServiceState state(RealServer server, long active, long inactive, long templates) {
    return new ServiceState(
        WEB,
        List.of(new ServerState(server, active, inactive, templates, Counters.ZERO, Rates.ZERO)),
        Counters.ZERO,
        Rates.ZERO);
  }

  @Test
  void serverThatLeavesTheWishIsForgottenAndTheOthersKeepTheirHistory() {
    ManagedServer second = track.member(RS2);
    track.member(RS1).load = 7;
    track.want(ManagedService.of(WEB.removeRealServer("198.51.100.1")));
    assertThat(track.members).containsOnlyKeys(RS2);
    assertThat(track.member(RS2)).isSameAs(second);
    track.want(ManagedService.of(WEB));
    assertThat(track.member(RS1).load).as("it comes back as a new one").isNull();
  }

  @Test
  void connectionsAreCountedAndThoseOfAServerThatIsGoneAreNone() {
    ManagedServer first = track.member(RS1);
    track.count(state(WEB.realServers().get(0).weight(0), 3, 4, 5));
    assertThat(first.connections).isEqualTo(7);
    assertThat(first.templates).isEqualTo(5);
    assertThat(first.listed).isTrue();
    assertThat(first.quiesced).isTrue();
    track.count(null);
    assertThat(first.connections).isZero();
    assertThat(first.templates).isZero();
    assertThat(first.listed).isFalse();
    assertThat(first.quiesced).isFalse();
  }

  @Test
  void fewCausesAreToldEachOnce() {
    for (int i = 0; i < 20; i++) {
      track.because("cause " + i / 2);
    }
    assertThat(track.causes).containsExactly("cause 0", "cause 1", "cause 2", "cause 3", "cause 4");
  }

  @Test
  void whatIsEffectiveIsKeptUntilItIsAskedForAnew() {
    Effective first = track.effective(DesiredState.EMPTY, 0, ALL);
    track.member(RS1).load = 9;
    assertThat(track.effective(DesiredState.EMPTY, 0, ALL)).isSameAs(first);
    assertThat(track.effectiveChanges(DesiredState.EMPTY, 0, ALL)).isTrue();
    assertThat(track.effectiveChanges(DesiredState.EMPTY, 0, ALL)).isFalse();
    track.want(ManagedService.of(WEB.scheduler(Scheduler.RR)));
    assertThat(track.effective(DesiredState.EMPTY, 0, ALL).service().scheduler())
        .isEqualTo(Scheduler.RR);
  }

  @Test
  void serverOfTheSameAddressAndAnotherPortIsAnother() {
    assertThat(track.has(RS1)).isTrue();
    assertThat(track.has(ServerKey.of("198.51.100.1", 81))).isFalse();
  }
}
