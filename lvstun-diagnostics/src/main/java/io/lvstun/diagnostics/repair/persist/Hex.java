// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text as the script carries it.
 *
 * @since 0.1.0
 */
public final class Hex {

  private Hex() {}

  static String of(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #of} wrote.
   *
   * @throws IllegalArgumentException if it is not that
   */
  public static String text(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
  }
}
