// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;

class NetworkTableTest {

  private static NetworkTable table(String... networks) {
    NetworkTable.Builder builder = new NetworkTable.Builder(Cidr.parse(networks[0]).family());
    int place = 0;
    for (String text : networks) {
      Cidr network = Cidr.parse(text);
      builder.add(network.first(), network.prefixLength(), place++);
    }
    return builder.build();
  }

  @Test
  void findsTheNetworkOfAnAddressWhateverTheOrder() {
    NetworkTable table = table("192.0.2.0/24", "10.0.0.0/8", "255.255.255.255/32", "0.0.0.0/32");
    assertThat(table.size()).isEqualTo(4);
    assertFound(table, "10.200.0.1", "10.0.0.0/8", 1);
    assertFound(table, "192.0.2.255", "192.0.2.0/24", 0);
    assertFound(table, "255.255.255.255", "255.255.255.255/32", 2);
    assertFound(table, "0.0.0.0", "0.0.0.0/32", 3);
    assertThat(table.find(IpAddress.parse("192.0.3.0"))).isEmpty();
    assertThat(table.find(IpAddress.parse("0.0.0.1"))).isEmpty();
  }

  @Test
  void growsWithIpv6() {
    NetworkTable.Builder builder = new NetworkTable.Builder(AddressFamily.IPV6);
    for (int i = 0; i < 5_000; i++) {
      builder.add(new Bits(0x2001_0db8_0000_0000L + i, 0), 64, i);
    }
    NetworkTable table = builder.build();
    assertFound(table, "2001:db8:0:1387::9", "2001:db8:0:1387::/64", 4_999);
    AddressMap even = table.map(place -> place % 2 == 0 ? 1 : AddressMap.NONE);
    assertThat(even.ranges()).isEqualTo(2_500);
    assertThat(table.map(place -> 1).ranges()).isEqualTo(1);
  }

  private static void assertFound(NetworkTable table, String address, String network, int place) {
    int index = table.find(IpAddress.parse(address)).orElseThrow();
    assertThat(table.network(index)).hasToString(network);
    assertThat(table.place(index)).isEqualTo(place);
  }
}
