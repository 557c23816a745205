// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.AddressFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuePortTest {

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65536})
  void portIsChecked(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GuePort.of(port))
        .withMessage("port must be 1 to 65535, not " + port);
  }

  @Test
  void portOfEachFamilyIsWrittenAsIpDoes() {
    assertThat(GuePort.of(6080))
        .hasToString("port 6080 gue")
        .isNotEqualTo(new GuePort(6080, AddressFamily.IPV6));
    assertThat(new GuePort(65535, AddressFamily.IPV6)).hasToString("port 65535 gue -6");
  }
}
