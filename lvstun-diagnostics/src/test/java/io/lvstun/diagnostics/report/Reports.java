// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.LargeCluster;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Evidence;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reports to write. */
final class Reports {

  /** What hosts may send, and no form of a report may pass on. */
  static final String HOSTILE =
      "</pre></style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&]]>"
          + "\u001b[31m\u001b]0;t\u0007\u0000\u0008\u009b31m\u202e\u200b\ufffe\ud800|`*_{{x}}";

  private Reports() {}

  /** Checks that the recorded cluster passes, however many others there will be. */
  private static final Set<String> PASSED = Set.of("HST-001", "HST-002", "KRN-003", "TUN-001");

  /** A cluster as it was recorded in the lab, in which nothing is found to be broken. */
  static Report healthy() {
    return analyse(Recorded.facts("json-rs1"));
  }

  private static Report analyse(HostFacts server) {
    return Doctor.analyse(Clusters.withServer(server), check -> PASSED.contains(check.code()))
        .filtered(finding -> PASSED.contains(finding.code()));
  }

  /** The same with its tunnel device down. */
  static Report broken() {
    return analyse(withTunnelDown());
  }

  static HostFacts withTunnelDown() {
    return Clusters.edited(
        "json-rs1",
        recorded -> recorded.replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\""));
  }

  /** Three directors with 50 real servers; the tunnel devices of some of these are down. */
  static Report large(int down) {
    List<LargeCluster.RecordedHost> hosts = LargeCluster.hosts();
    Topology.Builder topology = Topology.builder();
    for (int director = 1; director <= 3; director++) {
      topology.director("lb" + director, Host.netns("lb" + director));
    }
    hosts.subList(1, hosts.size()).forEach(topology::realServer);
    Topology all = topology.build();
    Cluster recorded = Doctor.examine(LargeCluster.topology(hosts)).collect();
    HostFacts[] facts = new HostFacts[all.nodes().size()];
    for (int i = 0; i < facts.length; i++) {
      Member member = recorded.members().get(Math.max(0, i - 2));
      facts[i] =
          i > 2 && i - 2 <= down
              ? Recorded.edit(member.facts())
                  .replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\"")
                  .facts()
              : member.facts();
    }
    return Doctor.analyse(Clusters.of(all, facts), check -> PASSED.contains(check.code()))
        .filtered(finding -> PASSED.contains(finding.code()));
  }

  /** A report with one finding of each status, all of their text hostile. */
  static Report hostile() {
    Topology topology =
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.ssh("root@rs"))
            .build();
    Cluster cluster =
        Clusters.of(
            topology,
            Recorded.facts("json-director"),
            HostFacts.unreachable("ssh://root@rs", Instant.EPOCH, Duration.ZERO, HOSTILE));
    List<Finding> findings = new ArrayList<>();
    for (Status status : Status.values()) {
      findings.add(finding(status));
    }
    return new Report(cluster, findings, Instant.EPOCH, Duration.ofSeconds(1), Duration.ZERO);
  }

  private static Finding finding(Status status) {
    Check check =
        Check.of("TUN-90" + status.ordinal(), "hostile-" + status.ordinal())
            .title(HOSTILE)
            .on(Role.REAL_SERVER)
            .symptom(HOSTILE)
            .why(HOSTILE)
            .remedy(HOSTILE)
            .examine(subject -> subject.skip("never"));
    return new Finding(
        check,
        status,
        "rs",
        HOSTILE,
        HOSTILE,
        List.of(new Evidence(HOSTILE, HOSTILE + "\n" + HOSTILE)),
        Optional.of(Remedy.manual(HOSTILE).lasting("/etc/" + HOSTILE, HOSTILE)),
        List.of(),
        List.of(),
        status == Status.FAIL || status == Status.WARN,
        status == Status.PASS,
        Duration.ofMillis(1));
  }
}
