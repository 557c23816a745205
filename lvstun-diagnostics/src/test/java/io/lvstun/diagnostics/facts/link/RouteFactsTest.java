// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouteFactsTest {

  private static RouteFacts route(String text) {
    return RouteParser.parse(text).get(0);
  }

  @Test
  void defaultCoversAllAndANetworkItsOwn() {
    var address = IpAddress.parse("198.51.100.7");
    assertThat(route("default via 192.0.2.1 dev eth0").covers(address)).isTrue();
    assertThat(route("198.51.100.0/24 dev eth0").covers(address)).isTrue();
    assertThat(route("198.51.100.8/29 dev eth0").covers(address)).isFalse();
    assertThat(route("198.51.100.7 dev eth0").covers(address)).isTrue();
    assertThat(route("nonsense dev eth0").covers(address)).isFalse();
    assertThat(route("2001:db8::/32 dev eth0").covers(address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "default via 192.0.2.1 dev eth0 src 192.0.2.9 mtu 1400 advmss 1360",
        "local 192.0.2.200 dev lo src 192.0.2.200",
        "unreachable 198.51.100.0/24",
        "192.0.2.0/24 dev eth0"
      })
  void textIsThatOfIpRouteInShort(String text) {
    assertThat(route(text)).hasToString(text);
    assertThat(route(text).local()).isEqualTo(text.startsWith("local"));
  }
}
