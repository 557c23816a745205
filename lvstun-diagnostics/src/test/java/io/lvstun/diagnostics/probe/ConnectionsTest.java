// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

  private record Answering(CommandResult result, AtomicReference<HostCommand> asked)
      implements Host {

    @Override
    public String specification() {
      return "netns:client";
    }

    @Override
    public String label() {
      return "client";
    }

    @Override
    public CommandResult run(HostCommand command) {
      asked.set(command);
      return result;
    }
  }

  private final AtomicReference<HostCommand> asked = new AtomicReference<>();

  private Section run(CommandResult result) {
    Cluster cluster =
        Clusters.of(
            Topology.builder()
                .director("director", Host.netns("director"))
                .vantage("client", new Answering(result, asked))
                .build(),
            Recorded.facts("json-director"),
            Recorded.facts("json-client"));
    return Connections.run(
        Connections.vantages(cluster).get(0),
        Connections.CONNECT,
        cluster,
        Connections.services(cluster),
        Duration.ofSeconds(3),
        Duration.ofSeconds(2),
        0,
        4);
  }

  private static CommandResult result(int status, String output, String errors, boolean late) {
    return new CommandResult(status, output, errors, late, false, Duration.ZERO);
  }

  @Test
  void servicesOfTcpAreTriedOftenEnoughForEachServer() {
    Section section = run(result(0, "attempt x\n", "", false));
    assertThat(section.state()).isEqualTo(Section.State.READ);
    List<String> arguments = asked.get().arguments();
    assertThat(arguments.subList(4, 7)).containsExactly("3000", "2000", "0");
    assertThat(arguments).containsSubsequence("192.168.1.200", "80").doesNotContain("53");
    assertThat(asked.get().deadline()).isGreaterThan(Duration.ofSeconds(5));
  }

  @Test
  void whatWentWrongIsTheReasonAndNeverAPass() {
    assertThat(run(result(1, "", "no tool\u001b[31m", false)).problem())
        .startsWith("no tool")
        .doesNotContain("\u001b");
    assertThat(run(result(3, "attempt", "", false)).problem())
        .isEqualTo("the probe ended with status 3");
    assertThat(run(result(0, "", "", true)).problem()).contains("took too long");
    assertThat(run(result(1, "", "x", false)).state()).isEqualTo(Section.State.UNREADABLE);
  }

  @Test
  void vantageThatDidNotAnswerIsNone() {
    Cluster cluster =
        Clusters.of(
            Topology.builder().director("d", Host.netns("d")).vantage("c", Host.netns("c")).build(),
            Recorded.facts("json-director"),
            HostFacts.unreachable("netns:c", Instant.EPOCH, Duration.ZERO, "no route"));
    assertThat(Connections.vantages(cluster)).isEmpty();
  }
}
