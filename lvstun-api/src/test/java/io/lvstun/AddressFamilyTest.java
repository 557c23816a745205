// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressFamilyTest {

  @Test
  void familiesHaveLinuxNumbers() {
    assertThat(AddressFamily.IPV4.number()).isEqualTo(2);
    assertThat(AddressFamily.IPV6.number()).isEqualTo(10);
    assertThat(AddressFamily.IPV4.addressBits()).isEqualTo(32);
    assertThat(AddressFamily.IPV6.addressBits()).isEqualTo(128);
    assertThat(AddressFamily.IPV4).hasToString("IPv4");
    assertThat(AddressFamily.IPV6).hasToString("IPv6");
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1, IPV4", "::1, IPV6", "0.0.0.0, IPV4", "::, IPV6"})
  void familyIsThatOfTheAddressWithAsManyBits(String text, AddressFamily family) {
    InetAddress address = IpAddress.parse(text);
    assertThat(AddressFamily.of(address)).isEqualTo(family);
    assertThat(8 * address.getAddress().length).isEqualTo(family.addressBits());
  }
}
