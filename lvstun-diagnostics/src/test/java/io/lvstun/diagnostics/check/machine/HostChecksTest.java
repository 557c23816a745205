// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.withServer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HostChecksTest {

  private static Finding onServer(String code, UnaryOperator<Recorded> edit) {
    return finding(withServer(edited("json-rs1", edit)), code, "rs");
  }

  private static Finding onServer(String code, HostFacts facts) {
    return finding(withServer(facts), code, "rs");
  }

  @Nested
  class UnreachableHost {

    @Test
    void isAFindingThatBlocksTheOthers() {
      HostFacts dead =
          HostFacts.unreachable(
              "ssh://root@rs", Instant.EPOCH, Duration.ofSeconds(10), "connection timed out");
      Report report = io.lvstun.diagnostics.Doctor.analyse(withServer(dead));
      Finding first = report.findings().get(0);
      assertThat(first.code()).isEqualTo("HST-001");
      assertThat(first.status()).isEqualTo(Status.FAIL);
      assertThat(first.rootCause()).isTrue();
      assertThat(report.findings())
          .filteredOn(finding -> finding.host().equals("rs") && !finding.code().equals("HST-001"))
          .allMatch(finding -> finding.status() == Status.SKIP)
          .allMatch(finding -> finding.blockedBy().equals(List.of("HST-001")));
    }

    @Test
    void whatAnUnprivilegedUserCannotSeeIsAWarning() {
      Finding finding =
          onServer(
              "HST-002",
              facts ->
                  facts
                      .replace("identity", "uid=0", "uid=1000")
                      .unreadable("iptables-nft.4", "Permission denied (you must be root)"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.evidence().get(0).source()).isEqualTo("iptables-nft.4");
    }

    @Test
    void collectingThatStoppedEarlyIsAWarning() {
      Finding finding =
          onServer(
              "HST-002",
              facts -> facts.unreadable("end", "it took longer than 30.0 s, at section nft.json"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("nft.json");
    }
  }
}
