// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CommandCheck;
import io.lvstun.host.process.CapturedOutput;
import io.lvstun.host.process.Invocation;
import io.lvstun.host.process.Subprocess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Runs programs on this host; one that does not end in time is killed with its descendants. */
final class LocalPrograms implements WorkerProber.Programs {

  /** Nobody reads what a check prints; beyond this it is ended. */
  private static final long MOST_OUTPUT = 1 << 20;

  @Override
  public int run(CommandCheck check) throws IOException {
    List<String> command = new ArrayList<>();
    check
        .user()
        .ifPresent(
            user -> {
              command.addAll(List.of("runuser", "-u", user));
              check.group().ifPresent(group -> command.addAll(List.of("-g", group)));
              command.add("--");
            });
    command.addAll(check.command());
    Subprocess process =
        Subprocess.start(
            Invocation.inherited(command),
            CapturedOutput.of(MOST_OUTPUT),
            CapturedOutput.of(MOST_OUTPUT));
    try {
      OptionalInt status = process.await(check.timeout());
      return status.orElse(-1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    } finally {
      process.kill();
    }
  }
}
