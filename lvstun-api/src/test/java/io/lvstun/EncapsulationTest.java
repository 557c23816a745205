// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EncapsulationTest {

  @Test
  void encapsulationsOfIpvsadm() {
    assertThat(Encapsulation.ipip()).hasToString("ipip").isEqualTo(new Encapsulation(0, 0, 0));
    assertThat(Encapsulation.gue(6080))
        .hasToString("gue:6080:-c")
        .isEqualTo(new Encapsulation(1, 6080, 0));
    assertThat(Encapsulation.gue(1).checksum())
        .hasToString("gue:1:+c")
        .isEqualTo(new Encapsulation(1, 1, 1));
    assertThat(Encapsulation.gue(65535).remoteChecksum())
        .hasToString("gue:65535:r+c")
        .isEqualTo(new Encapsulation(1, 65535, 2));
    assertThat(Encapsulation.gre()).hasToString("gre:-c").isEqualTo(new Encapsulation(2, 0, 0));
    assertThat(Encapsulation.gre().checksum())
        .hasToString("gre:+c")
        .isEqualTo(new Encapsulation(2, 0, 1));
  }

  @Test
  void foreignEncapsulationsAreShownWhole() {
    assertThat(new Encapsulation(9, 7, 5)).hasToString("type-9:7:flags-5");
    assertThat(new Encapsulation(0, 7, 1)).hasToString("ipip:7:+c");
    assertThat(new Encapsulation(1, 6080, 3)).hasToString("gue:6080:flags-3");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65536})
  void guePortIsChecked(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encapsulation.gue(port))
        .withMessage("GUE port must be 1 to 65535, not " + port);
  }

  @Test
  void checksumsMustFitTheType() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encapsulation.ipip().checksum())
        .withMessage("checksum needs gue or gre: an ipip header has none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encapsulation.gre().remoteChecksum())
        .withMessage("remote checksum offload needs gue, not gre:-c");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Encapsulation.ipip().remoteChecksum())
        .withMessage("remote checksum offload needs gue, not ipip");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 0, 0, 'tunnel type must be 0 to 255, not -1'",
    "256, 0, 0, 'tunnel type must be 0 to 255, not 256'",
    "0, -1, 0, 'tunnel port must be 0 to 65535, not -1'",
    "0, 65536, 0, 'tunnel port must be 0 to 65535, not 65536'",
    "0, 0, -1, 'tunnel flags must be 0 to 65535, not -1'",
    "0, 0, 65536, 'tunnel flags must be 0 to 65535, not 65536'"
  })
  void constructorRefusesWhatTheKernelCannotStore(int type, int port, int flags, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Encapsulation(type, port, flags))
        .withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"0, 1, 0", "0, 0, 1", "1, 0, 0", "1, 6080, 3", "2, 1, 0", "2, 0, 2", "3, 0, 0"})
  void foreignEncapsulationIsNoWantedOne(int type, int port, int flags) {
    Encapsulation foreign = new Encapsulation(type, port, flags);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RealServer.tunnel("198.51.100.1", foreign))
        .withMessage("encapsulation must be ipip, gue (with a port) or gre, not " + foreign);
  }
}
