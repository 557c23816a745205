// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.host.Host;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionTest {

  @Test
  void filesOfANamespaceAreNotThoseOfItsMachine() {
    Session.Place machine = new Session.Place("host", false, false);
    Session.Place named = new Session.Place("blue", true, false);
    Session.Place owning = new Session.Place("blue", true, true);
    assertThat(machine.path("/etc/x", Optional.empty())).contains("/etc/x");
    assertThat(named.path("/etc/x", Optional.empty())).isEmpty();
    assertThat(named.reason()).contains("mkdir -p /etc/netns/blue");
    assertThat(owning.path("/etc/x", Optional.empty())).contains("/etc/netns/blue/x");
    assertThat(owning.path("/usr/x", Optional.empty())).isEmpty();
    assertThat(new Session.Place("4026", false, false).reason()).contains("name a root");
    for (Session.Place place : List.of(machine, named, owning)) {
      assertThat(place.path("/etc/x", Optional.of("/srv"))).contains("/srv/etc/x");
    }
  }

  @Test
  void refusalSaysWhatToDo() {
    assertThat(Session.refused(Host.local(), new HostScript.Answer(75, List.of(), "busy")))
        .hasMessageContaining("busy")
        .hasMessageContaining("15 minutes");
    assertThat(Session.refused(Host.local(), new HostScript.Answer(73, List.of(), "full")))
        .hasMessageContaining("Without a journal nothing is changed");
    assertThat(Session.refused(Host.local(), new HostScript.Answer(1, List.of(), "")))
        .hasMessageContaining("status 1")
        .hasMessageContaining("root");
  }
}
