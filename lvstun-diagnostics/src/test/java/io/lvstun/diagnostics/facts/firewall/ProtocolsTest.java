// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolsTest {

  @ParameterizedTest
  @CsvSource({
    "4,4",
    "255,255",
    "ipencap,4",
    "ipv4,4",
    "ipip,94",
    "TCP,6",
    "ipv6-icmp,58",
    "vrrp,112"
  })
  void namesAndNumbersAreKnown(String text, int number) {
    assertThat(Protocols.number(text)).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1000", "4 ", "none", "ip in ip"})
  void whatIsNoneIsEmpty(String text) {
    assertThat(Protocols.number(text)).isEmpty();
  }
}
