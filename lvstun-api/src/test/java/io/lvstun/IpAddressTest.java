// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "192.0.2.1",
        "255.255.255.255",
        "127.0.0.1",
        "1.22.133.4",
        "224.0.0.81"
      })
  void ipv4LiteralsAreReadAndWritten(String literal) {
    InetAddress address = IpAddress.parse(literal);
    assertThat(address).isInstanceOf(Inet4Address.class);
    assertThat(IpAddress.format(address)).isEqualTo(literal);
    assertThat(IpAddress.format(address, 80)).isEqualTo(literal + ":80");
  }

  /** RFC 5952, sections 4 and 5, and the corners of RFC 4291, section 2.2. */
  @ParameterizedTest
  @CsvSource({
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "[::1], ::1",
    "[2001:db8::1], 2001:db8::1",
    "2001:db8::1, 2001:db8::1",
    "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1",
    "2001:DB8::ABCD, 2001:db8::abcd",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
    "1:2:3::6:7:8, 1:2:3::6:7:8",
    "1:2:3:0:0:6:7:8, 1:2:3::6:7:8",
    "fe80::1, fe80::1",
    "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
    "::192.0.2.1, ::c000:201",
    "1:2:3:4:5:6:192.0.2.1, 1:2:3:4:5:6:c000:201",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  })
  void ipv6LiteralsAreReadAndWrittenCanonically(String literal, String canonical) {
    InetAddress address = IpAddress.parse(literal);
    assertThat(address).isInstanceOf(Inet6Address.class);
    assertThat(IpAddress.format(address)).isEqualTo(canonical);
    assertThat(IpAddress.format(address, 80)).isEqualTo("[" + canonical + "]:80");
    assertThat(IpAddress.parse(canonical)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"})
  void mappedLiteralGivesTheIpv4Address(String literal) {
    assertThat(IpAddress.parse(literal)).isEqualTo(IpAddress.parse("192.0.2.1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "localhost",
        "example.com",
        "a",
        "cafe",
        "dead.beef",
        "1",
        "1.2",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.4.",
        ".1.2.3.4",
        "1..2.3",
        "01.2.3.4",
        "1.2.3.00",
        "1.2.3.256",
        "1.2.3.1000",
        "1.2.3.-4",
        "+1.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "0x7f.0.0.1",
        "1.2.3.4/24",
        "1.2.3.4:80",
        "[1.2.3.4]",
        "١.٢.٣.٤",
        "１.2.3.4",
        ":",
        ":::",
        "::::",
        "1:",
        ":1",
        "1:2",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:",
        "1:2:3:4:5:6:7:8:",
        ":1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1::2::3",
        "1:::2",
        "12345::",
        "g::",
        "::g",
        "１::",
        "::1%eth0",
        "fe80::1%1",
        "fe80::1%",
        "[::1",
        "::1]",
        "[]",
        "[",
        "[[::1]]",
        "[::1]:80",
        "::1/64",
        ".:1",
        "::.1",
        "::1.2.3",
        "::1.2.3.4.5",
        "::1.2.3.256",
        "::01.2.3.4",
        "::1.2.3.4:5",
        "1.2.3.4::",
        "1.2.3.4:1:2:3:4:5:6",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "::-1",
        "::+1",
        "::0x1",
        "2001:db8::1\u0000",
        "2001:db8::1\n",
        "192.0.2.1\u0000",
        "-h",
        "--help",
        "$(id)"
      })
  void anythingElseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse(text))
        .withMessageStartingWith(
            "address must be an IPv4 or IPv6 literal (host names are not looked up), not \"");
  }

  @Test
  void messageNamesTheText() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse("www.example.com"))
        .withMessage(
            "address must be an IPv4 or IPv6 literal (host names are not looked up), not"
                + " \"www.example.com\"");
  }

  @Test
  void messageDoesNotCarryWhatSteersATerminal() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse("a\u001b[2J\u009b\u202e\u2028\n\u200b\ud800z"))
        .withMessageEndingWith("not \"a\ufffd\ufffd\ufffd \ufffd\ufffdz\"");
  }

  @Test
  void messageIsShort() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse("1".repeat(1_000_000)))
        .withMessageEndingWith("\"" + "1".repeat(64) + "…\"");
  }

  @Test
  void messageDoesNotHalveACharacter() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse("1".repeat(63) + "\ud83d\ude00"))
        .withMessageEndingWith("\"" + "1".repeat(63) + "\ufffd…\"");
  }

  @Test
  void addressesAreMadeFromBytes() {
    assertThat(IpAddress.ofBytes(new byte[] {(byte) 192, 0, 2, 1}))
        .isEqualTo(IpAddress.parse("192.0.2.1"));
    byte[] v6 = new byte[16];
    v6[15] = 1;
    assertThat(IpAddress.ofBytes(v6)).isEqualTo(IpAddress.parse("::1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 5, 15, 17})
  void otherNumbersOfBytesAreRefused(int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.ofBytes(new byte[length]))
        .withMessage("address must have 4 or 16 bytes, not " + length);
  }

  @Test
  void zoneIsNotWritten() throws Exception {
    byte[] bytes = IpAddress.parse("fe80::1").getAddress();
    InetAddress scoped = Inet6Address.getByAddress(null, bytes, 3);
    assertThat(IpAddress.format(scoped)).isEqualTo("fe80::1");
    assertThat(IpAddress.format(scoped, 443)).isEqualTo("[fe80::1]:443");
  }

  @Test
  void parsedAddressHasNoHostName() {
    assertThat(IpAddress.parse("192.0.2.1").toString()).isEqualTo("/192.0.2.1");
  }
}
