// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingOrderTest {

  private static List<ServerKey> sorted(ServerKey... servers) {
    return ListingOrder.ofServers(List.of(servers), key -> key);
  }

  @Test
  void serversAreOrderedByAddressThenPort() {
    ServerKey a = ServerKey.of("10.0.0.1", 80);
    ServerKey b = ServerKey.of("10.0.0.1", 443);
    ServerKey c = ServerKey.of("10.0.0.2", 1);
    assertThat(sorted(c, b, a)).containsExactly(a, b, c);
    assertThat(sorted()).isEmpty();
  }

  @Test
  void wordsOfIpv6AreComparedFromTheFirst() {
    ServerKey a = ServerKey.of("2001:db8::1", 80);
    ServerKey b = ServerKey.of("2001:db8::2", 80);
    ServerKey c = ServerKey.of("2001:db9::", 80);
    assertThat(sorted(c, b, a)).containsExactly(a, b, c);
  }

  @Test
  void equalElementsKeepTheirOrder() {
    record Numbered(ServerKey key, int number) {}
    ServerKey a = ServerKey.of("10.0.0.1", 80);
    ServerKey b = ServerKey.of("10.0.0.2", 80);
    List<Numbered> servers =
        List.of(new Numbered(b, 1), new Numbered(a, 2), new Numbered(b, 3), new Numbered(a, 4));
    assertThat(ListingOrder.ofServers(servers, Numbered::key))
        .extracting(Numbered::number)
        .containsExactly(2, 4, 1, 3);
  }

  @Test
  void marksComeBehindAddressesAndFamiliesApart() {
    ServiceKey tcp = ServiceKey.tcp("10.0.0.1", 80);
    ServiceKey udp = ServiceKey.udp("10.0.0.1", 80);
    ServiceKey six = ServiceKey.tcp("2001:db8::1", 80);
    ServiceKey mark = ServiceKey.fwmark(1);
    assertThat(ListingOrder.ofServices(List.of(mark, six, udp, tcp), key -> key))
        .containsExactly(tcp, udp, six, mark);
  }
}
