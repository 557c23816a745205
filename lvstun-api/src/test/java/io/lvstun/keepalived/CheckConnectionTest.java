// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;

class CheckConnectionTest {

  @Test
  void copiesKeepWhatTheyDoNotChange() {
    CheckConnection connection =
        CheckConnection.DEFAULT
            .address(IpAddress.parse("192.0.2.1"))
            .port(65535)
            .source(IpAddress.parse("192.0.2.9"))
            .interfaceName("eth0.5")
            .sourcePort(1)
            .mark(0xffff_ffffL);
    assertThat(connection)
        .isEqualTo(
            CheckConnection.DEFAULT
                .mark(0xffff_ffffL)
                .sourcePort(1)
                .interfaceName("eth0.5")
                .source(IpAddress.parse("192.0.2.9"))
                .port(65535)
                .address(IpAddress.parse("192.0.2.1")));
    assertThat(connection.port(80).address()).contains(IpAddress.parse("192.0.2.1"));
    assertThat(connection.port(80).sourcePort()).contains(1);
  }

  @Test
  void valuesOutOfRangeAreRefusedUnderKeepalivedsKeyword() {
    for (int port : new int[] {0, -1, 65536}) {
      assertThatThrownBy(() -> CheckConnection.DEFAULT.port(port))
          .hasMessage("connect_port must be 1 to 65535, not " + port);
      assertThatThrownBy(() -> CheckConnection.DEFAULT.sourcePort(port))
          .hasMessage("bind_port must be 1 to 65535, not " + port);
    }
    assertThatThrownBy(() -> CheckConnection.DEFAULT.mark(1L << 32))
        .hasMessage("fwmark must be 1 to 4294967295, not 4294967296");
    assertThatThrownBy(() -> CheckConnection.DEFAULT.mark(0)).hasMessageContaining("not 0");
    assertThatThrownBy(() -> CheckConnection.DEFAULT.interfaceName("eth0 {"))
        .hasMessageContaining("bind_if")
        .hasMessageContaining("\"eth0 {\"");
  }
}
