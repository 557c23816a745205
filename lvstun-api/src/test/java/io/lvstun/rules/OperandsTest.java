// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OperandsTest {

  private static Token word(String text) {
    return new Token(3, 10, text);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1, -1",
    "10.0.0.1:80, 10.0.0.1, 80",
    "10.0.0.1:0, 10.0.0.1, 0",
    "2001:db8::1, 2001:db8::1, -1",
    "[2001:db8::1]:443, 2001:db8::1, 443",
  })
  void addresses(String text, String address, int port) {
    Operands.Address read = Operands.address(word(text), "a virtual service");
    assertThat(read.address()).isEqualTo(IpAddress.parse(address));
    assertThat(read.port()).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:http, 19, a port (names are not looked up) of 0 to 65535",
    "10.0.0.1:65536, 19, a port (names are not looked up) of 0 to 65535",
    "[2001:db8::1], 10, [IPv6 address]:port",
    "[10.0.0.1]:80, 10, an IPv6 address in the brackets",
    "www.example.org:80, 10, the address of a real server (names are not looked up)",
  })
  void addressesThatAreNone(String text, int column, String expected) {
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> Operands.address(word(text), "a real server"))
        .satisfies(error -> assertThat(error.line()).isEqualTo(3))
        .satisfies(error -> assertThat(error.column()).isEqualTo(column))
        .satisfies(error -> assertThat(error.expected()).isEqualTo(expected));
  }

  @Test
  void marksAreReadAsIpvsadmSavesThem() {
    assertThat(Operands.mark(word("1"))).isEqualTo(1);
    assertThat(Operands.mark(word("4294967295"))).isEqualTo(0xffff_ffffL);
    assertThat(Operands.mark(word("-1"))).isEqualTo(0xffff_ffffL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4294967296", "-2147483649", "", "-", "1x", "99999999999999999999"})
  void marksThatAreNone(String text) {
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> Operands.mark(word(text)))
        .satisfies(error -> assertThat(error.expected()).contains("1 to 4294967295"));
  }

  @Test
  void numbersAreReadAsStrtolDoes() {
    assertThat(Operands.number(word("+7"), "a weight", 0, 10)).isEqualTo(7);
    assertThat(Operands.number(word("007"), "a weight", 0, 10)).isEqualTo(7);
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> Operands.number(word("11"), "a weight", 0, 10))
        .satisfies(error -> assertThat(error.expected()).isEqualTo("a weight of 0 to 10"));
  }

  @Test
  void quotesStay() {
    assertThatExceptionOfType(RulesSyntaxException.class)
        .isThrownBy(() -> Operands.requirePlain(word("\"rr\""), "a scheduler"))
        .satisfies(error -> assertThat(error.expected()).contains("without quotes"));
  }
}
