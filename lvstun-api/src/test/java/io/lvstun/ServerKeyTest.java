// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerKeyTest {

  @Test
  void keyIsWrittenAsIpvsadmDoes() {
    assertThat(ServerKey.of("2001:DB8:0::1", 80)).hasToString("[2001:db8::1]:80");
    assertThat(ServerKey.of("192.0.2.1", 0)).hasToString("192.0.2.1:0");
  }

  @Test
  void addressAndPortCountInEquality() {
    assertThat(ServerKey.of("2001:db8::1", 80))
        .isEqualTo(ServerKey.of("2001:DB8:0:0::1", 80))
        .hasSameHashCodeAs(new ServerKey(IpAddress.parse("2001:db8::1"), 80));
    assertThat(ServerKey.of("192.0.2.1", 1))
        .isNotEqualTo(ServerKey.of("192.0.2.1", 2))
        .isNotEqualTo(ServerKey.of("192.0.2.2", 1))
        .isNotEqualTo(ServiceKey.tcp("192.0.2.1", 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void portIsChecked(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerKey.of("192.0.2.1", port))
        .withMessage("port must be 0 to 65535, not " + port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rs1", "", "192.0.2", "192.0.2.1:80"})
  void namesAreNotLookedUp(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerKey.of(address, 53))
        .withMessageContaining("\"" + address + "\"");
  }
}
