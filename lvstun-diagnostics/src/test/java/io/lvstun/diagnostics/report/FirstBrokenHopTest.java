// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstBrokenHopTest {

  private static Member member(Report report, String name) {
    return report.cluster().member(name).orElseThrow();
  }

  private static FirstBrokenHop.Hop first(Report report) {
    return new FirstBrokenHop(report).first(member(report, "director"), member(report, "rs"));
  }

  private static Report withRoot(String code, String host) {
    Check check =
        Catalogue.checks().stream()
            .filter(one -> one.code().equals(code))
            .findFirst()
            .orElseThrow();
    Finding finding =
        new Finding(
            check,
            Status.FAIL,
            host,
            "wrong",
            "",
            List.of(),
            Optional.empty(),
            List.of(),
            List.of(),
            true,
            false,
            Duration.ZERO);
    return new Report(
        Reports.healthy().cluster(), List.of(finding), Instant.EPOCH, Duration.ZERO, Duration.ZERO);
  }

  @Test
  void hopFollowsFromWhereTheRootCauseIs() {
    assertThat(first(Reports.healthy())).isEqualTo(FirstBrokenHop.Hop.NONE);
    assertThat(first(withRoot("TUN-001", "rs"))).isEqualTo(FirstBrokenHop.Hop.TUNNEL);
    assertThat(first(withRoot("ARP-001", "rs"))).isEqualTo(FirstBrokenHop.Hop.SERVER);
    assertThat(first(withRoot("IPV-001", "director"))).isEqualTo(FirstBrokenHop.Hop.DIRECTOR);
  }

  @Test
  void directorGoesBeforeItsServers() {
    Report report = withRoot("IPV-001", "director");
    FirstBrokenHop hop = new FirstBrokenHop(report);
    assertThat(hop.firstBroken(member(report, "director"))).isTrue();
    assertThat(hop.firstBroken(member(report, "rs"))).isFalse();
    assertThat(hop.sentence()).isEqualTo("The first broken hop is director, in red.");
  }

  @Test
  void serverIsTheFirstOnlyIfTheTunnelToItIsWhole() {
    Report tunnel = withRoot("TUN-001", "rs");
    assertThat(new FirstBrokenHop(tunnel).firstBroken(member(tunnel, "rs"))).isFalse();
    Report server = withRoot("ARP-001", "rs");
    assertThat(new FirstBrokenHop(server).firstBroken(member(server, "rs"))).isTrue();
    assertThat(new FirstBrokenHop(server).sentence())
        .isEqualTo("In red: the first broken hop on the way to rs.");
    assertThat(new FirstBrokenHop(Reports.healthy()).sentence())
        .isEqualTo("No hop is known to be broken.");
  }

  @Test
  void worstOfAHostIsItsGravestStatus() {
    Report report = Reports.hostile();
    FirstBrokenHop hop = new FirstBrokenHop(report);
    assertThat(hop.worst(member(report, "rs"))).isEqualTo(Status.FAIL);
    assertThat(hop.worst(member(report, "director"))).isEqualTo(Status.PASS);
    Report errors = report.filtered(f -> f.status() == Status.ERROR || f.status() == Status.WARN);
    assertThat(new FirstBrokenHop(errors).worst(member(errors, "rs"))).isEqualTo(Status.ERROR);
  }
}
