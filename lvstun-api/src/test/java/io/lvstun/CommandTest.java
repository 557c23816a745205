// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CommandTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel();

  @Test
  void commandsForServicesCarryNoServers() {
    assertThat(new Command.AddService(WEB).service().realServers()).isEmpty();
    assertThat(new Command.EditService(WEB).service().realServers()).isEmpty();
    assertThat(new Command.AddService(WEB))
        .isEqualTo(new Command.AddService(WEB.withoutRealServers()))
        .isNotEqualTo(new Command.EditService(WEB));
  }

  @Test
  void operationAndTargetMakeASentence() {
    ServerKey server = WEB.realServers().get(0).key();
    assertThat(
            Stream.of(
                    new Command.RemoveServer(WEB.key(), server),
                    new Command.StartDaemon(SyncDaemon.backup("eth0")),
                    new Command.StopDaemon(SyncDaemon.Role.BACKUP),
                    new Command.SetTimeouts(Timeouts.ofSeconds(1, 0, 3)),
                    new Command.Zero(Optional.of(WEB.key())),
                    new Command.Zero(Optional.empty()),
                    new Command.Flush())
                .map(command -> "cannot " + command.operation() + " " + command.target()))
        .containsExactly(
            "cannot remove real server 198.51.100.1:80 of TCP 192.0.2.1:80",
            "cannot start sync daemon backup on eth0",
            "cannot stop sync daemon backup",
            "cannot set timeouts 1 0 3",
            "cannot zero counters of TCP 192.0.2.1:80",
            "cannot zero counters ",
            "cannot flush services ");
  }
}
