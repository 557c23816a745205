// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckPathTest {

  private static final InetAddress VIP = IpAddress.parse("192.0.2.1");

  @Test
  void eachSettingKeepsTheOthers() {
    CheckPath.Direct path = CheckPath.direct().to(VIP).port(80).mark(7).device("eth0").fromPort(99);
    assertThat(path)
        .isEqualTo(CheckPath.direct().fromPort(99).device("eth0").mark(7).port(80).to(VIP));
    assertThat(path.port()).isEqualTo(80);
    assertThat(path.sourcePort()).isEqualTo(99);
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    CheckPath.Direct path = CheckPath.direct();
    for (int port : new int[] {-1, 65536}) {
      assertThatIllegalArgumentException().isThrownBy(() -> path.port(port));
      assertThatIllegalArgumentException().isThrownBy(() -> path.fromPort(port));
    }
    assertThatIllegalArgumentException().isThrownBy(() -> path.mark(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> path.mark(1L << 32));
    assertThat(path.mark(0xffff_ffffL).mark()).isEqualTo(0xffff_ffffL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0123456789abcdef", "a b", "a/b", "ä", "a\0"})
  void devicesThatAreNoneAreRefused(String device) {
    assertThatIllegalArgumentException().isThrownBy(() -> CheckPath.direct().device(device));
  }

  @Test
  void tunnelNeedsAPortAndAnAddressOfThisHost() {
    Encapsulation ipip = Encapsulation.ipip();
    assertThatIllegalArgumentException().isThrownBy(() -> CheckPath.tunnel(VIP, 0, ipip));
    CheckPath.Tunnel tunnel = CheckPath.tunnel(VIP, 80, ipip);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tunnel.from(VIP))
        .withMessageContaining("the real server would answer itself");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tunnel.from(IpAddress.parse("2001:db8::1")))
        .withMessage("source must be of the virtual address's family, not 2001:db8::1");
    assertThat(tunnel.from(IpAddress.parse("192.0.2.9")).source()).isPresent();
  }
}
