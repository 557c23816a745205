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
import io.lvstun.host.Risk;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is around the tunnel device: loops, addresses, other devices, ports, owners. */
class TunnelChecksTest {

  private static final String NOT_LOCAL =
      "## 192.168.1.200\n192.168.1.200 dev eth0 src 192.168.1.101\n";

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
  class Loop {

    @Test
    void passesWithoutForwarding() {
      Finding finding = onServer("TUN-003", facts -> facts.text("route-to", NOT_LOCAL));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void passesWithTheAddress() {
      Finding finding = onServer("TUN-003", facts -> facts.sysctl("net/ipv4/ip_forward", "1"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWithForwardingAndWithoutTheAddressOfWhichItIsASymptom() {
      HostFacts server =
          edited(
              "json-rs1",
              facts -> facts.sysctl("net/ipv4/ip_forward", "1").text("route-to", NOT_LOCAL));
      Report report = Doctor.analyse(Clusters.of(plainDirector(), server));
      Finding loop = find(report, "TUN-003");
      assertThat(loop.status()).isEqualTo(Status.FAIL);
      assertThat(loop.rootCause()).isFalse();
      assertThat(loop.causedBy()).containsExactly("TUN-002");
      assertThat(commands(loop)).containsExactly("ip address add 192.168.1.200/32 dev tunl0");
      assertThat(find(report, "TUN-002").rootCause()).isTrue();
    }

    @Test
    void isSkippedWithoutAddressAndWithoutTunnel() {
      HostFacts noTable = edited("json-director", facts -> facts.absent("ipvs"));
      assertThat(
              finding(Clusters.of(noTable, Recorded.facts("json-rs1")), "TUN-003", "rs").status())
          .isEqualTo(Status.SKIP);
      HostFacts routed =
          director(
              facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));
      assertThat(finding(Clusters.of(routed, Recorded.facts("json-rs1")), "TUN-003", "rs").status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereSettingsCannotBeRead() {
      assertThat(onServer("TUN-003", facts -> facts.unreadable("files", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class DeviceAddress {

    private Recorded onLoopback(Recorded facts) {
      return facts.replace("address", "\"local\":\"192.168.1.200\"", "\"other\":\"x\"");
    }

    @ParameterizedTest
    @CsvSource({"0,0,PASS", "2,0,FAIL", "0,2,FAIL", "1,0,FAIL"})
    void anyFilterDropsWithoutAddress(String all, String own, Status expected) {
      Finding finding =
          onServer(
              "TUN-004",
              facts ->
                  onLoopback(facts)
                      .sysctl("net/ipv4/conf/all/rp_filter", all)
                      .sysctl("net/ipv4/conf/tunl0/rp_filter", own));
      assertThat(finding.status()).isEqualTo(expected);
      if (expected == Status.FAIL) {
        assertThat(commands(finding)).containsExactly("ip address add 192.168.1.200/32 dev tunl0");
        assertThat(finding.remedy().orElseThrow().risk()).isEqualTo(Risk.ADDRESS);
      }
    }

    @Test
    void passesWithAddress() {
      assertThat(
              onServer("TUN-004", facts -> facts.sysctl("net/ipv4/conf/all/rp_filter", "2"))
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWhereNoTunnelLeads() {
      HostFacts routed =
          director(
              facts -> facts.replace("ipvs-save", "-i", "-g").replace("ipvs", "Tunnel", "Route "));
      assertThat(finding(Clusters.of(routed, Recorded.facts("json-rs1")), "TUN-004", "rs").status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereSettingsCannotBeRead() {
      assertThat(onServer("TUN-004", facts -> facts.without("files", "rp_filter")).status())
          .isEqualTo(Status.ERROR);
    }
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
  class PrefixLength {

    @Test
    void passesWithAllBits() {
      assertThat(onServer("TUN-008", facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void warnsOfANetworkAndReplacesIt() {
      Finding finding =
          onServer(
              "TUN-008",
              facts ->
                  facts.replace(
                      "address",
                      "\"local\":\"192.168.1.200\",\"prefixlen\":32",
                      "\"local\":\"192.168.1.200\",\"prefixlen\":24"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(commands(finding))
          .containsExactly(
              "ip address add 192.168.1.200/32 dev tunl0",
              "ip address delete 192.168.1.200/24 dev tunl0");
    }

    @Test
    void isSkippedWhereNoAddressIsKnown() {
      HostFacts noTable = edited("json-director", facts -> facts.absent("ipvs"));
      assertThat(
              finding(Clusters.of(noTable, Recorded.facts("json-rs1")), "TUN-008", "rs").status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereAddressesCannotBeRead() {
      assertThat(onServer("TUN-008", facts -> facts.unreadable("address", "no ip")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Listening {

    private static final String ANY6 =
        "/proc/net/tcp6 00000000000000000000000000000000:0050"
            + " 00000000000000000000000000000000:0000 0A\n";

    @ParameterizedTest
    @ValueSource(
        strings = {
          ANY6,
          "/proc/net/tcp 00000000:0050 00000000:0000 0A",
          "/proc/net/tcp C801A8C0:0050 00000000:0000 0A 00000000"
        })
    void passesWithASocketForTheAddress(String sockets) {
      assertThat(onServer("TUN-009", facts -> facts.text("socket", sockets)).status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereItIsBoundToTheRealServersOwnAddress() {
      Finding finding =
          onServer(
              "TUN-009",
              facts -> facts.text("socket", "/proc/net/tcp 6501A8C0:0050 00000000:0000 0A"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.evidence().get(0).excerpt()).contains("tcp 192.168.1.101:80");
    }

    @Test
    void warnsWhereAddressTranslationMayLeadElsewhere() {
      Finding finding =
          onServer(
              "TUN-009",
              facts ->
                  facts
                      .text("socket", "")
                      .text(
                          "iptables-nft.4",
                          "*nat\n:PREROUTING ACCEPT [0:0]\n"
                              + "-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080\n"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
    }

    @Test
    void isSkippedWithoutAPort() {
      HostFacts marks = director(facts -> facts.without("ipvs", ":0050"));
      Finding finding = finding(Clusters.of(marks, Recorded.facts("json-rs2")), "TUN-009", "rs");
      assertThat(finding.status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereSocketsCannotBeRead() {
      assertThat(onServer("TUN-009", facts -> facts.unreadable("socket", "no awk")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class PortMapping {

    private Finding mapped(HostFacts director, HostFacts server) {
      return finding(Clusters.of(director, server), "TUN-010", "cluster");
    }

    private HostFacts toPort8080() {
      return director(facts -> facts.replace("ipvs", "C0A80165:0050", "C0A80165:1F90"));
    }

    @Test
    void passesWithEqualPorts() {
      assertThat(mapped(director(facts -> facts), Recorded.facts("json-rs1")).status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereNothingListensOnTheServicesPort() {
      HostFacts server =
          edited(
              "json-rs1",
              facts -> facts.text("socket", "/proc/net/tcp 00000000:1F90 00000000:0000 0A"));
      Finding finding = mapped(toPort8080(), server);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.evidence().get(0).excerpt())
          .isEqualTo("TCP 192.168.1.200:80 -> 192.168.1.101:8080");
    }

    @Test
    void warnsWhereThePortIsIgnoredWithoutHarm() {
      assertThat(mapped(toPort8080(), Recorded.facts("json-rs1")).status()).isEqualTo(Status.WARN);
    }

    @Test
    void isSkippedWithoutTunnels() {
      HostFacts none = edited("json-director", facts -> facts.absent("ipvs"));
      assertThat(mapped(none, Recorded.facts("json-rs1")).status()).isEqualTo(Status.SKIP);
    }
  }

  @Nested
  class Gue {

    private Finding gue(UnaryOperator<Recorded> edit) {
      HostFacts director = edited("json-director", facts -> facts.without("ipvs", "fd00"));
      return finding(Clusters.of(director, edited("json-rs1", edit)), "TUN-011", "rs");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "[{\"port\":6081,\"ipproto\":4,\"family\":\"inet\"},"
              + "{\"port\":6080,\"gue\":null,\"family\":\"inet\"}]",
          "port 6081 ipproto 4\nport 6080 gue\n"
        })
    void passesWithThePort(String fou) {
      assertThat(gue(facts -> facts.text("fou", fou)).status()).isEqualTo(Status.PASS);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "[]",
          "[{\"port\":6080,\"gue\":null,\"family\":\"inet6\"}]",
          "port 6090 gue\nport 6080 gue -6\n"
        })
    void failsWithoutItAndOpensIt(String fou) {
      Finding finding = gue(facts -> facts.text("fou", fou));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).containsExactly("modprobe fou", "ip fou add port 6080 gue");
      assertThat(finding.remedy().orElseThrow().risk()).isEqualTo(Risk.SAFE);
    }

    @Test
    void takesAPortOfAnotherKindAwayFirst() {
      Finding finding = gue(facts -> facts.text("fou", "port 6080 ipproto 4\n"));
      assertThat(commands(finding))
          .containsExactly("modprobe fou", "ip fou del port 6080", "ip fou add port 6080 gue");
    }

    @Test
    void failsWhereTheModuleIsNotLoaded() {
      assertThat(gue(facts -> facts.absent("fou")).status()).isEqualTo(Status.FAIL);
    }

    @Test
    void isSkippedWithoutGue() {
      assertThat(onServer("TUN-011", facts -> facts).status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheToolCannotTell() {
      assertThat(gue(facts -> facts.unreadable("fou", "ip: invalid argument fou")).status())
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
