// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for all checks alike, on hosts of which little is known. */
class CatalogueTest {

  /** They are about the facts themselves, or about which hosts were stated. */
  private static final Set<String> OTHERS = Set.of("HST-001", "HST-002", "RPF-006", "RPF-007");

  private static Report analysed(HostFacts director, HostFacts server, HostFacts client) {
    Topology topology =
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"))
            .vantage("client", Host.netns("client"))
            .service("tcp:192.168.1.200:80")
            .build();
    return Doctor.analyse(Clusters.of(topology, director, server, client));
  }

  private static HostFacts dead(String name) {
    return HostFacts.unreachable(
        "netns:" + name, Instant.EPOCH, Duration.ZERO, "it does not answer");
  }

  private static HostFacts denied(String recording) {
    HostFacts facts = Recorded.facts(recording);
    List<Section> sections =
        facts.sections().stream()
            .map(section -> Section.unreadable(section.name(), section.source(), "denied"))
            .toList();
    return facts.with(sections);
  }

  @Test
  void titlesHaveAtMostTenWordsAndNoFullStop() {
    assertThat(Catalogue.checks())
        .allSatisfy(
            check -> {
              assertThat(check.title().split("\\s+")).as(check.toString()).hasSizeBetween(2, 10);
              assertThat(check.title()).matches("[A-Z].*[^.]");
            });
  }

  @Test
  void everyCheckIsSkippedOnHostsThatDoNotAnswer() {
    Report report = analysed(dead("director"), dead("rs"), dead("client"));
    for (Finding finding : report.findings()) {
      Status expected = finding.code().equals("HST-001") ? Status.FAIL : Status.SKIP;
      assertThat(finding.status()).as("%s", finding).isEqualTo(expected);
      if (!finding.host().equals(Finding.CLUSTER) && expected == Status.SKIP) {
        assertThat(finding.blockedBy()).as("%s", finding).containsExactly("HST-001");
      }
    }
  }

  @Test
  void noCheckPassesOrFailsOnFactsThatCouldNotBeRead() {
    Report report = analysed(denied("json-director"), denied("json-rs1"), denied("json-client"));
    for (Finding finding : report.findings()) {
      if (!OTHERS.contains(finding.code())) {
        assertThat(finding.status()).as("%s", finding).isIn(Status.ERROR, Status.SKIP);
        assertThat(finding.observed()).as("the reason of %s", finding).isNotBlank();
      }
    }
  }
}
