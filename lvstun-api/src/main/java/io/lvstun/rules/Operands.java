// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static io.lvstun.rules.Token.error;

import io.lvstun.IpAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.OptionalLong;

/** Addresses and numbers, as ipvsadm takes them from words. */
final class Operands {

  private Operands() {}

  /** An address and its port, -1 if it has none. */
  record Address(InetAddress address, int port) {}

  static Address address(Token word, String whose) {
    String value = word.text();
    String expected = "the address of " + whose + " (names are not looked up)";
    if (value.startsWith("[")) {
      int bracket = value.indexOf(']');
      if (bracket < 0 || bracket + 1 >= value.length() || value.charAt(bracket + 1) != ':') {
        throw error(word, "[IPv6 address]:port");
      }
      InetAddress v6 = literal(word.part(1, bracket), expected);
      if (v6 instanceof Inet4Address) {
        throw error(word, "an IPv6 address in the brackets");
      }
      return new Address(v6, port(word.from(bracket + 2)));
    }
    int colon = value.lastIndexOf(':');
    if (colon != value.indexOf(':')) {
      return new Address(literal(word, expected), -1);
    }
    if (colon < 0) {
      return new Address(literal(word, expected), -1);
    }
    InetAddress v4 = literal(word.part(0, colon), expected);
    return new Address(v4, port(word.from(colon + 1)));
  }

  static InetAddress literal(Token word, String expected) {
    InetAddress literal;
    try {
      literal = IpAddress.parse(word.text());
    } catch (IllegalArgumentException e) {
      throw error(word, expected, e);
    }
    if (literal instanceof Inet4Address && word.text().indexOf(':') >= 0) {
      throw error(word, expected + ", not an IPv4 address in IPv6 form");
    }
    return literal;
  }

  private static int port(Token word) {
    return number(word, "a port (names are not looked up)", 0, 65535);
  }

  static long mark(Token word) {
    OptionalLong value = decimal(word.text());
    if (value.isEmpty()
        || value.getAsLong() == 0
        || value.getAsLong() < -0x8000_0000L
        || value.getAsLong() > 0xffff_ffffL) {
      throw error(word, "a firewall mark of 1 to 4294967295");
    }
    // ipvsadm -S writes marks above 2^31 - 1 as negative numbers.
    return value.getAsLong() & 0xffff_ffffL;
  }

  static int number(Token word, String what, int least, int most) {
    OptionalLong value = decimal(word.text());
    if (value.isEmpty() || value.getAsLong() < least || value.getAsLong() > most) {
      throw error(word, what + " of " + least + " to " + most);
    }
    return (int) value.getAsLong();
  }

  /** A number as strtol takes it, but for leading white space; empty if it is none. */
  private static OptionalLong decimal(String digits) {
    boolean negative = digits.startsWith("-");
    int position = negative || digits.startsWith("+") ? 1 : 0;
    if (position == digits.length()) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (; position < digits.length(); position++) {
      int digit = digits.charAt(position) - '0';
      if (digit < 0 || digit > 9) {
        return OptionalLong.empty();
      }
      // Stays beyond every range once it is there, and does not overflow.
      value = Math.min(value * 10 + digit, 1L << 40);
    }
    return OptionalLong.of(negative ? -value : value);
  }

  static void requirePlain(Token word, String what) {
    if (word.text().indexOf('"') >= 0 || word.text().indexOf('\'') >= 0) {
      throw error(word, what + " without quotes, which ipvsadm does not remove");
    }
  }
}
