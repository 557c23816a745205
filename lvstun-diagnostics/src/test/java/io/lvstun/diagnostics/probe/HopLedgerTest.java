// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.host.Host;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class HopLedgerTest {

  private static String attempt(int port, String outcome) {
    return "attempt address=192.168.1.200 port=80 source=198.51.100.7 local="
        + port
        + " outcome="
        + outcome
        + " ms=0 sent=0 received=0\n";
  }

  private static Cluster cluster(String requests, String connections) {
    String sample = "/proc/uptime:%d.00 0\n/proc/net/snmp:Ip: InReceives\n/proc/net/snmp:Ip: %d\n";
    HostFacts director =
        Recorded.facts("json-director")
            .with(
                List.of(
                    Section.read(HopLedger.IDLE, "", String.format(Locale.ROOT, sample, 10, 0)),
                    Section.read(HopLedger.BEFORE, "", String.format(Locale.ROOT, sample, 12, 0)),
                    Section.read(
                        HopLedger.AFTER,
                        "",
                        String.format(Locale.ROOT, sample, 14, 4) + connections)));
    HostFacts client =
        Recorded.facts("json-client").with(List.of(Section.read(HopLedger.REQUESTS, "", requests)));
    return Clusters.of(
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"))
            .vantage("client", Host.netns("client"))
            .build(),
        director,
        Recorded.facts("json-rs1"),
        client);
  }

  private static List<HopLedger> ledgers(String requests, String connections) {
    Cluster cluster = cluster(requests, connections);
    return HopLedger.of(cluster, cluster.member("client").orElseThrow()).get();
  }

  @Test
  void answeredRequestsNeedNoLedger() {
    assertThat(ledgers(attempt(49152, "ok") + attempt(49153, "silent"), "")).isEmpty();
  }

  @Test
  void requestsWithoutConnectionStopAtTheDirectorThatGetsThem() {
    HopLedger ledger = ledgers(attempt(49152, "timeout").repeat(4), "").get(0);
    assertThat(ledger.server()).isEmpty();
    assertThat(ledger.requests()).isEqualTo(4);
    assertThat(ledger.hops().get(0).state()).isEqualTo(Hop.State.PASSED);
    assertThat(ledger.firstBroken().orElseThrow().step())
        .isEqualTo("director makes connections of them");
    assertThat(ledger.firstBroken().orElseThrow().explainedBy())
        .contains(Codes.VIP_LOCAL_ON_DIRECTOR)
        .doesNotContain(Codes.SOME_WEIGHT_ABOVE_ZERO);
  }

  @Test
  void refusalAtTheDirectorIsForWantOfServers() {
    assertThat(
            ledgers(attempt(49152, "refused"), "").get(0).firstBroken().orElseThrow().explainedBy())
        .contains(Codes.SOME_WEIGHT_ABOVE_ZERO);
  }

  @Test
  void requestsAreToldApartByTheServerThatTheyWentTo() {
    List<HopLedger> ledgers =
        ledgers(
            attempt(49152, "timeout") + attempt(49153, "timeout") + attempt(49154, "timeout"),
            "/proc/net/ip_vs_conn:TCP C6336407 C000 C0A801C8 0050 C0A80165 0050 SYN_RECV 59\n"
                + "/proc/net/ip_vs_conn:TCP C6336407 C001 C0A801C8 0050 C0A80163 0050 SYN_RECV"
                + " 59\n");
    assertThat(ledgers)
        .extracting(HopLedger::server, HopLedger::requests)
        .containsExactly(tuple("", 1), tuple("rs", 1), tuple("192.168.1.99", 1));
    assertThat(ledgers.get(1).hops().get(0).state()).isEqualTo(Hop.State.PASSED);
    assertThat(ledgers.get(1).hops().get(ledgers.get(1).hops().size() - 1).step())
        .isEqualTo("client gets the answers");
  }

  @Test
  void notesThatCannotBeReadAreUnknown() {
    Cluster cluster = cluster("attempt port=x\n", "");
    assertThat(HopLedger.of(cluster, cluster.member("client").orElseThrow()).known()).isEmpty();
  }
}
