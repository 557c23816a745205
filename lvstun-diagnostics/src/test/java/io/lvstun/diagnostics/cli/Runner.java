// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.cli.terminal.Console;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Runs the runner as a user would, within this process. */
public final class Runner {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private int status;

  private Runner() {}

  /** Runs a command that reads nothing and writes to pipes. */
  public static Runner run(String... arguments) {
    return run(Map.of(), false, "", arguments);
  }

  /** Runs a command. */
  public static Runner run(
      Map<String, String> environment, boolean terminal, String input, String... arguments) {
    Runner runner = new Runner();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(runner.out),
            new PrintWriter(runner.err),
            terminal,
            terminal,
            environment);
    runner.status = LvstunDoctor.run(console, arguments);
    console.flush();
    return runner;
  }

  /** The exit status. */
  public int status() {
    return status;
  }

  /** What it wrote to standard output. */
  public String out() {
    return out.toString();
  }

  /** What it wrote to standard error. */
  public String err() {
    return err.toString();
  }

  /** Runs a command that is refused before anything is done, with a reason. */
  public static void refused(String reason, String... arguments) {
    Runner runner = Runner.run(arguments);
    assertThat(runner.status()).as(runner.out() + runner.err()).isEqualTo(2);
    assertThat(runner.out()).isEmpty();
    assertThat(runner.err()).contains(reason).contains("--help").doesNotContain("\tat ");
  }
}
