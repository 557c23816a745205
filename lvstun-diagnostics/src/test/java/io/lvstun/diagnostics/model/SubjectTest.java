// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.Recorded;
import org.junit.jupiter.api.Test;

class SubjectTest {

  private static final Cluster CLUSTER = Clusters.withServer(Recorded.facts("json-rs1"));

  private static Subject subject(Severity severity, boolean cluster) {
    Check check =
        Check.of("TUN-901", "some")
            .title("t")
            .why("w")
            .remedy("r")
            .on(Role.REAL_SERVER)
            .severity(severity)
            .examine(subject -> subject.skip("never"));
    return new Subject(check, CLUSTER, cluster ? null : CLUSTER.members().get(1));
  }

  @Test
  void wrongIsAsSevereAsTheCheck() {
    assertThat(subject(Severity.FAIL, false).wrong("x").finding().status()).isEqualTo(Status.FAIL);
    assertThat(subject(Severity.WARN, false).wrong("x").finding().status()).isEqualTo(Status.WARN);
    Finding note = subject(Severity.INFO, false).wrong("x").finding();
    assertThat(note.status()).isEqualTo(Status.PASS);
    assertThat(note.notable()).isTrue();
    assertThat(subject(Severity.FAIL, false).pass("x").finding().notable()).isFalse();
  }

  @Test
  void clusterHasNoSingleHost() {
    Subject subject = subject(Severity.FAIL, true);
    assertThatThrownBy(subject::member)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("TUN-901 looks at no single host");
    assertThat(subject.skip("x").host()).isEqualTo(Finding.CLUSTER);
    assertThat(subject.pass("x").evidenceLines("link").finding().evidence()).isEmpty();
  }

  @Test
  void evidenceIsTheLinesWithOneOfTheWords() {
    Subject subject = subject(Severity.FAIL, false);
    Finding finding =
        subject
            .fail("x")
            .evidenceLines("files", "/conf/tunl0/rp_filter", "no such word")
            .evidenceLines("no such section")
            .evidence("here", "y".repeat(5000))
            .finding();
    assertThat(finding.evidence()).hasSize(2);
    assertThat(finding.evidence().get(0).excerpt())
        .contains("/conf/tunl0/rp_filter")
        .doesNotContain("arp_ignore");
    assertThat(finding.evidence().get(1).excerpt()).hasSize(2003).endsWith("...");
    assertThat(
            subject.fail("x").evidenceLines("files").finding().evidence().get(0).excerpt().lines())
        .hasSizeLessThanOrEqualTo(20);
  }
}
