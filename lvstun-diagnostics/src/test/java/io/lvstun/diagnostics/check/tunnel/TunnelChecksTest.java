// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.tunnel;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static io.lvstun.diagnostics.model.Clusters.withServer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.Doctor;
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
import java.util.List;
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

  private static Finding find(Report report, String code) {
    return report.findings().stream()
        .filter(finding -> finding.code().equals(code) && finding.host().equals("rs"))
        .findFirst()
        .orElseThrow();
  }

  @Nested
  class TunnelDevice {

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
}
