// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ChangeTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  private static final RealServer SERVER = RealServer.tunnel("2001:db8::1").port(80);

  private static Change change(Command command, Command... undo) {
    return new Change(command, List.of(undo));
  }

  @Test
  void eachCommandIsALine() {
    ServiceKey key = WEB.key();
    assertThat(change(new Command.AddService(WEB))).hasToString("+ TCP 192.0.2.1:80 wlc");
    assertThat(
            change(
                new Command.EditService(WEB.scheduler(Scheduler.RR)), new Command.EditService(WEB)))
        .hasToString("~ TCP 192.0.2.1:80 wlc => TCP 192.0.2.1:80 rr");
    assertThat(change(new Command.RemoveService(key))).hasToString("- TCP 192.0.2.1:80");
    assertThat(
            change(
                new Command.EditServer(key, SERVER.weight(2)), new Command.EditServer(key, SERVER)))
        .hasToString(
            "~ TCP 192.0.2.1:80 -> [2001:db8::1]:80 Tunnel 1 => [2001:db8::1]:80 Tunnel 2");
    assertThat(change(new Command.RemoveServer(key, SERVER.key())))
        .hasToString("- TCP 192.0.2.1:80 -> [2001:db8::1]:80");
    assertThat(change(new Command.Flush())).hasToString("flush services ");
  }

  @Test
  void formerStateThatIsNotKnownLeavesNoHole() {
    assertThat(change(new Command.EditService(WEB))).hasToString("~ TCP 192.0.2.1:80 wlc");
    assertThat(change(new Command.EditServer(WEB.key(), SERVER)))
        .hasToString("~ TCP 192.0.2.1:80 -> [2001:db8::1]:80 Tunnel 1");
    assertThat(change(new Command.StopDaemon(SyncDaemon.Role.MASTER)))
        .hasToString("- sync daemon master");
    assertThat(change(new Command.SetTimeouts(Timeouts.ofSeconds(1, 2, 3))))
        .hasToString("~ timeouts 1 2 3");
  }

  @Test
  void onlyServicesAndServersAreRemovals() {
    assertThat(change(new Command.RemoveService(WEB.key())).removes()).isTrue();
    assertThat(change(new Command.RemoveServer(WEB.key(), SERVER.key())).removes()).isTrue();
    assertThat(change(new Command.StopDaemon(SyncDaemon.Role.MASTER)).removes()).isFalse();
    assertThat(change(new Command.EditServer(WEB.key(), SERVER.weight(0))).removes()).isFalse();
  }

  @Test
  void oneUndoAndSeveralAreEqualByContent() {
    Command add = new Command.AddService(WEB);
    Command remove = new Command.RemoveService(WEB.key());
    assertThat(change(add, remove))
        .isEqualTo(new Change(add, remove))
        .hasSameHashCodeAs(new Change(add, remove))
        .isNotEqualTo(change(add))
        .isNotEqualTo(change(add, remove, remove));
    assertThat(change(add, remove, remove).undo()).containsExactly(remove, remove).isUnmodifiable();
    assertThat(new Change(add, remove).undo()).containsExactly(remove);
  }
}
