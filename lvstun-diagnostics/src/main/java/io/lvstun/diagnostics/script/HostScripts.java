// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.script;

import io.lvstun.host.HostCommand;
import java.util.ArrayList;
import java.util.List;

/**
 * Constant scripts that run on hosts: they come over standard input, and what varies as arguments.
 *
 * @since 0.1.0
 */
public final class HostScripts {

  private static final List<String> RUN_INPUT =
      List.of("/bin/sh", "-c", "eval \"$(cat)\"", "lvstun");

  private HostScripts() {}

  /** Returns the command that runs a script. */
  public static HostCommand command(String script, List<String> arguments) {
    List<String> all = new ArrayList<>(RUN_INPUT);
    all.addAll(arguments);
    return HostCommand.of(all).input(script);
  }

  /**
   * A shell script that runs the first of some programs whose interpreter the host has. Each is a
   * here-document of its own, so that nothing in it is read by the shell.
   */
  public static String polyglot(String shell, String perl, String python) {
    return "lvstun_perl() {\nperl - \"$@\" <<'END_OF_PERL'\n"
        + perl
        + "\nEND_OF_PERL\n}\nlvstun_python() {\n\"$python\" - \"$@\" <<'END_OF_PYTHON'\n"
        + python
        + "\nEND_OF_PYTHON\n}\n"
        + shell;
  }
}
