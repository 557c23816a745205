// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import java.util.OptionalLong;

/** Reads the decimal numbers that ipvsadm prints. */
final class Numbers {

  private static final int LONGEST = 20;

  private Numbers() {}

  /**
   * Reads a number of the kernel.
   *
   * @param text decimal digits
   * @param most the highest that is allowed, as an unsigned number
   * @return the number, unsigned; empty if the text is none or it is too high
   */
  static OptionalLong unsigned(String text, long most) {
    if (text.isEmpty() || text.length() > LONGEST) {
      return OptionalLong.empty();
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return OptionalLong.empty();
      }
    }
    long value;
    try {
      value = Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      // 20 digits beyond 2^64 - 1.
      return OptionalLong.empty();
    }
    return Long.compareUnsigned(value, most) > 0 ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
