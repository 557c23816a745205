// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0/0", "192.0.2.0/24", "192.0.2.7/32", "::/0", "2001:db8::/32", "fe80::/10"})
  void textIsReadAndWritten(String text) {
    assertThat(Cidr.parse(text)).hasToString(text);
  }

  @Test
  void aSingleAddressIsAWholePrefix() {
    assertThat(Cidr.parse("192.0.2.7")).hasToString("192.0.2.7/32");
    assertThat(Cidr.parse("2001:db8::7")).hasToString("2001:db8::7/128");
  }

  @Test
  void aMappedNetworkIsTheIpv4Network() {
    assertThat(Cidr.parse("::ffff:192.0.2.0/120")).isEqualTo(Cidr.parse("192.0.2.0/24"));
    assertThatThrownBy(() -> Cidr.parse("::ffff:0.0.0.0/80"))
        .hasMessageContaining("96 to 128, not 80");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.0/33",
        "192.0.2.0/",
        "192.0.2.0/-1",
        "192.0.2.0/x",
        "a/8",
        "::/129",
        "",
        "/8",
        "10.0.0.0/٣"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bitsBehindThePrefixAreNamed() {
    assertThatThrownBy(() -> Cidr.parse("192.0.2.1/24"))
        .hasMessage(
            "address must be the first of its network, but 192.0.2.1/24 begins at 192.0.2.0");
    assertThatThrownBy(() -> Cidr.parse("2001:db8::1/64")).hasMessageContaining("2001:db8::");
  }

  @Test
  void containsTheAddressesOfItsFamily() {
    Cidr network = Cidr.parse("10.0.0.0/8");
    assertThat(network.contains(IpAddress.parse("10.255.0.1"))).isTrue();
    assertThat(network.contains(IpAddress.parse("11.0.0.0"))).isFalse();
    assertThat(network.contains(IpAddress.parse("::a00:1"))).isFalse();
    assertThat(network.last().address(network.family()).getHostAddress())
        .isEqualTo("10.255.255.255");
    assertThat(Cidr.parse("2001:db8::/63").last())
        .isEqualTo(Bits.of(IpAddress.parse("2001:db8:0:1:ffff:ffff:ffff:ffff")));
  }
}
