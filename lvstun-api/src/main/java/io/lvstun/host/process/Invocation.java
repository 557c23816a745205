// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a program is started: command, environment, working directory, standard input. No shell is
 * involved, and each argument arrives as it is given, blanks and newlines included.
 */
public final class Invocation {

  private static final byte[] NOTHING = {};

  private final List<String> command;
  private final Map<String, String> environment;
  private final Path directory;
  private final byte[] input;

  private Invocation(
      List<String> command, Map<String, String> environment, Path directory, byte[] input) {
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.directory = directory;
    this.input = input;
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

  /** The same with something to read, which is not copied. */
  public Invocation withInput(byte[] bytes) {
    return new Invocation(command, environment, directory, bytes);
  }

  /** The same in another working directory. */
  Invocation in(Path elsewhere) {
    return new Invocation(command, environment, elsewhere, input);
  }

  List<String> command() {
    return command;
  }

  Map<String, String> environment() {
    return environment;
  }

  Path directory() {
    return directory;
  }

  byte[] input() {
    return input;
  }
}
