// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import io.lvstun.ForeignText;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in hexadecimal, in which {@code X} or {@code x} stands for any four bits: the form that
 * keepalived's {@code UDP_CHECK} takes. Immutable.
 *
 * @since 0.1.0
 */
public final class HexPattern {

  private static final int LONGEST = 65507;

  private final byte[] values;
  private final byte[] masks;

  private HexPattern(byte[] values, byte[] masks) {
    this.values = values;
    this.masks = masks;
  }

  /**
   * Returns a pattern that only these bytes match.
   *
   * @param bytes at most 65507
   * @return the pattern
   * @throws IllegalArgumentException if there are too many
   */
  public static HexPattern of(byte[] bytes) {
    HealthArgument.of("number of bytes", bytes.length, 0, LONGEST);
    byte[] masks = new byte[bytes.length];
    Arrays.fill(masks, (byte) 0xff);
    return new HexPattern(bytes.clone(), masks);
  }

  /**
   * Reads a pattern.
   *
   * @param text groups of digits {@code 0-9 a-f A-F X x}, separated by spaces. A group with an odd
   *     number of digits begins with half a byte, whose upper half is 0: {@code Ab12f 3} is {@code
   *     AB 12 0F 03}, as keepalived reads it
   * @return the pattern
   * @throws IllegalArgumentException if the text has other characters or is too long
   */
  public static HexPattern parse(String text) {
    byte[] values = new byte[text.length()];
    byte[] masks = new byte[text.length()];
    int length = 0;
    int at = 0;
    while (at < text.length()) {
      char first = text.charAt(at);
      if (first == ' ' || first == '\t') {
        at++;
        continue;
      }
      boolean pair = at + 1 < text.length() && text.charAt(at + 1) > ' ';
      int high = pair ? digit(first, text) : 0;
      int low = digit(pair ? text.charAt(at + 1) : first, text);
      values[length] = (byte) (Math.max(high, 0) << 4 | Math.max(low, 0));
      masks[length] = (byte) ((high < 0 ? 0 : 0xf0) | (low < 0 ? 0 : 0x0f));
      length++;
      at += pair ? 2 : 1;
    }
    HealthArgument.of("number of bytes", length, 0, LONGEST);
    return new HexPattern(Arrays.copyOf(values, length), Arrays.copyOf(masks, length));
  }

  private static int digit(char c, String text) {
    if (c == 'X' || c == 'x') {
      return -1;
    }
    if (!HexFormat.isHexDigit(c)) {
      throw new IllegalArgumentException(
          "pattern must consist of hexadecimal digits, X and spaces, not \""
              + ForeignText.excerpt(text, 64)
              + '"');
    }
    return HexFormat.fromHexDigit(c);
  }

  /**
   * Returns how many bytes it describes.
   *
   * @return 0 to 65507
   */
  public int length() {
    return values.length;
  }

  /**
   * Returns whether it leaves bits open.
   *
   * @return whether an X is in it
   */
  public boolean hasWildcards() {
    for (byte mask : masks) {
      if (mask != (byte) 0xff) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the bytes, with 0 for open bits.
   *
   * @return a new array
   */
  public byte[] bytes() {
    return values.clone();
  }

  /**
   * Returns whether bytes match, as far as both go: what is longer than the other is not compared.
   *
   * @param bytes what to compare
   * @return whether they match
   */
  public boolean matches(byte[] bytes) {
    for (int i = 0; i < Math.min(bytes.length, values.length); i++) {
      if (((bytes[i] ^ values[i]) & masks[i]) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HexPattern pattern
        && Arrays.equals(values, pattern.values)
        && Arrays.equals(masks, pattern.masks);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(masks);
  }

  /** Returns two digits a byte, without spaces: {@code ab120fX3}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(2 * values.length);
    HexFormat hex = HexFormat.of();
    for (int i = 0; i < values.length; i++) {
      text.append((masks[i] & 0xf0) == 0 ? 'X' : hex.toHighHexDigit(values[i]));
      text.append((masks[i] & 0x0f) == 0 ? 'X' : hex.toLowHexDigit(values[i]));
    }
    return text.toString();
  }
}
