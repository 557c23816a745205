// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressesTest {

  private final Addresses addresses = new Addresses();

  @Test
  void anAddressIsTheSameObjectAgain() {
    InetAddress v4 = addresses.v4(0xc0000201);
    assertThat(v4).isEqualTo(IpAddress.parse("192.0.2.1"));
    assertThat(addresses.v4(0xc0000201)).isSameAs(v4);
    InetAddress v6 = addresses.v6(0x20010db8_00000000L, 1);
    assertThat(v6).isEqualTo(IpAddress.parse("2001:db8::1"));
    assertThat(addresses.v6(0x20010db8_00000000L, 1)).isSameAs(v6);
  }

  @Test
  void addressOfOnlyZerosIsOne() throws UnknownHostException {
    assertThat(addresses.v4(0)).isEqualTo(InetAddress.getByAddress(new byte[4]));
    assertThat(addresses.v6(0, 0)).isEqualTo(InetAddress.getByAddress(new byte[16]));
  }

  @Test
  void mappedAddressStaysOneOfIpv6() {
    assertThat(addresses.v6(0, 0xffff_c000_0201L))
        .isInstanceOf(Inet6Address.class)
        .satisfies(address -> assertThat(address.getAddress()).hasSize(16));
  }

  @Test
  void everyAddressIsRightWhileOthersTakeItsSlotAndSlotsGrow() throws UnknownHostException {
    Random random = new Random(11);
    Set<InetAddress> distinct = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      int bits = random.nextInt(8000) << 8;
      assertThat(addresses.v4(bits).getAddress())
          .isEqualTo(ByteBuffer.allocate(4).putInt(bits).array());
      distinct.add(addresses.v4(bits));
      long high = random.nextInt(100);
      long low = random.nextInt(80);
      assertThat(addresses.v6(high, low).getAddress())
          .isEqualTo(ByteBuffer.allocate(16).putLong(high).putLong(low).array());
    }
    assertThat(distinct).hasSizeGreaterThan(7000);
  }
}
