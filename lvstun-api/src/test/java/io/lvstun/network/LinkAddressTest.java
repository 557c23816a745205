// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.AddressFamily;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkAddressTest {

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  @Test
  void addressesAreReadAndWrittenAsIpDoes() {
    assertThat(LinkAddress.parse("192.0.2.1")).hasToString("192.0.2.1/32");
    assertThat(LinkAddress.parse("2001:db8::1")).hasToString("2001:db8::1/128");
    assertThat(LinkAddress.parse("192.0.2.1/24").label("eth0:a").scope(LinkAddress.Scope.LINK))
        .hasToString("192.0.2.1/24 scope link label eth0:a");
    assertThat(LinkAddress.parse("fd00::1/64").asDeprecated().withoutDetection())
        .hasToString("fd00::1/64 preferred_lft 0 nodad")
        .isEqualTo(LinkAddress.parse("fd00::1/64").withoutDetection().asDeprecated());
    assertThat(new AddressState("eth0", LinkAddress.parse("192.0.2.1/24"), true, true))
        .hasToString("192.0.2.1/24 dev eth0 tentative dadfailed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/24", "host", "192.0.2.1/", "192.0.2.1/a", "192.0.2.1/-1", "::/9999"})
  void textThatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> LinkAddress.parse(text));
  }

  @Test
  void addressesRefuseWhatCannotBe() {
    assertRefused(
        () -> LinkAddress.parse("192.0.2.1/33"),
        "prefix length of 192.0.2.1 must be 0 to 32, not 33");
    assertRefused(
        () -> LinkAddress.parse("::1/129"), "prefix length of ::1 must be 0 to 128, not 129");
    assertRefused(
        () -> LinkAddress.parse("fd00::1").label("eth0:a"),
        "label must be empty for the IPv6 address fd00::1");
    assertRefused(
        () -> LinkAddress.parse("192.0.2.1").label("a label"),
        "label must be 1 to 15 printable ASCII characters without spaces or '/', not \"a label\"");
    assertRefused(
        () -> LinkAddress.parse("192.0.2.1").withoutDetection(),
        "duplicate detection is IPv6's and cannot be left out for 192.0.2.1");
  }

  @Test
  void settingsAreIndependentOfTheirOrder() {
    LinkAddress address = LinkAddress.parse("192.0.2.1/24");
    assertThat(address.label("eth0:a").asDeprecated().scope(LinkAddress.Scope.HOST))
        .isEqualTo(address.scope(LinkAddress.Scope.HOST).asDeprecated().label("eth0:a"));
    assertThat(address.label("eth0:a").label("")).isEqualTo(address);
  }

  @Test
  void bitsBehindThePrefixAreTheHosts() {
    assertThat(LinkAddress.parse("192.0.2.1/0")).hasToString("192.0.2.1/0");
    assertThat(LinkAddress.parse("192.0.2.1/24"))
        .isNotEqualTo(LinkAddress.parse("192.0.2.0/24"))
        .isNotEqualTo(LinkAddress.parse("192.0.2.1/32"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1/+8", "192.0.2.1/ 8", "192.0.2.1/8 ", "192.0.2.1/٨", "1/8/8"})
  void lengthIsPlainDigits(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> LinkAddress.parse(text));
  }

  @Test
  void addressOfIpv4InIpv6FormIsOfIpv6OrIpv4ButNeverBoth() {
    LinkAddress mapped = LinkAddress.parse("::ffff:192.0.2.1");
    assertThat(mapped.prefixLength()).isEqualTo(AddressFamily.of(mapped.address()).addressBits());
  }
}
