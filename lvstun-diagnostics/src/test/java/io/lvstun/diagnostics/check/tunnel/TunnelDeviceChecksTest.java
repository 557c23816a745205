// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.tunnel;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Other devices, their owners, and who may send into the tunnel. */
class TunnelDeviceChecksTest {

  /** A second device, up, before tunl0. */
  private static Recorded withExternal(Recorded facts) {
    return facts
        .replace(
            "link",
            "{\"ifindex\":3,",
            "{\"ifindex\":9,\"ifname\":\"ipip0\",\"flags\":[\"NOARP\",\"UP\",\"LOWER_UP\"],"
                + "\"mtu\":1480,\"linkinfo\":{\"info_kind\":\"ipip\",\"info_data\":"
                + "{\"external\":true,\"proto\":\"any\",\"remote\":\"any\",\"local\":\"any\"}}},"
                + "{\"ifindex\":3,")
        .sysctl("net/ipv4/conf/ipip0/rp_filter", "0");
  }

  private static HostFacts director(UnaryOperator<Recorded> edit) {
    return plainDirector(edit);
  }

  @Nested
  class OtherDevice {

    @Test
    void passesWhereTunl0IsAlone() {
      assertThat(onServer("TUN-005", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void warnsOfADeviceThatGoesBeforeTunl0AndPreparesIt() {
      Finding finding =
          onServer(
              "TUN-005", facts -> withExternal(facts).sysctl("net/ipv4/conf/ipip0/rp_filter", "1"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).startsWith("ipip0 takes the packets, not tunl0");
      assertThat(commands(finding))
          .containsExactly(
              "sysctl -w net.ipv4.conf.ipip0.rp_filter=2",
              "ip address add 192.168.1.200/32 dev ipip0");
    }

    @Test
    void itsReversePathFilterIsTheOneThatIsJudged() {
      HostFacts server =
          edited(
              "json-rs1",
              facts -> withExternal(facts).sysctl("net/ipv4/conf/ipip0/rp_filter", "1"));
      Report report = Doctor.analyse(Clusters.of(plainDirector(), server));
      assertThat(find(report, "RPF-001").observed()).contains("ipip0");
      assertThat(find(report, "RPF-001").causedBy()).containsExactly("TUN-005");
      assertThat(find(report, "TUN-004").causedBy()).containsExactly("TUN-005");
    }

    @Test
    void isOnlyANoteWhereTheOtherDeviceIsPrepared() {
      Finding finding =
          onServer(
              "TUN-005",
              facts ->
                  withExternal(facts)
                      .replace(
                          "address",
                          "{\"ifindex\":3,",
                          "{\"ifname\":\"ipip0\",\"addr_info\":[{\"family\":\"inet\","
                              + "\"local\":\"192.168.1.200\",\"prefixlen\":32}]},{\"ifindex\":3,"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
    }

    @Test
    void isSkippedWhereNoPlainTunnelLeads() {
      HostFacts routed =
          director(
              facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));
      assertThat(finding(Clusters.of(routed, Recorded.facts("json-rs1")), "TUN-005", "rs").status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereDevicesCannotBeRead() {
      assertThat(onServer("TUN-005", facts -> facts.unreadable("link", "no ip")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Calico {

    private static final String CHAINS =
        """
        *filter
        :INPUT ACCEPT [0:0]
        :cali-INPUT - [0:0]
        %s-A INPUT -j cali-INPUT
        -A cali-INPUT -p 4 -m comment --comment "Drop IPIP packets from non-Calico hosts" -j DROP
        COMMIT
        """;

    @Test
    void failsWhereFelixDropsAndIsTheCauseOfTheDrop() {
      HostFacts server =
          edited("json-rs1", facts -> facts.text("iptables-nft.4", CHAINS.formatted("")));
      Report report = Doctor.analyse(Clusters.of(plainDirector(), server));
      assertThat(find(report, "TUN-006").status()).isEqualTo(Status.FAIL);
      assertThat(find(report, "TUN-006").rootCause()).isTrue();
      assertThat(find(report, "FW-001").causedBy()).containsExactly("TUN-006");
    }

    @Test
    void passesWhereARuleBeforeAcceptsTheDirector() {
      Finding finding =
          onServer(
              "TUN-006",
              facts ->
                  facts.text(
                      "iptables-nft.4",
                      CHAINS.formatted("-A INPUT -s 192.168.1.100/32 -p 4 -j ACCEPT\n")));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWithoutCalico() {
      assertThat(onServer("TUN-006", facts -> facts).status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheFilterCannotBeRead() {
      assertThat(
              onServer("TUN-006", facts -> facts.unreadable("iptables-nft.4", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Owner {

    private Recorded foreign(Recorded facts) {
      return facts.replace(
          "address",
          "\"label\":\"tunl0\"",
          "\"label\":\"tunl0\"},{\"family\":\"inet\",\"local\":\"10.244.7.1\",\"prefixlen\":32");
    }

    @Test
    void passesWithTheVirtualAddressAlone() {
      assertThat(onServer("TUN-007", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void warnsWhereCalicoRuns() {
      Finding finding =
          onServer(
              "TUN-007",
              facts ->
                  foreign(facts)
                      .text(
                          "process",
                          "/proc/77/comm:calico-node\n"
                              + "lrwxrwxrwx 1 root root 0 Nov 22 16:50 /proc/77/ns/net ->"
                              + " net:[4026532311]\n"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("calico-node");
    }

    @Test
    void isANoteWhereItRunsInAnotherNamespace() {
      Finding finding =
          onServer(
              "TUN-007",
              facts ->
                  foreign(facts)
                      .text(
                          "process",
                          "/proc/77/comm:calico-node\n"
                              + "lrwxrwxrwx 1 root root 0 Nov 22 16:50 /proc/77/ns/net ->"
                              + " net:[4026531840]\n"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
    }

    @Test
    void isAnErrorWhereProcessesCannotBeRead() {
      assertThat(onServer("TUN-007", facts -> facts.unreadable("process", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class FrameErrors {

    @Test
    void areANoteWhileTheyGrow() {
      assertThat(onServer("TUN-012", facts -> facts).notable()).isFalse();
      Finding finding =
          onServer(
              "TUN-012",
              facts ->
                  facts.replace(
                      "counters.2",
                      "tunl0:     704      10    0    0    0     0",
                      "tunl0:     704      10    5    0    0     5"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
      assertThat(finding.evidence().get(0).excerpt()).contains("+5");
    }

    @Test
    void areAnErrorWithoutCounters() {
      assertThat(onServer("TUN-012", facts -> facts.unreadable("counters.1", "no")).status())
          .isEqualTo(Status.ERROR);
    }

    @Test
    void areSkippedWithoutTunnel() {
      HostFacts routed =
          director(
              facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));
      assertThat(finding(Clusters.of(routed, Recorded.facts("json-rs1")), "TUN-012", "rs").status())
          .isEqualTo(Status.SKIP);
    }
  }

  @Nested
  class OpenToAll {

    @Test
    void passesWhereOnlyTheDirectorIsAccepted() {
      assertThat(onServer("TUN-013", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void warnsWhereTheRuleHasNoSource() {
      Finding finding =
          onServer(
              "TUN-013",
              facts ->
                  facts.replace("iptables-nft.4", "-s 192.168.1.100/32 -p ipencap", "-p ipencap"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("protocol 4 is accepted from any address");
    }

    @Test
    void isANoteWithoutFilter() {
      Finding finding =
          onServer(
              "TUN-013",
              facts ->
                  facts.absent("iptables-nft.4").absent("iptables-legacy.4").absent("nft.json"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
    }

    @Test
    void isSkippedWithoutTunnelAndBlockedByADrop() {
      HostFacts routed =
          director(
              facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));
      assertThat(finding(Clusters.of(routed, Recorded.facts("json-rs1")), "TUN-013", "rs").status())
          .isEqualTo(Status.SKIP);
      assertThat(
              finding(Clusters.of(plainDirector(), Recorded.facts("json-rs2")), "TUN-013", "rs")
                  .blockedBy())
          .containsExactly("FW-001");
    }
  }

  private static Finding find(Report report, String code) {
    return report.findings().stream()
        .filter(finding -> finding.code().equals(code) && finding.host().equals("rs"))
        .findFirst()
        .orElseThrow();
  }
}
