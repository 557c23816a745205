// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {

  private static Address address(String text, int prefix) {
    return new Address("eth0", IpAddress.parse(text), prefix, "global", Set.of());
  }

  @Test
  void coversItsNetworkAndNothingBeyondIt() {
    Address address = address("192.0.2.129", 25);
    assertThat(address.covers(IpAddress.parse("192.0.2.128"))).isTrue();
    assertThat(address.covers(IpAddress.parse("192.0.2.255"))).isTrue();
    assertThat(address.covers(IpAddress.parse("192.0.2.127"))).isFalse();
    assertThat(address.covers(IpAddress.parse("192.0.3.129"))).isFalse();
    assertThat(address("192.0.2.1", 0).covers(IpAddress.parse("203.0.113.7"))).isTrue();
    assertThat(address("192.0.2.1", 32).covers(IpAddress.parse("192.0.2.1"))).isTrue();
    assertThat(address("192.0.2.1", 32).covers(IpAddress.parse("192.0.2.0"))).isFalse();
  }

  @Test
  void familiesDoNotCoverEachOther() {
    assertThat(address("192.0.2.1", 0).covers(IpAddress.parse("2001:db8::1"))).isFalse();
    assertThat(address("2001:db8::1", 0).covers(IpAddress.parse("192.0.2.1"))).isFalse();
    assertThat(address("2001:db8::1", 64).covers(IpAddress.parse("2001:db8::ffff"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1,33", "192.0.2.1,-1", "2001:db8::1,129", "192.0.2.1,2147483647"})
  void prefixBeyondTheFamilyIsRefused(String text, int prefix) {
    assertThatThrownBy(() -> address(text, prefix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(prefix));
  }

  @Test
  void flagsAreCopied() {
    Set<String> flags = new HashSet<>(Set.of("secondary"));
    Address address = new Address("eth0", IpAddress.parse("192.0.2.1"), 24, "global", flags);
    flags.add("tentative");
    assertThat(address.flags()).containsExactly("secondary");
    assertThat(address).hasToString("192.0.2.1/24 dev eth0");
  }
}
