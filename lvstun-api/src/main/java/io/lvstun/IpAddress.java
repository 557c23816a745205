// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * Parses and formats IP address literals; never resolves names.
 *
 * @since 0.1.0
 */
public final class IpAddress {

  private static final int LONGEST_LITERAL = 45;

  private IpAddress() {}

  /**
   * Reads an address literal.
   *
   * @param literal an IPv4 address in dotted-quad form without leading zeros ({@code 192.0.2.1}),
   *     or an IPv6 address (RFC 4291 section 2.2), with or without square brackets, without zone
   * @return the address; an IPv4-mapped IPv6 literal gives the IPv4 address
   * @throws IllegalArgumentException if the text is anything else, host names included
   */
  public static InetAddress parse(String literal) {
    String text = Objects.requireNonNull(literal, "literal");
    boolean bracketed = text.length() > 2 && text.startsWith("[") && text.endsWith("]");
    if (bracketed) {
      text = text.substring(1, text.length() - 1);
    }
    if (text.length() > LONGEST_LITERAL) {
      throw invalid(literal);
    }
    if (text.indexOf(':') >= 0) {
      return parseV6(text, literal);
    }
    if (bracketed) {
      throw invalid(literal);
    }
    return parseV4(text, literal);
  }

  private static InetAddress parseV4(String text, String literal) {
    byte[] bytes = new byte[4];
    int position = 0;
    for (int i = 0; i < 4; i++) {
      int start = position;
      int value = 0;
      while (position < text.length() && isDigit(text.charAt(position)) && position - start < 3) {
        value = value * 10 + (text.charAt(position) - '0');
        position++;
      }
      int digits = position - start;
      boolean leadingZero = digits > 1 && text.charAt(start) == '0';
      boolean separated =
          i == 3
              ? position == text.length()
              : position < text.length() && text.charAt(position) == '.';
      if (digits == 0 || value > 255 || leadingZero || !separated) {
        throw invalid(literal);
      }
      bytes[i] = (byte) value;
      position++;
    }
    return ofBytes(bytes);
  }

  /** RFC 4291, section 2.2: eight groups, or fewer with one "::", the last two perhaps dotted. */
  private static InetAddress parseV6(String text, String literal) {
    int[] groups = new int[8];
    int count = 0;
    int gap = -1;
    int position = 0;
    if (text.startsWith("::")) {
      gap = 0;
      position = 2;
    }
    while (position < text.length()) {
      if (count == 8) {
        throw invalid(literal);
      }
      int colon = text.indexOf(':', position);
      int end = colon < 0 ? text.length() : colon;
      if (colon < 0 && text.indexOf('.', position) >= 0) {
        if (count > 6) {
          throw invalid(literal);
        }
        byte[] dotted = parseV4(text.substring(position), literal).getAddress();
        groups[count++] = (dotted[0] & 0xff) << 8 | dotted[1] & 0xff;
        groups[count++] = (dotted[2] & 0xff) << 8 | dotted[3] & 0xff;
        break;
      }
      groups[count++] = group(text, position, end, literal);
      position = end + 1;
      if (position < text.length() && text.charAt(position) == ':') {
        if (gap >= 0) {
          throw invalid(literal);
        }
        gap = count;
        position++;
      } else if (colon == text.length() - 1) {
        throw invalid(literal);
      }
    }
    if (gap < 0 ? count != 8 : count == 8) {
      throw invalid(literal);
    }
    byte[] bytes = new byte[16];
    for (int i = 0; i < count; i++) {
      int at = gap >= 0 && i >= gap ? i + 8 - count : i;
      bytes[2 * at] = (byte) (groups[i] >> 8);
      bytes[2 * at + 1] = (byte) groups[i];
    }
    return ofBytes(bytes);
  }

  private static int group(String text, int start, int end, String literal) {
    if (end == start || end - start > 4) {
      throw invalid(literal);
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw invalid(literal);
      }
      value = value << 4 | digit;
    }
    return value;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static IllegalArgumentException invalid(String literal) {
    return new IllegalArgumentException(
        "address must be an IPv4 or IPv6 literal (host names are not looked up), not \""
            + ForeignText.excerpt(literal, 64)
            + '"');
  }

  /**
   * Makes an address from its bytes.
   *
   * @param bytes 4 or 16 bytes in network order
   * @return the address
   * @throws IllegalArgumentException if there are neither 4 nor 16 bytes
   */
  public static InetAddress ofBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("address must have 4 or 16 bytes, not " + bytes.length, e);
    }
  }

  /**
   * Writes an address in its canonical form: dotted quad, or RFC 5952 for IPv6, without brackets.
   *
   * @param address an address; a zone is left out
   * @return the literal
   */
  public static String format(InetAddress address) {
    if (address instanceof Inet4Address) {
      return address.getHostAddress();
    }
    return formatV6(address.getAddress());
  }

  private static String formatV6(byte[] bytes) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
    }
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > runLength) {
        runStart = i;
        runLength = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder text = new StringBuilder(39);
    int i = 0;
    while (i < 8) {
      if (i == runStart) {
        text.append("::");
        i += runLength;
        continue;
      }
      if (i > 0 && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
      i++;
    }
    return text.toString();
  }

  /**
   * Writes an endpoint as {@code ipvsadm} does: {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}.
   *
   * @param address the address
   * @param port the port
   * @return the text
   */
  public static String format(InetAddress address, int port) {
    return address instanceof Inet6Address
        ? '[' + format(address) + "]:" + port
        : format(address) + ':' + port;
  }
}
