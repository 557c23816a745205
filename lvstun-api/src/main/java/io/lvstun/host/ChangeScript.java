// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.ForeignText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The script that reads and changes the states of {@link HostChange}s on a host, {@code change.sh}.
 * Its text is a constant that the host's shell reads as input; what varies goes as arguments, and
 * the content of files as base64.
 *
 * @since 0.1.0
 */
public final class ChangeScript {

  /** The exit status when somebody else has changed a file meanwhile; nothing was changed. */
  public static final int CONFLICT = 76;

  private static final String FUNCTIONS = functions();

  /** What makes of the functions a script of its own: reads a state, or changes and reads it. */
  private static final String VERBS =
      """
      case $verb in
      look) state "$@" ;;
      change)
        what=$1 a=$2 b=$3 c=$4
        shift 4
        perform "$@" </dev/null >&2
        status=$?
        [ $status -ne 76 ] || die 76 "another program has just changed it"
        [ $status -eq 0 ] || die 77 "it ended with status $status"
        state "$what" "$a" "$b" "$c"
        ;;
      esac
      exit 0
      """;

  private ChangeScript() {}

  private static String functions() {
    try (InputStream in = ChangeScript.class.getResourceAsStream("change.sh")) {
      if (in == null) {
        throw new IllegalStateException("change.sh is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the functions, in front of which nothing may stand but a payload.
   *
   * @param payload what {@link HostChange#payload} gives; empty if it is not needed
   * @return shell text that ends with a line feed
   * @throws IllegalArgumentException if the payload is not base64
   */
  public static String text(String payload) {
    if (!payload.matches("[A-Za-z0-9+/=]*+")) {
      throw new IllegalArgumentException("payload must be base64");
    }
    return "payload=" + payload + "\n" + FUNCTIONS;
  }

  /** Returns the whole script, with the verbs {@code look} and {@code change}. */
  static String program(String payload) {
    return text(payload) + VERBS;
  }

  /**
   * Reads a line of the script's answer.
   *
   * @param line {@code v TEXT}, {@code x HEX}, {@code none} or {@code error REASON}
   * @return the state; empty if it is an error
   */
  public static Optional<String> state(String line) {
    if (line.equals("none")) {
      return Optional.of(HostChange.NONE);
    }
    if (line.equals("v") || line.startsWith("v ")) {
      return Optional.of(line.substring(1).strip().replace('\t', ' '));
    }
    if (line.equals("x") || line.startsWith("x ")) {
      try {
        byte[] bytes = HexFormat.of().parseHex(line.substring(1).strip());
        return Optional.of(new String(bytes, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * Returns why a line of the script's answer has no state.
   *
   * @param line a line for which {@link #state} is empty
   * @return one line
   */
  public static String problem(String line) {
    return line.startsWith("error ")
        ? ForeignText.printable(line.substring(6))
        : "its state cannot be read";
  }

  /**
   * Tells whether two states are the same. Several numbers are parted by tabs when they are read,
   * and by blanks when they are written.
   *
   * @param one a state
   * @param other a state
   * @return whether they differ in blanks at most
   */
  public static boolean same(String one, String other) {
    return one.equals(other)
        || one.strip().replaceAll("\\s+", " ").equals(other.strip().replaceAll("\\s+", " "));
  }
}
