// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * A text file of this library's jar: a script, a style sheet, a schema.
 *
 * @since 0.1.0
 */
public final class BundledText {

  private BundledText() {}

  /**
   * Returns a file in the package of a class.
   *
   * @throws IllegalStateException if it is missing from the jar
   */
  public static String beside(Class<?> type, String name) {
    try (InputStream in = type.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
