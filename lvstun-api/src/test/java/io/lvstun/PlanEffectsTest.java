// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlanEffectsTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel();
  private static final RealServer SERVER = WEB.realServers().get(0);
  private static final ServiceKey KEY = WEB.key();

  private static String missing(List<Command> commands, VirtualService... present) {
    List<Change> changes =
        commands.stream().map(command -> new Change(command, List.of())).toList();
    Map<ServiceKey, VirtualService> table = new HashMap<>();
    for (VirtualService service : present) {
      table.put(service.key(), service);
    }
    return PlanEffects.of(changes).missing(table).toString();
  }

  @Test
  void whatOthersUndidIsMissing() {
    List<Command> both = List.of(new Command.AddService(WEB), new Command.AddServer(KEY, SERVER));
    assertThat(missing(both, WEB)).isEqualTo("[]");
    assertThat(missing(both, WEB.withoutRealServers()))
        .isEqualTo("[+ TCP 192.0.2.1:80 -> 198.51.100.1:80 Tunnel 1]");
    assertThat(missing(both))
        .isEqualTo("[+ TCP 192.0.2.1:80 wlc, + TCP 192.0.2.1:80 -> 198.51.100.1:80 Tunnel 1]");
  }

  @Test
  void whatOthersAddedElsewhereIsTheirs() {
    assertThat(
            missing(
                List.of(new Command.EditServer(KEY, SERVER)),
                WEB.addRealServer(RealServer.tunnel("198.51.100.2"))))
        .isEqualTo("[]");
  }

  @Test
  void removedServiceThatIsAddedAgainIsWantedWithoutItsFormerServers() {
    List<Command> commands =
        List.of(
            new Command.AddServer(KEY, SERVER.weight(9)),
            new Command.RemoveService(KEY),
            new Command.AddService(WEB));
    assertThat(missing(commands, WEB.withoutRealServers())).isEqualTo("[]");
    assertThat(missing(List.of(new Command.RemoveService(KEY)), WEB))
        .isEqualTo("[- TCP 192.0.2.1:80]");
    assertThat(missing(List.of(new Command.RemoveService(KEY)))).isEqualTo("[]");
  }

  @Test
  void serverOfAServiceThatIsGoneIsMissingAndItsRemovalIsNot() {
    assertThat(missing(List.of(new Command.AddServer(KEY, SERVER))))
        .isEqualTo("[+ TCP 192.0.2.1:80 -> 198.51.100.1:80 Tunnel 1]");
    assertThat(missing(List.of(new Command.RemoveServer(KEY, SERVER.key())))).isEqualTo("[]");
    assertThat(missing(List.of(new Command.RemoveServer(KEY, SERVER.key())), WEB))
        .isEqualTo("[- TCP 192.0.2.1:80 -> 198.51.100.1:80]");
  }

  @Test
  void lastCommandForAServerCounts() {
    List<Command> commands =
        List.of(
            new Command.EditServer(KEY, SERVER.weight(5)),
            new Command.EditServer(KEY, SERVER.weight(7)));
    assertThat(missing(commands, WEB))
        .isEqualTo("[~ TCP 192.0.2.1:80 -> 198.51.100.1:80 Tunnel 1 => 198.51.100.1:80 Tunnel 7]");
  }

  @Test
  void commandsThatNameNoServiceHaveNoEffectHere() {
    assertThat(PlanEffects.of(List.of(new Change(new Command.Flush(), List.of()))).services())
        .isEmpty();
  }
}
