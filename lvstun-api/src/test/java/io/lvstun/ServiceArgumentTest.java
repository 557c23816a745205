// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServiceArgumentTest {

  @Test
  void rangeTakesItsBoundsAndNamesWhatLiesBeyond() {
    assertThat(ServiceArgument.range("x", 1, 1, 2)).isEqualTo(1);
    assertThat(ServiceArgument.range("x", 2L, 1, 2)).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceArgument.range("x", Long.MIN_VALUE, 1, 2))
        .withMessage("x must be 1 to 2, not -9223372036854775808");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "::", "224.0.0.1", "239.255.255.255", "ff02::1", "255.255.255.255"})
  void addressesThatNoServerHasAreRefused(String address) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceArgument.unicast("real server", IpAddress.parse(address)))
        .withMessage("address of a real server must be a unicast address, not " + address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1", "169.254.0.1", "fe80::1", "240.0.0.1"})
  void otherAddressesAreTaken(String text) {
    InetAddress address = IpAddress.parse(text);
    assertThat(ServiceArgument.unicast("real server", address)).isSameAs(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abcd", "a b", "a/b", "a\n", "ä", "\u007f"})
  void namesThatTheKernelOrTheProgramReadsDifferentlyAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServiceArgument.name("scheduler", name, 3))
        .withMessageStartingWith("scheduler must be 1 to 3 printable ASCII characters")
        .withMessageNotContaining("\n");
  }
}
