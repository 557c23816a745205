// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.LvsException;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.script.BundledText;
import io.lvstun.diagnostics.script.HostFanOut;
import io.lvstun.diagnostics.script.HostScripts;
import io.lvstun.host.CommandResult;
import java.time.Duration;
import java.util.List;

/** Reads counters of hosts, before and after something. */
final class CounterSamples {

  private static final String SCRIPT = BundledText.beside(CounterSamples.class, "counters.sh");
  private static final Duration DEADLINE = Duration.ofSeconds(15);
  private static final int MOST_OUTPUT = 4 << 20;

  private CounterSamples() {}

  /** Reads them on all of some hosts. */
  static List<Observation> read(List<Member> members, String name, List<String> connectionsFrom) {
    return new HostFanOut("probe the cluster", "")
        .each(
            members, member -> new Observation(member.name(), read(member, name, connectionsFrom)));
  }

  private static Section read(Member member, String name, List<String> connectionsFrom) {
    String source = "counters below /proc/net";
    try {
      CommandResult result =
          member
              .node()
              .host()
              .run(
                  HostScripts.command(SCRIPT, connectionsFrom)
                      .deadline(DEADLINE)
                      .maxOutput(MOST_OUTPUT));
      return result.successful()
          ? Section.read(name, source, result.output())
          : Section.unreadable(
              name,
              source,
              result.timedOut() || result.truncated()
                  ? "reading took too long, or there was too much"
                  : "it ended with status " + result.exitCode());
    } catch (LvsException e) {
      return Section.unreadable(name, source, e.reason());
    }
  }
}
