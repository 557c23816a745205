// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtocolTest {

  @ParameterizedTest
  @CsvSource({"6, TCP", "17, UDP", "132, SCTP", "0, proto-0", "47, proto-47", "65535, proto-65535"})
  void protocolsAreShownByName(int number, String text) {
    assertThat(Protocol.of(number)).hasToString(text).isEqualTo(new Protocol(number));
    assertThat(Protocol.of(number).number()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65536})
  void protocolIsChecked(int number) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Protocol.of(number))
        .withMessage("protocol must be 0 to 65535, not " + number);
  }

  @Test
  void protocolConstantsAreShared() {
    assertThat(Protocol.of(6)).isSameAs(Protocol.TCP);
    assertThat(Protocol.of(17)).isSameAs(Protocol.UDP);
    assertThat(Protocol.of(132)).isSameAs(Protocol.SCTP);
  }
}
