// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketEntryTest {

  @Test
  void addressesAreOfTheMachinesByteOrder() {
    List<SocketEntry> sockets =
        SocketEntry.parse(
            """
            /proc/net/tcp C801A8C0:0050 00000000:0000 0A
            /proc/net/tcp6 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A
            /proc/net/tcp6 B80D0120000000000000000001000000:01BB B80D0120000000000000000002000000:C000 03 00000005
            /proc/net/udp 00000000:0035 00000000:0000 07
            """);
    assertThat(sockets).hasSize(4);
    assertThat(sockets.get(0).local()).isEqualTo(IpAddress.parse("192.168.1.200"));
    assertThat(sockets.get(0).localPort()).isEqualTo(80);
    assertThat(sockets.get(2).local()).isEqualTo(IpAddress.parse("2001:db8::1"));
    assertThat(sockets.get(2).remotePort()).isEqualTo(49152);
    assertThat(sockets.get(2).state()).isEqualTo(SocketEntry.State.SYN_RECEIVED);
    assertThat(sockets.get(2).retransmissions()).isEqualTo(5);
    assertThat(sockets.get(3).protocol()).isEqualTo("udp");
  }

  @Test
  void socketServesItsAddressOrAny() {
    var vip = IpAddress.parse("192.168.1.200");
    SocketEntry bound =
        SocketEntry.parse("/proc/net/tcp C801A8C0:0050 0:0 0A\n".replace(" 0:0", " 00000000:0000"))
            .get(0);
    assertThat(bound.serves(vip, 80)).isTrue();
    assertThat(bound.serves(vip, 81)).isFalse();
    assertThat(bound.serves(IpAddress.parse("192.168.1.201"), 80)).isFalse();
    SocketEntry any =
        SocketEntry.parse("/proc/net/tcp6 " + "0".repeat(32) + ":0050 " + "0".repeat(32) + ":0 0A")
            .get(0);
    assertThat(any.serves(vip, 80)).isTrue();
    SocketEntry halfOpen = SocketEntry.parse("/proc/net/tcp C801A8C0:0050 00000000:0000 03").get(0);
    assertThat(halfOpen.serves(vip, 80)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/proc/net/tcp C801A8:0050 00000000:0000 0A",
        "/proc/net/tcp zz:zz 0:0 0A",
        "/proc/net/tcp6 C801A8C0C801A8C0:0050 00000000:0000 0A",
        "/proc/net/tcp C801A8C0 00000000:0000 0A"
      })
  void addressThatIsNoneIsRefused(String line) {
    assertThatThrownBy(() -> SocketEntry.parse(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no address in ");
  }

  @Test
  void otherLinesAreNoSockets() {
    assertThat(SocketEntry.parse("sl local rem st\n/proc/net/tcp C801A8C0:0050\n\n")).isEmpty();
  }
}
