// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkFactsTest {

  private static LinkFacts link(String json) {
    return LinkParser.parse("[" + json + "]", "", "").get(0);
  }

  @Test
  void deviceIsUpByItsFlagAndNotByItsOperationalState() {
    assertThat(link("{\"ifname\":\"tunl0\",\"flags\":[\"UP\"],\"operstate\":\"UNKNOWN\"}").up())
        .isTrue();
    assertThat(link("{\"ifname\":\"e\",\"flags\":[\"LOWER_UP\"],\"operstate\":\"UP\"}").up())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'\"UP\",\"BROADCAST\"',,true",
    "'\"NOARP\"',,false",
    "'\"LOOPBACK\"',,false",
    "'\"UP\"',ipip,false",
    "'\"UP\"',vlan,true"
  })
  void loopbackAndTunnelsAnswerNoArp(String flags, String kind, boolean arp) {
    String info = kind == null ? "" : ",\"linkinfo\":{\"info_kind\":\"" + kind + "\"}";
    assertThat(link("{\"ifname\":\"e\",\"flags\":[" + flags + "]" + info + "}").arp())
        .isEqualTo(arp);
  }
}
