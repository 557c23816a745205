// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.withServer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.HostChange;
import io.lvstun.host.Risk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of the module, the tunnel device, the address, ARP, the packet filter and the MTU. */
class CardChecksTest {

  private static final HostFacts HEALTHY = Recorded.facts("json-rs1");

  private static Finding onServer(String code, UnaryOperator<Recorded> edit) {
    return finding(withServer(edited("json-rs1", edit)), code, "rs");
  }

  private static Finding onServer(String code, HostFacts facts) {
    return finding(withServer(facts), code, "rs");
  }

  private static List<String> commands(Finding finding) {
    return finding.remedy().map(Remedy::actions).orElse(List.of()).stream()
        .map(HostChange::text)
        .toList();
  }

  /** The director reaches the server by direct routing. */
  private static Cluster routed() {
    HostFacts director =
        edited(
            "json-director",
            facts ->
                facts
                    .replace("ipvs-save", "-i", "-g")
                    .replace("ipvs", "Tunnel", "Route ")
                    .without("ipvs-save", "gue"));
    return Clusters.of(director, HEALTHY);
  }

  @Nested
  class IpipModule {

    @ParameterizedTest
    @ValueSource(strings = {"json-rs1", "busybox-rs1"})
    void passesWhereItIsLoaded(String recording) {
      assertThat(onServer("KRN-003", Recorded.facts(recording)).status()).isEqualTo(Status.PASS);
    }

    private HostFacts unloaded(UnaryOperator<Recorded> edit) {
      return edited(
          "json-rs1",
          facts ->
              edit.apply(
                  facts.without("modules", "/ipip").replace("link", "\"ipip\"", "\"none\"")));
    }

    @Test
    void failsWhereItCouldBeLoadedAndSaysHow() {
      Finding finding = onServer("KRN-003", unloaded(facts -> facts));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("can be");
      assertThat(finding.rootCause()).isTrue();
      assertThat(commands(finding)).containsExactly("modprobe ipip");
      Remedy remedy = finding.remedy().orElseThrow();
      assertThat(remedy.risk()).isEqualTo(Risk.SAFE);
      assertThat(remedy.persistent().get(0).file()).isEqualTo("/etc/modules-load.d/lvstun.conf");
    }

    @Test
    void failsWithAnotherRemedyWhereTheKernelHasNone() {
      Finding finding =
          onServer("KRN-003", unloaded(facts -> facts.without("modules.available", "ipip")));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.remedy().orElseThrow().risk()).isEqualTo(Risk.MANUAL);
    }

