// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelPacketTest {

  @Test
  void readsTheAddressesOfBothHeaders() {
    String line =
        "1795363294.397127 IP 192.168.1.100 > 192.168.2.101: IP 10.0.0.100.47224 >"
            + " 192.168.1.200.80: Flags [S], seq 793458088, win 64240, options [mss 1460], length"
            + " 0";
    assertThat(TunnelPacket.parse(line))
        .contains(
            new TunnelPacket(
                "192.168.1.100", "192.168.2.101", "10.0.0.100:47224", "192.168.1.200:80"));
    assertThat(TunnelPacket.parse(line).orElseThrow())
        .hasToString("192.168.1.100 > 192.168.2.101 [10.0.0.100:47224 > 192.168.1.200:80]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1795363294.397127 IP 10.0.0.100.47224 > 192.168.1.200.80: Flags [S], length 0",
        "1795363294.4 IP 192.168.1.100 > 10.0.0.100: ICMP host unreachable, length 36",
        "1795363294.4 IP 192.168.1.100.41000 > 192.168.2.101.6080: UDP, length 64",
        ""
      })
  void leavesOtherPacketsAlone(String line) {
    assertThat(TunnelPacket.parse(line)).isEmpty();
  }
}
