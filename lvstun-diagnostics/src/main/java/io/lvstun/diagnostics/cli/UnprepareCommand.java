// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.cli.option.RoleOptions;
import io.lvstun.diagnostics.cli.terminal.FailedException;
import io.lvstun.diagnostics.cli.terminal.StepLines;
import io.lvstun.diagnostics.cli.terminal.Version;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.repair.Preparation;
import io.lvstun.diagnostics.repair.journal.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Takes back what prepare did. */
@Command(
    name = "unprepare",
    description = {
      "Takes back what prepare did, by the journals on the hosts; directors first.",
      "What somebody else has changed since is left, and said."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false)
final class UnprepareCommand implements Callable<Integer> {

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Mixin private RoleOptions roles = new RoleOptions();

  @Option(
      names = "--force",
      description = "Also real servers that are still in the table of a director that is named.")
  private boolean force;

  @Override
  public Integer call() {
    Topology topology = roles.topology(root.console().in());
    if (!force && roles.role() == Role.REAL_SERVER) {
      refuseIfInUse(topology);
    }
    List<Preparation> preparations = new ArrayList<>(roles.preparations(topology));
    Collections.reverse(preparations);
    StepLines lines = new StepLines(root.console().out());
    List<StepResult> results = new ArrayList<>();
    for (Preparation preparation : preparations) {
      results.addAll(preparation.unprepare(lines::print));
    }
    if (results.isEmpty()) {
      lines.end("Nothing was prepared here.");
    }
    return StepLines.status(results, true);
  }

  /** Without the address, what a director still sends would be lost, or go round. */
  private static void refuseIfInUse(Topology topology) {
    if (topology.nodes(Role.DIRECTOR).isEmpty()) {
      return;
    }
    Cluster cluster = Doctor.examine(topology).sample(Duration.ZERO).collect();
    for (Member server : cluster.members(Role.REAL_SERVER)) {
      Optional<Member> director = cluster.listedBy(server);
      if (director.isPresent()) {
        throw new FailedException(
            server.name()
                + " is still in the table of "
                + director.get().name()
                + ": take it out first, or say --force",
            null);
      }
    }
  }
}
