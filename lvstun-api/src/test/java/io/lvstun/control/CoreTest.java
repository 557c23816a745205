// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.state.ServiceState;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CoreTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("192.0.2.11").tunnel();
  private static final long PERIOD = 5000;

  private final Core core = new Core(PERIOD, EnumSet.allOf(SafetyRule.class), false);
  private final MemoryDriver table = MemoryDriver.open();

  private static List<Action> withoutTalk(List<Action> actions) {
    return actions.stream().filter(action -> !(action instanceof Action.Tell)).toList();
  }

  private Map<ServiceKey, ServiceState> states() {
    Map<ServiceKey, ServiceState> states = new HashMap<>();
    for (ServiceState state : table.services(Consistency.VERIFIED)) {
      states.put(state.key(), state);
    }
    return states;
  }

  private List<Action> start() {
    DesiredState stored = DesiredState.EMPTY.with(ManagedService.of(WEB));
    return core.handle(1000, new Event.Started(stored, "a test", null));
  }

  @Test
  void whatIsNotStoredIsNotBegun() {
    assertThat(withoutTalk(core.handle(0, new Event.Started(DesiredState.EMPTY, "", null))))
        .containsExactly(new Action.Read(null));
    assertThat(withoutTalk(core.handle(1, new Event.Observed(null, Map.of())))).isEmpty();
    List<Action> actions = core.handle(2, new Event.Want(List.of(ManagedService.of(WEB)), false));
    assertThat(withoutTalk(actions))
        .containsExactly(new Action.Save(DesiredState.EMPTY.with(ManagedService.of(WEB))));
    assertThat(withoutTalk(core.handle(3, new Event.SaveFailed("disk full")))).isEmpty();
    assertThat(withoutTalk(core.handle(4, new Event.Tick()))).isEmpty();
    assertThat(withoutTalk(core.handle(5000, new Event.Tick())))
        .hasOnlyElementsOfType(Action.Save.class);
  }

  @Test
  void unchangedTableCostsOneReadingAPeriod() {
    assertThat(
            table.execute(
                List.of(
                    new Command.AddService(WEB),
                    new Command.AddServer(WEB.key(), WEB.realServers().get(0)))))
        .hasSize(2);
    assertThat(withoutTalk(start())).containsExactly(new Action.Read(null));
    // The first look is a closer one: it takes the service over.
    assertThat(withoutTalk(core.handle(1001, new Event.Observed(null, states()))))
        .containsExactly(new Action.Read(Set.of(WEB.key())));
    assertThat(withoutTalk(core.handle(1002, new Event.Observed(Set.of(WEB.key()), states()))))
        .isEmpty();
    for (int i = 1; i < 100; i++) {
      assertThat(core.handle(1000 + i * PERIOD, new Event.Tick()))
          .containsExactly(new Action.Read(null));
      assertThat(core.handle(1001 + i * PERIOD, new Event.Observed(null, states()))).isEmpty();
    }
  }

  @Test
  void nothingIsDoneWithoutAReading() {
    assertThat(withoutTalk(start())).containsExactly(new Action.Read(null));
    assertThat(withoutTalk(core.handle(1001, new Event.ReadFailed("the module is gone"))))
        .isEmpty();
    assertThat(withoutTalk(core.handle(1002, new Event.Tick()))).isEmpty();
    assertThat(withoutTalk(core.handle(1000 + PERIOD, new Event.Tick())))
        .containsExactly(new Action.Read(null));
  }
}
