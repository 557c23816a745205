// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DesiredStateTest {

  private static final ManagedService WEB = ManagedService.of(VirtualService.tcp("192.0.2.1", 80));
  private static final ManagedService DNS = ManagedService.of(VirtualService.udp("192.0.2.1", 53));
  private static final Destination RS1 =
      new Destination(WEB.key(), ServerKey.of("198.51.100.1", 80));
  private static final Destination RS2 =
      new Destination(DNS.key(), ServerKey.of("198.51.100.1", 53));
  private static final Intent DRAIN = new Intent(Intent.Kind.DRAINING, "drain 1", 0, 9, false);

  @Test
  void serviceThatIsNoLongerWantedStaysOursUntilItIsGone() {
    DesiredState state = DesiredState.EMPTY.with(WEB).without(WEB.key());
    assertThat(state.services()).isEmpty();
    assertThat(state.owns(WEB.key())).isTrue();
    assertThat(state.gone(WEB.key()).owns(WEB.key())).isFalse();
    assertThat(state.withoutRetired().owns(WEB.key())).isFalse();
  }

  @Test
  void strangersServiceIsNotRetired() {
    assertThat(DesiredState.EMPTY.without(WEB.key())).isSameAs(DesiredState.EMPTY);
    assertThat(DesiredState.EMPTY.owns(WEB.key())).isFalse();
  }

  @Test
  void serviceThatIsWantedAgainIsNotRetiredAnyMore() {
    DesiredState state = DesiredState.EMPTY.with(WEB).without(WEB.key()).with(WEB);
    assertThat(state).isEqualTo(DesiredState.EMPTY.with(WEB));
    assertThat(state.retired()).isEmpty();
  }

  @Test
  void intentsLeaveWithTheirServiceAlone() {
    DesiredState state = DesiredState.EMPTY.with(WEB).with(DNS).with(RS1, DRAIN).with(RS2, DRAIN);
    assertThat(state.without(WEB.key()).intents()).containsOnlyKeys(RS2);
    assertThat(state.with(RS1, (Intent) null).intent(RS1)).isNull();
    assertThat(state.with(RS1, (Intent) null).intent(RS2)).isEqualTo(DRAIN);
    assertThat(state.without(WEB.key()).with(WEB).intent(RS1)).isNull();
  }

  @Test
  void servicesKeepTheOrderInWhichTheyCame() {
    assertThat(DesiredState.EMPTY.with(DNS).with(WEB).with(DNS).services().keySet())
        .containsExactly(DNS.key(), WEB.key());
  }

  @Test
  void stateIsCopied() {
    Map<ServiceKey, ManagedService> services = new HashMap<>(Map.of(WEB.key(), WEB));
    DesiredState state = new DesiredState(services, Set.of(), Map.of());
    services.clear();
    assertThat(state.owns(WEB.key())).isTrue();
    assertThat(state.services()).isUnmodifiable();
    assertThat(state.intents()).isUnmodifiable();
  }
}
