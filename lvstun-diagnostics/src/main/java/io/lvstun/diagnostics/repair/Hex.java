// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Text as the script carries it. */
final class Hex {

  private Hex() {}

  static String of(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  static String text(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
  }
}