    @Test
    void passesWhereItIsBuiltIn() {
      Finding finding =
          onServer(
              "KRN-003",
              unloaded(
                  facts ->
                      facts.line("modules.available", "/lib/modules/6/modules.builtin:/ipip.ko")));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).contains("built into");
    }

    @Test
    void isSkippedWhereNoTunnelLeads() {
      Finding finding = finding(routed(), "KRN-003", "rs");
      assertThat(finding.status()).isEqualTo(Status.SKIP);
      assertThat(finding.observed()).contains("Route");
    }

    @Test
    void isAnErrorWhereModulesCannotBeRead() {
      Finding finding =
          onServer("KRN-003", facts -> facts.unreadable("modules", "permission denied"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("permission denied");
    }
  }

  @Nested
  class TunnelDevice {

    @ParameterizedTest
    @ValueSource(strings = {"json-rs1", "json-rs2", "busybox-rs1"})
    void passesWhereItIsUpWhateverItsOperationalState(String recording) {
      assertThat(onServer("TUN-001", Recorded.facts(recording)).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereItIsDown() {
      Finding finding =
          onServer(
              "TUN-001",
              facts -> facts.replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\""));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).isEqualTo("tunl0 is down");
      assertThat(commands(finding)).containsExactly("ip link set dev tunl0 up");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json-rs3", "text-rs3"})
    void namesTheDeviceThatWouldTakeThePackets(String recording) {
      // All devices are down; ipip8 has a remote end that is no director's, ipip7 goes before
      // tunl0.
      Finding finding = onServer("TUN-001", Recorded.facts(recording));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).isEqualTo("ipip7 is down");
    }

    @Test
    void failsWhereThereIsNoDevice() {
      HostFacts server = edited("json-rs1", facts -> facts.replace("link", "\"ipip\"", "\"none\""));
      Finding finding = onServer("KRN-004", server);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding).get(0)).contains("type ipip external");
      assertThat(onServer("TUN-001", server).blockedBy()).containsExactly("KRN-004");
    }

    @Test
    void isBlockedByTheMissingModule() {
      Finding finding =
          onServer(
              "TUN-001",
              facts -> facts.without("modules", "/ipip").replace("link", "\"ipip\"", "\"none\""));
      assertThat(finding.status()).isEqualTo(Status.SKIP);
      assertThat(finding.blockedBy()).containsExactly("KRN-003");
      assertThat(finding.observed()).isEqualTo("blocked by KRN-003");
    }

    @Test
    void isSkippedWhereNoTunnelLeads() {
      assertThat(finding(routed(), "TUN-001", "rs").status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereDevicesCannotBeRead() {
      Finding finding = onServer("TUN-001", facts -> facts.unreadable("link", "ip: not found"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("ip: not found");
    }
  }

  @Nested
  class VirtualAddress {

    @ParameterizedTest
    @ValueSource(strings = {"json-rs1", "busybox-rs1"})
    void passesWhereTheKernelCallsItLocal(String recording) {
      // fd00::200 is a virtual address as well, and the servers do not have it.
      HostFacts director = edited("json-director", facts -> facts.without("ipvs", "fd00"));
      Finding finding = finding(Clusters.of(director, Recorded.facts(recording)), "TUN-002", "rs");
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).isEqualTo("192.168.1.200 is local");
    }

    @Test
    void failsWhereItIsMissingAndAddsItToTheDeviceOfTheTunnel() {
      Finding finding = onServer("TUN-002", Recorded.facts("json-rs3"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).contains("ip address add 192.168.1.200/32 dev ipip7");
      assertThat(finding.remedy().orElseThrow().risk()).isEqualTo(Risk.ADDRESS);
      assertThat(finding.evidence())
          .anyMatch(evidence -> evidence.excerpt().contains("InAddrErrors"));
    }

    @Test
    void takesAnAddressOnADeviceForLocalWhereTheRouteWasNotAskedFor() {
      HostFacts director = edited("json-director", facts -> facts.without("ipvs", "fd00"));
      HostFacts server = edited("json-rs1", facts -> facts.text("route-to", ""));
      assertThat(finding(Clusters.of(director, server), "TUN-002", "rs").status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWhereNoAddressIsKnown() {
      HostFacts director = edited("json-director", facts -> facts.absent("ipvs"));
      assertThat(finding(Clusters.of(director, HEALTHY), "TUN-002", "rs").status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereNeitherRoutesNorAddressesAreKnown() {
      Finding finding =
          onServer(
              "TUN-002",
              facts -> facts.text("route-to", "").unreadable("address", "ip: not found"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Arp {

    /** IPv4 alone, so that the address is in order. */
    private Finding arp(String code, UnaryOperator<Recorded> edit) {
      HostFacts director = edited("json-director", facts -> facts.without("ipvs", "fd00"));
      return finding(Clusters.of(director, edited("json-rs1", edit)), code, "rs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARP-001", "ARP-003"})
    void passesWithTheSettingsForAllDevices(String code) {
      assertThat(arp(code, facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @ParameterizedTest
    @CsvSource({
      "0,0,0,FAIL",
      "0,1,0,FAIL",
      "0,0,1,PASS",
      "1,0,0,PASS",
      "0,0,2,PASS",
      "0,0,8,PASS",
      "3,0,1,FAIL"
    })
    void greaterOfAllAndTheCardCountsForIgnore(
        String all, String tunnel, String card, Status expected) {
      Finding finding =
          arp(
              "ARP-001",
              facts ->
                  facts
                      .sysctl("net/ipv4/conf/all/arp_ignore", all)
                      .sysctl("net/ipv4/conf/tunl0/arp_ignore", tunnel)
                      .sysctl("net/ipv4/conf/eth0/arp_ignore", card));
      assertThat(finding.status()).isEqualTo(expected);
      if (expected == Status.FAIL) {
        assertThat(finding.observed()).contains("eth0").contains("192.168.1.200");
        assertThat(commands(finding)).containsExactly("sysctl -w net.ipv4.conf.eth0.arp_ignore=1");
      }
    }

    @ParameterizedTest
    @CsvSource({"0,0,FAIL", "1,1,FAIL", "2,0,PASS", "0,2,PASS"})
    void greaterOfAllAndTheCardCountsForAnnounce(String all, String card, Status expected) {
      Finding finding =
          arp(
              "ARP-003",
              facts ->
                  facts
                      .sysctl("net/ipv4/conf/all/arp_announce", all)
                      .sysctl("net/ipv4/conf/eth0/arp_announce", card));
      assertThat(finding.status()).isEqualTo(expected);
      if (expected == Status.FAIL) {
        assertThat(commands(finding))
            .containsExactly("sysctl -w net.ipv4.conf.eth0.arp_announce=2");
      }
    }

    @Test
    void addressOnTheCardItselfFailsWhateverTheSettings() {
      Finding finding =
          arp(
              "ARP-001",
              facts ->
                  facts.replace(
                      "address",
                      "\"local\":\"192.168.1.101\",\"prefixlen\":24",
                      "\"local\":\"192.168.1.200\",\"prefixlen\":24"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("the card itself has");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARP-001", "ARP-003"})
    void isSkippedOnAnotherSegment(String code) {
      Finding finding =
          arp(
              code,
              facts ->
                  facts
                      .replace("address", "192.168.1.101", "192.168.2.101")
                      .replace("route", "192.168.1.0/24", "192.168.2.0/24"));
      assertThat(finding.status()).isEqualTo(Status.SKIP);
      assertThat(finding.observed()).contains("no card shares a segment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARP-001", "ARP-003"})
    void isAnErrorWhereSettingsCannotBeRead(String code) {
      assertThat(arp(code, facts -> facts.without("files", "/conf/eth0/arp_")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class ProtocolFour {

    /** Tunnels without UDP. */
    private Finding bare(HostFacts server) {
      HostFacts director = edited("json-director", facts -> facts.without("ipvs", ":0035"));
      return finding(Clusters.of(director, server), "FW-001", "rs");
    }

    @Test
    void passesWhereARuleLetsTheDirectorIn() {
      Finding finding = bare(HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.evidence().get(0).excerpt()).contains("iptables-nft");
    }

    @Test
    void passesWithoutFilter() {
      Finding finding =
          onServer(
              "FW-001",
              facts ->
                  facts.absent("iptables-nft.4").absent("iptables-legacy.4").absent("nft.json"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).isEqualTo("no packet filter");
    }

    @Test
    void failsWhereIptablesLegacyDropsAndInsertsARuleThere() {
      Finding finding = onServer("FW-001", Recorded.facts("json-rs2"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.evidence().get(0).excerpt()).contains("iptables-legacy ip filter own");
      assertThat(commands(finding))
          .containsExactly("iptables-legacy -t filter -I INPUT 1 -p 4 -s 192.168.1.100 -j ACCEPT");
      assertThat(finding.remedy().orElseThrow().risk()).isEqualTo(Risk.FIREWALL);
    }

    @Test
    void failsWhereIptablesNftLetsOnlyIpipInWhichIsNumber94() {
      Finding finding =
          bare(edited("json-rs1", facts -> facts.without("iptables-nft.4", "192.168.1.100")));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding).get(0)).startsWith("iptables-nft -t filter -I INPUT 1 -p 4");
    }

    @Test
    void failsWhereTheTunnelInUdpIsDropped() {
      Finding finding = onServer("FW-001", HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("UDP port 6080 from 192.168.1.100");
      assertThat(commands(finding))
          .containsExactly(
              "iptables-nft -t filter -I INPUT 1 -p 17 -s 192.168.1.100 --dport 6080 -j ACCEPT");
    }

    @Test
    void failsWhereNftablesDrops() {
      HostFacts director =
          edited(
              "json-director",
              facts ->
                  facts.line(
                      "route-to", "## 192.168.1.103\n192.168.1.103 dev eth0 src 192.168.1.100"));
      HostFacts server =
          edited("json-rs3", facts -> facts.replace("nft.json", "\"@allowed\"", "\"192.0.2.1\""));
      Finding finding = finding(Clusters.of(director, server), "FW-001", "rs");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding).get(0)).startsWith("nft insert rule inet filter input");
    }

    @Test
    void warnsWhereARuleCannotBeJudged() {
      Finding finding = onServer("FW-001", Recorded.facts("json-rs3"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.evidence().get(0).excerpt()).contains("@allowed");
    }

    @Test
    void isSkippedWhereNoTunnelLeads() {
      assertThat(finding(routed(), "FW-001", "rs").status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheFilterCannotBeRead() {
      Finding finding = onServer("FW-001", Recorded.facts("busybox-rs1"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("nft is not installed");
    }
  }

  @Nested
  class PathMtu {

    private Finding onDirector(UnaryOperator<Recorded> director, HostFacts server) {
      return finding(Clusters.of(edited("json-director", director), server), "MTU-001", "director");
    }

    @Test
    void warnsOverEthernet() {
      Finding finding = onDirector(facts -> facts, HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.evidence().get(0).excerpt())
          .contains("192.168.1.102 path 1500, for clients 1480")
          .contains("192.168.1.101 path 1500, for clients 1468");
    }

    @Test
    void passesWithRoomForTheHeader() {
      Finding finding =
          onDirector(facts -> facts.replace("link", "\"mtu\":1500", "\"mtu\":1532"), HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void smallerMtuOfTheRouteCounts() {
      Finding finding =
          onDirector(
              facts ->
                  facts
                      .replace("link", "\"mtu\":1500", "\"mtu\":9000")
                      .text(
                          "route-to",
                          """
                          ## 192.168.1.101
                          192.168.1.101 dev eth0 src 192.168.1.100
                              cache expires 590sec mtu 1400
                          ## 192.168.1.102
                          192.168.1.102 dev eth0 src 192.168.1.100
                          """),
              HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("192.168.1.101").doesNotContain("192.168.1.102");
    }

    @Test
    void passesWhereTheServerAnnouncesASmallerMss() {
      HostFacts server =
          edited(
              "json-rs1",
              facts ->
                  facts.text(
                      "route",
                      "default via 192.168.1.1 dev eth0 advmss 1428\n192.168.1.0/24 dev eth0\n"));
      // Only the server that clamps is in the table.
      Finding finding =
          onDirector(facts -> facts.without("ipvs", "C0A80166").without("ipvs", "fd00"), server);
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).contains("smaller MSS");
    }

    @Test
    void isSkippedWithoutTunnels() {
      assertThat(finding(routed(), "MTU-001", "director").status()).isEqualTo(Status.SKIP);
      assertThat(onDirector(facts -> facts.absent("ipvs"), HEALTHY).status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheRoutesAreNotKnown() {
      Finding finding = onDirector(facts -> facts.text("route-to", ""), HEALTHY);
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(onDirector(facts -> facts.unreadable("ipvs", "denied"), HEALTHY).status())
          .isEqualTo(Status.ERROR);
    }
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
