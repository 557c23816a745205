// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Commands as people type them, to be shown and copied. Nothing here is ever given to a shell by
 * this library.
 *
 * @since 0.1.0
 */
public final class ShellText {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellText() {}

  /**
   * Writes arguments as a shell would read them.
   *
   * @param arguments program and arguments
   * @return one line, with quotes where they are needed
   */
  public static String join(List<String> arguments) {
    return arguments.stream().map(ShellText::quote).collect(Collectors.joining(" "));
  }

  private static String quote(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
