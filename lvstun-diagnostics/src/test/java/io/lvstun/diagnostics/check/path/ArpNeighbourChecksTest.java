// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ARP settings on the wrong device, and what neighbours have learnt. */
class ArpNeighbourChecksTest {

  private static final String DIRECTOR = "ce:c4:ff:92:29:ac";
  private static final String SERVER = "a6:f6:70:18:0f:3f";
  private static final String NOBODY = "02:00:00:00:00:99";

  private static Finding onVantage(String code, HostFacts director, String neighbour) {
    Topology topology =
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"))
            .vantage("client", Host.netns("client"))
            .build();
    HostFacts client = edited("json-client", facts -> facts.text("neighbour", neighbour));
    return finding(
        Clusters.of(topology, director, Recorded.facts("json-rs1"), client), code, "client");
  }

  private static String learnt(String address) {
    return "[{\"dst\":\"192.168.1.200\",\"dev\":\"eth0\",\"lladdr\":\""
        + address
        + "\",\"state\":[\"STALE\"]}]";
  }

  @ParameterizedTest
  @CsvSource({"0,0,0,PASS", "0,1,0,WARN", "1,1,0,PASS", "0,1,1,PASS"})
  void settingsOnTheTunnelAloneAreInVain(String all, String tunnel, String card, Status expected) {
    Finding finding =
        onServer(
            "ARP-002",
            facts ->
                facts
                    .sysctl("net/ipv4/conf/all/arp_ignore", all)
                    .sysctl("net/ipv4/conf/tunl0/arp_ignore", tunnel)
                    .sysctl("net/ipv4/conf/eth0/arp_ignore", card));
    assertThat(finding.status()).isEqualTo(expected);
    if (expected == Status.WARN) {
      assertThat(commands(finding)).containsExactly("sysctl -w net.ipv4.conf.eth0.arp_ignore=1");
    }
  }

  @Test
  void settingsAreOfNoInterestOnAnotherSegmentAndMustBeReadable() {
    assertThat(
            onServer(
                    "ARP-002",
                    facts ->
                        facts
                            .replace("address", "192.168.1.101", "192.168.2.101")
                            .replace("route", "192.168.1.0/24", "192.168.2.0/24"))
                .status())
        .isEqualTo(Status.SKIP);
    assertThat(onServer("ARP-002", facts -> facts.unreadable("files", "denied")).status())
        .isEqualTo(Status.ERROR);
  }

  @ParameterizedTest
  @CsvSource({DIRECTOR + ",PASS", "00:00:5e:00:01:33,PASS", SERVER + ",FAIL", NOBODY + ",WARN"})
  void virtualAddressMustBeFoundAtADirector(String address, Status expected) {
    Finding finding = onVantage("ARP-004", plainDirector(), learnt(address));
    assertThat(finding.status()).isEqualTo(expected);
    if (expected == Status.FAIL) {
      assertThat(finding.observed()).endsWith("to rs");
      assertThat(commands(finding)).containsExactly("ip neigh flush to 192.168.1.200 dev eth0");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ARP-004", "ARP-005"})
  void hostsElsewhereHaveLearntNothing(String code) {
    assertThat(onVantage(code, plainDirector(), "[]").status()).isEqualTo(Status.SKIP);
    assertThat(onVantage(code, plainDirector(), "192.168.1.200 dev eth0 FAILED\n").status())
        .isEqualTo(Status.SKIP);
    assertThat(onVantage(code, plainDirector(), "nonsense\n").status()).isEqualTo(Status.ERROR);
  }

  @Test
  void neighbourThatStaysWithTheOldMasterIsAWarning() {
    HostFacts old =
        plainDirector(facts -> facts.replace("address", "192.168.1.200", "192.168.1.222"));
    HostFacts master = plainDirector(facts -> facts.replace("link", DIRECTOR, "ce:c4:ff:92:29:ad"));
    Topology topology =
        Topology.builder()
            .director("old", Host.netns("director"))
            .director("master", Host.netns("director2"))
            .realServer("rs", Host.netns("rs"))
            .vantage("client", Host.netns("client"))
            .build();
    HostFacts client = edited("json-client", facts -> facts.text("neighbour", learnt(DIRECTOR)));
    Finding finding =
        finding(
            Clusters.of(topology, old, master, Recorded.facts("json-rs1"), client),
            "ARP-005",
            "client");
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.observed()).contains("at old, but master has it now");
    assertThat(onVantage("ARP-005", plainDirector(), learnt(DIRECTOR)).status())
        .isEqualTo(Status.PASS);
  }
}
