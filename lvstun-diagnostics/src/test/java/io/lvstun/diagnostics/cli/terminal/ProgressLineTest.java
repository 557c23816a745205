// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Member;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private final StringWriter err = new StringWriter();
  private final Cluster cluster = Clusters.withServer(Recorded.facts("json-rs1"));

  @Test
  void fileGetsALineAnEvent() {
    try (ProgressLine line = new ProgressLine(new PrintWriter(err), false)) {
      for (Member member : cluster.members()) {
        line.collecting(member.node());
        line.collected(member);
      }
      line.probing("PRB-001");
      line.analysing();
    }
    assertThat(err.toString())
        .isEqualTo(
            """
            examining director
            director was examined in 1500 ms
            examining rs
            rs was examined in 1500 ms
            probing: PRB-001
            analysing
            """);
  }

  @Test
  void terminalHasOneLineThatIsWipedAtTheEnd() {
    try (ProgressLine line = new ProgressLine(new PrintWriter(err), true)) {
      cluster.members().forEach(member -> line.collecting(member.node()));
      cluster.members().forEach(line::collected);
      line.analysing();
    }
    String text = err.toString();
    assertThat(text)
        .startsWith("\r0 of 1 hosts, [director]\r0 of 2 hosts, [director, rs]\r1 of 2 hosts, [rs]")
        .contains("\r2 of 2 hosts")
        .endsWith("\r         \r")
        .doesNotContain("\n");
  }

  @Test
  void longLinesAreCutAndHostileNamesSteerNothing() {
    try (ProgressLine line = new ProgressLine(new PrintWriter(err), true)) {
      line.probing("\u001b[2J\n" + "x".repeat(500));
    }
    assertThat(err.toString()).doesNotContain("\u001b", "\n");
    assertThat(err.toString().split("\r")[1]).hasSize(78);
  }

  @Test
  void whyAHostCannotBeExaminedIsSaid() {
    try (ProgressLine line = new ProgressLine(new PrintWriter(err), false)) {
      line.collected(
          new Member(
              cluster.members().get(0).node(),
              HostFacts.unreachable("netns:x", Instant.EPOCH, Duration.ZERO, "no route")));
    }
    assertThat(err.toString()).isEqualTo("director could not be examined: no route\n");
  }

  @Test
  void silentLineWritesNothing() {
    try (ProgressLine line = ProgressLine.silent()) {
      line.analysing();
    }
    assertThat(err.toString()).isEmpty();
  }
}
