// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProbeReviewTest {

  private static Section note(String name, String... lines) {
    return Section.read(name, "a probe", String.join("\n", lines) + "\n");
  }

  private static String attempt(String outcome) {
    return "attempt address=192.168.1.200 port=80 source=192.168.1.10 local=40000 outcome="
        + outcome
        + " errno=0 ms=3 sent=60 received=0";
  }

  private static String echo(String outcome, String tcp) {
    return "echo server=192.168.1.101 vip=192.168.1.200 tunnel=ipip outcome="
        + outcome
        + " port=80 tcp="
        + tcp
        + " detail=";
  }

  /** The recorded real server's packet filter drops what comes out of the tunnel: FW-002. */
  private static Report report(String attempt, String echo) {
    Topology topology =
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"))
            .vantage("client", Host.netns("client"))
            .build();
    HostFacts director =
        Clusters.plainDirector(facts -> facts.without("ipvs", "C0A80166"))
            .with(List.of(note("probe.echo", echo)));
    HostFacts client = Recorded.facts("json-client").with(List.of(note("probe.connect", attempt)));
    Cluster cluster = Clusters.of(topology, director, Recorded.facts("json-rs1"), client);
    return Doctor.analyse(cluster);
  }

  private static Finding finding(Report report, String code, String host) {
    return report.findings().stream()
        .filter(one -> one.code().equals(code) && one.host().equals(host))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void failureOnAWayThatProbesTakeIsAWarning() {
    Report report = report(attempt("ok"), echo("answered", "open"));
    Finding finding = finding(report, "FW-002", "rs");
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.observed())
        .contains("is dropped; yet all probes of this run got through (PRB-001, PRB-002)");
    assertThat(finding.remedy().orElseThrow().actions()).as("nothing is repaired").isEmpty();
    assertThat(report.findings(Status.FAIL)).extracting(Finding::host).doesNotContain("rs");
  }

  @Test
  void probesThatFailOrDoNotTellLeaveItAFailure() {
    for (Report report :
        List.of(
            report(attempt("timeout"), echo("answered", "open")),
            report(attempt("ok"), echo("answered", "silent")),
            report(attempt("ok"), echo("silent", "silent")),
            report(attempt("ok").replace("port=80", "port=81"), echo("answered", "open")),
            report("tool=perl", echo("answered", "open")))) {
      assertThat(finding(report, "FW-002", "rs").status()).isEqualTo(Status.FAIL);
    }
  }

  private static Section counters(String name, int uptime, int packets) {
    return note(
        name,
        "/proc/uptime:" + uptime + ".00 0",
        "/proc/net/dev: eth0: 0 " + packets + " 0 0 0 0 0 0 0 " + packets + " 0 0 0 0 0 0",
        "/proc/net/dev: tunl0: 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0");
  }

  /** A rule that cannot be judged may drop the tunnel's packets; they reach the card or do not. */
  private static Report doubtful(int packets) {
    Topology topology =
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"))
            .vantage("client", Host.netns("client"))
            .build();
    HostFacts director =
        Clusters.plainDirector()
            .with(
                List.of(
                    counters("probe.ledger.idle", 10, 0),
                    counters("probe.ledger.before", 11, 0),
                    note(
                        "probe.ledger.after",
                        "/proc/uptime:14.00 0",
                        "/proc/net/dev: eth0: 0 9 0 0 0 0 0 0 0 9 0 0 0 0 0 0",
                        "/proc/net/ip_vs_conn:TCP C0A8010A 9C40 C0A801C8 0050 C0A80165 0050"
                            + " SYN_RECV          58")));
    HostFacts server =
        Clusters.edited(
                "json-rs1",
                facts ->
                    facts
                        .replace("iptables-nft.4", ":INPUT DROP", ":INPUT ACCEPT")
                        .replace(
                            "iptables-nft.4",
                            "-A INPUT -s 192.168.1.100/32 -p ipencap -j ACCEPT",
                            "-A INPUT -p ipencap -m bpf --object-pinned /sys/fs/bpf/x -j DROP"))
            .with(
                List.of(
                    counters("probe.ledger.idle", 10, 0),
                    counters("probe.ledger.before", 11, 0),
                    counters("probe.ledger.after", 14, packets)));
    HostFacts client =
        Recorded.facts("json-client").with(List.of(note("probe.ledger", attempt("timeout"))));
    return Doctor.analyse(Clusters.of(topology, director, server, client));
  }

  @Test
  void doubtAtTheStepWhereRequestsStopIsAFailure() {
    Report report = doubtful(9);
    Finding finding = finding(report, "FW-001", "rs");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.observed())
        .contains("may be dropped")
        .endsWith("and requests stop here: rs takes them out of the tunnel fails (PRB-004)");
    Finding ledger = finding(report, "PRB-004", "client");
    assertThat(ledger.causedBy()).contains("FW-001");
    assertThat(ledger.observed()).contains("dev.tunl0.rx_packets +0");
    assertThat(ledger.remedy().orElseThrow().text())
        .as("only checks that did not pass")
        .contains("FW-001")
        .doesNotContain("KRN-003", "TUN-001");
  }

  @Test
  void doubtAtAnotherStepStaysADoubt() {
    assertThat(finding(doubtful(0), "FW-001", "rs").status()).isEqualTo(Status.WARN);
  }
}
