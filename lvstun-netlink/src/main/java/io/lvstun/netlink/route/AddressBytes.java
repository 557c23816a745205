// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses and families as messages carry them. */
final class AddressBytes {

  private AddressBytes() {}

  /** Reads an address, which must be of the family. */
  static InetAddress address(AttributeReader attribute, AddressFamily family) {
    byte[] bytes = attribute.bytes();
    if (bytes.length * 8 != family.addressBits()) {
      throw MessageReader.malformed("an address of " + family + " has " + bytes.length + " bytes");
    }
    return of(bytes);
  }

  /** The address with only zeros. */
  static InetAddress any(AddressFamily family) {
    return of(new byte[family.addressBits() / 8]);
  }

  private static InetAddress of(byte[] bytes) {
    try {
      // Unlike InetAddress.getByAddress, keeps an IPv4-mapped address an IPv6 one.
      return bytes.length == 16
          ? Inet6Address.getByAddress(null, bytes, -1)
          : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are an address", e);
    }
  }

  /** The family that a message's first byte names; null for one that IPVS does not know. */
  static @Nullable AddressFamily family(MessageReader message) {
    int number = message.headerByte(0);
    for (AddressFamily family : AddressFamily.values()) {
      if (family.number() == number) {
        return family;
      }
    }
    return null;
  }
}
