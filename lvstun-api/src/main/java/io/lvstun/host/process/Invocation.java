// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a program is started. No shell is involved, and each argument arrives as it is given, blanks
 * and newlines included.
 *
 * @param command path of the program, and its arguments
 * @param environment all its variables
 * @param directory its working directory
 * @param input what it reads from standard input; not copied
 */
public record Invocation(
    List<String> command, Map<String, String> environment, Path directory, byte[] input) {

  private static final byte[] NOTHING = {};

  /** Copies command and environment. */
  public Invocation {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("command must name a program");
    }
  }

  /**
   * An invocation that gets nothing of the caller's: no locale, no loader's variables, no input.
   */
  public static Invocation isolated(List<String> command) {
    return new Invocation(
        command,
        Map.of("LC_ALL", "C", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
        Path.of("/"),
        NOTHING);
  }

  /** An invocation in the caller's directory and environment, but for the locale, which is C. */
  public static Invocation inherited(List<String> command) {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("LC_ALL", "C");
    environment.remove("LANGUAGE");
    return new Invocation(command, environment, Path.of("").toAbsolutePath(), NOTHING);
  }

  /** The same with something to read. */
  public Invocation withInput(byte[] bytes) {
    return new Invocation(command, environment, directory, bytes);
  }
}
