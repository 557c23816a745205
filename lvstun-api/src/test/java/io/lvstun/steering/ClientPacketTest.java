// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientPacketTest {

  private final ClientPacket packet = ClientPacket.from("2001:db8::1");

  @Test
  void eachFieldKeepsTheOthers() {
    assertThat(packet.ports(1, 2).dscp(3).inboundInterface("eth0"))
        .isEqualTo(packet.inboundInterface("eth0").dscp(3).ports(1, 2));
    assertThat(packet.dscp()).isEmpty();
  }

  @Test
  void fieldsThatNoPacketHasAreRefused() {
    for (int port : new int[] {-1, 65536}) {
      assertThatIllegalArgumentException().isThrownBy(() -> packet.ports(port, 80));
      assertThatIllegalArgumentException().isThrownBy(() -> packet.ports(80, port));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> packet.dscp(64))
        .withMessage("dscp must be 0 to 63, not 64");
    assertThatIllegalArgumentException().isThrownBy(() -> packet.dscp(-1));
    assertThat(packet.ports(0, 65535).dscp(63).dscp()).hasValue(63);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "example.org", "192.0.2.0/24"})
  void sourceIsAnAddress(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ClientPacket.from(text));
  }
}
