// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.LargeCluster.RecordedHost;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What it costs to examine a cluster of 51 hosts; {@code --timing} tells the time. */
class LargeClusterTest {

  @Test
  void aHostIsSpokenToTwiceAtMost() {
    List<RecordedHost> hosts = LargeCluster.hosts();
    Report report = Doctor.examine(LargeCluster.topology(hosts)).run();
    // Once for all facts, once more for the routes that the director's table shows to matter.
    assertThat(hosts).hasSize(51).allMatch(host -> host.runs() <= 2);
    assertThat(report.cluster().members()).allMatch(member -> member.facts().roundTrips() <= 2);
    assertThat(report.findings())
        .filteredOn(finding -> finding.code().equals("HST-001"))
        .hasSize(51)
        .allMatch(finding -> finding.status() == Status.PASS);
    assertThat(report.findings()).hasSizeGreaterThan(50 * 30);
    assertThat(report.analysisTook()).isPositive();
  }

  @Test
  void whatTheHostsHaveInCommonIsFoundOnce() {
    List<RecordedHost> hosts = LargeCluster.hosts();
    Cluster cluster = Doctor.examine(LargeCluster.topology(hosts)).collect();
    Member last = cluster.member("rs50").orElseThrow();
    assertThat(cluster.uses(last)).hasSize(1);
    assertThat(cluster.server(cluster.uses(last).get(0).realAddress())).contains(last);
    assertThat(cluster.realAddresses(last)).isSameAs(cluster.realAddresses(last));
    assertThat(cluster.virtualAddresses()).isSameAs(cluster.virtualAddresses());
  }
}
