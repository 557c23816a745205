// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of change refuses. */
class HostChangeTest {

  /** Checks the command of a change, what undoes it, and the way there and back. */
  static void check(
      HostChange change, String text, String undo, String before, String forth, String back) {
    assertThat(change.text()).isEqualTo(text);
    assertThat(String.join(" ", change.undo())).isEqualTo(undo);
    assertThat(change.query()).hasSize(4);
    String after = change.wanted(before);
    assertThat(String.join(" ", change.operation(before, after))).isEqualTo(forth);
    assertThat(String.join(" ", change.operation(after, before))).isEqualTo(back);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-x", "a b", "eth0;reboot", "a\nb", "0123456789abcdef", "a/b"})
  void namesThatAreNoneAreRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new SetLinkUp(name));
    assertThatIllegalArgumentException().isThrownBy(() -> new AddTunnelDevice(name));
    assertThatIllegalArgumentException().isThrownBy(() -> new SetTunnelMode(name));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetAddress(name, "192.0.2.1", 32, true));
    assertThatIllegalArgumentException().isThrownBy(() -> new SetSysctl("net/../" + name, "1"));
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new OpenGuePort(false, 65_536));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetAddress("lo", "192.0.2.1", 33, true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClampSegmentSize(false, "default", 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new InsertFirewallRule("inet", "a;b", "c", List.of("accept"), "lvstun"));
  }
}
