// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SetTunnelModeTest {

  private static final String IP =
      """
      cd "$ROOT"
      case "$*" in
      "-6 tunnel show ip6tnl0") echo "ip6tnl0: $(cat mode) remote :: local :: encaplimit 0" ;;
      "-6 tunnel change ip6tnl0 mode any") echo any/ipv6 >mode ;;
      "-6 tunnel change ip6tnl0 mode ip4ip6") echo ip/ipv6 >mode ;;
      "-6 tunnel change ip6tnl0 mode ip6ip6") echo ipv6/ipv6 >mode ;;
      *) exit 1 ;;
      esac
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"ip/ipv6", "ipv6/ipv6"})
  void modeReturnsToWhatItWas(String mode) {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("mode", mode + "\n");
    SetTunnelMode change = new SetTunnelMode("ip6tnl0");
    assertThat(change.holds(host)).isFalse();
    AppliedChange applied = change.apply(host);
    assertThat(host.read("mode")).isEqualTo("any/ipv6\n");
    assertThat(change.holds(host)).isTrue();
    assertThat(applied.undo()).isTrue();
    assertThat(host.read("mode")).isEqualTo(mode + "\n");
  }

  @Test
  void modeAnyIsLeftAlone() {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("mode", "any/ipv6\n");
    AppliedChange applied = new SetTunnelMode("ip6tnl0").apply(host);
    assertThat(applied.changed()).isFalse();
    assertThat(applied.undo()).isFalse();
    assertThat(host.read("mode")).isEqualTo("any/ipv6\n");
  }

  @Test
  void commandAndItsOpposite() {
    HostChangeTest.check(
        new SetTunnelMode("ip6tnl0"),
        "ip -6 tunnel change ip6tnl0 mode any",
        "ip -6 tunnel change ip6tnl0 mode ip6ip6",
        "ip/ipv6",
        "run ip -6 tunnel change ip6tnl0 mode any",
        "run ip -6 tunnel change ip6tnl0 mode ip4ip6");
  }
}
