// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/** Sets of processors, as the kernel writes them. */
final class Cpus {

  private static final int HIGHEST = 8191;
  private static final int DIGITS_OF_A_WORD = 8;

  private Cpus() {}

  /** Checks the numbers, and returns them in their order, each once. */
  static List<Integer> require(List<Integer> cpus) {
    for (int cpu : cpus) {
      if (cpu < 0 || cpu > HIGHEST) {
        throw new IllegalArgumentException("cpus must be 0 to " + HIGHEST + ", not " + cpu);
      }
    }
    return List.copyOf(new TreeSet<>(cpus));
  }

  /** The mask in hexadecimal digits, without leading zeros and commas. */
  static String mask(List<Integer> cpus) {
    BigInteger mask = BigInteger.ZERO;
    for (int cpu : cpus) {
      mask = mask.setBit(cpu);
    }
    return mask.toString(16);
  }

  /** The mask as the kernel takes it: a comma before each 32 bits. */
  static String words(String mask) {
    List<String> words = new ArrayList<>();
    for (int end = mask.length(); end > 0; end -= DIGITS_OF_A_WORD) {
      words.add(mask.substring(Math.max(0, end - DIGITS_OF_A_WORD), end));
    }
    Collections.reverse(words);
    return String.join(",", words);
  }
}
