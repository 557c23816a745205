// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.ForeignText;
import io.lvstun.LvsException;
import io.lvstun.host.process.CapturedOutput;
import io.lvstun.host.process.Invocation;
import io.lvstun.host.process.Subprocess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * Runs a host's command as a program of this machine, with a deadline and a bound on its output.
 * When either is passed, it is killed with all its descendants, and what it had written is kept.
 */
final class BoundedProcess {

  private BoundedProcess() {}

  static CommandResult run(Host host, HostCommand command, List<String> arguments, byte[] input) {
    String operation = "run " + ForeignText.printable(command.arguments().get(0));
    CapturedOutput output = CapturedOutput.of(command.maxOutput());
    CapturedOutput errors = CapturedOutput.of(command.maxOutput());
    long start = System.nanoTime();
    Subprocess process =
        Subprocess.start(Invocation.inherited(arguments).withInput(input), output, errors);
    OptionalInt exitCode;
    try {
      exitCode = process.await(command.deadline());
    } catch (InterruptedException e) {
      process.kill();
      Thread.currentThread().interrupt();
      throw failed(host, operation, "interrupted while it ran", "", e);
    } catch (IOException e) {
      String reason = ForeignText.printable(String.valueOf(e.getMessage()));
      throw failed(
          host,
          operation,
          reason,
          "Is " + ForeignText.printable(arguments.get(0)) + " installed?",
          e);
    }
    boolean timedOut = exitCode.isEmpty();
    if (timedOut) {
      process.killAndWait();
    }
    boolean truncated = output.overflowed() || errors.overflowed();
    return new CommandResult(
        timedOut || truncated ? CommandResult.KILLED : exitCode.getAsInt(),
        output.text(StandardCharsets.UTF_8),
        errors.text(StandardCharsets.UTF_8),
        timedOut,
        truncated,
        Duration.ofNanos(System.nanoTime() - start));
  }

  private static HostException failed(
      Host host, String operation, String reason, String hint, Exception cause) {
    return new HostException(
        new LvsException.Failure(
            operation, host.specification(), "host", reason, OptionalInt.empty(), hint),
        cause);
  }
}
