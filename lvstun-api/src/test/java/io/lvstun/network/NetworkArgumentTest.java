// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkArgumentTest {

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "a/b", "0123456789abcdef", "ä", "a\tb", "a\u007f"})
  void namesThatLinuxDoesNotTakeAreRefusedAndCleanedInTheMessage(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkArgument.name("link", name))
        .withMessageStartingWith("link must be 1 to 15 printable ASCII characters")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "eth0.100", "...", "0123456789abcde", "eth0:a"})
  void namesThatLinuxTakesAreTaken(String name) {
    assertThat(NetworkArgument.name("link", name)).isEqualTo(name);
  }

  @Test
  void prefixFitsTheFamily() {
    assertThat(NetworkArgument.prefix(IpAddress.parse("::1"), 128)).isEqualTo(128);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NetworkArgument.prefix(IpAddress.parse("192.0.2.1"), 33))
        .withMessage("prefix length of 192.0.2.1 must be 0 to 32, not 33");
  }

  @Test
  void rangeTakesItsBounds() {
    assertThat(NetworkArgument.range("x", 1, 1, 2)).isEqualTo(1);
    assertThat(NetworkArgument.range("x", 2, 1, 2)).isEqualTo(2);
    for (long outside : new long[] {0, 3, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> NetworkArgument.range("x", outside, 1, 2))
          .withMessage("x must be 1 to 2, not " + outside);
    }
  }
}
