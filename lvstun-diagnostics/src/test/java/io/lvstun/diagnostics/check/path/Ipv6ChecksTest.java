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
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tunnels over IPv6, IPv6 in tunnels, and IPv6 addresses that are not usable. */
class Ipv6ChecksTest {

  private static final String RIP6 = "fd00::101";

  /** A director with one service, by its line of /proc/net/ip_vs, to one real server. */
  private static HostFacts director(String service, String server, String route) {
    return edited(
        "json-director",
        facts ->
            facts
                .text(
                    "ipvs",
                    "/proc/net/ip_vs:IP Virtual Server version 1.2.1 (size=4096)\n"
                        + "/proc/net/ip_vs:Prot LocalAddress:Port Scheduler Flags\n"
                        + "/proc/net/ip_vs:  -> RemoteAddress:Port Forward Weight\n"
                        + "/proc/net/ip_vs:TCP  "
                        + service
                        + " rr \n"
                        + "/proc/net/ip_vs:  -> "
                        + server
                        + "      Tunnel  1      0          0\n")
                .unreadable("ipvs-save", "no ipvsadm")
                .text("route-to", route));
  }

  private static HostFacts over6() {
    return director(
        "C0A801C8:0050",
        "[fd00:0000:0000:0000:0000:0000:0000:0101]:0050",
        "## fd00::101\nfd00::101 dev eth0 src fd00::100 metric 256\n");
  }

  private static HostFacts six() {
    return director(
        "[fd00:0000:0000:0000:0000:0000:0000:0200]:0050",
        "C0A80165:0050",
        "## 192.168.1.101\n192.168.1.101 dev eth0 src 192.168.1.100\n");
  }

  private static String device(String name, String kind, String mode, boolean up) {
    return "{\"ifindex\":20,\"ifname\":\""
        + name
        + "\",\"flags\":[\"NOARP\""
        + (up ? ",\"UP\"" : "")
        + "],\"mtu\":1452,\"linkinfo\":{\"info_kind\":\""
        + kind
        + "\",\"info_data\":{\"proto\":\""
        + mode
        + "\",\"remote\":\"any\",\"local\":\"any\"}}},{\"ifindex\":1,";
  }

  private static Finding server(String code, HostFacts director, UnaryOperator<Recorded> edit) {
    Topology topology =
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"), RIP6, "192.168.1.101")
            .build();
    return finding(Clusters.of(topology, director, edited("json-rs1", edit)), code, "rs");
  }

  @Nested
  class OverIpv6 {

    @ParameterizedTest
    @CsvSource({
      "any,true,PASS",
      "ipip6,true,PASS",
      "ip6ip6,true,FAIL",
      "any,false,FAIL",
      "ip6ip6,false,FAIL"
    })
    void deviceMustTakeIpv4AndBeUp(String mode, boolean up, Status expected) {
      Finding finding =
          server(
              "V6-001",
              over6(),
              facts ->
                  facts.replace("link", "{\"ifindex\":1,", device("ip6tnl0", "ip6tnl", mode, up)));
      assertThat(finding.status()).isEqualTo(expected);
      if (mode.equals("ip6ip6")) {
        assertThat(commands(finding)).contains("ip -6 tunnel change ip6tnl0 mode any");
      }
      if (!up) {
        assertThat(commands(finding)).contains("ip link set dev ip6tnl0 up");
      }
    }

    @Test
    void failsWithoutTheModule() {
      Finding finding = server("V6-001", over6(), facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).startsWith("modprobe ip6_tunnel");
    }

    @Test
    void itsReversePathFilterCounts() {
      Finding finding =
          server(
              "RPF-001",
              over6(),
              facts ->
                  facts
                      .replace("link", "{\"ifindex\":1,", device("ip6tnl0", "ip6tnl", "any", true))
                      .sysctl("net/ipv4/conf/ip6tnl0/rp_filter", "1"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("ip6tnl0");
    }

    @Test
    void isSkippedOverIpv4AndAnErrorWithoutDevices() {
      assertThat(onServer("V6-001", facts -> facts).status()).isEqualTo(Status.SKIP);
      assertThat(server("V6-001", over6(), facts -> facts.unreadable("link", "no ip")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class InIpv4 {

    @ParameterizedTest
    @CsvSource({"true,PASS", "false,FAIL"})
    void deviceMustBeUp(boolean up, Status expected) {
      Finding finding =
          server(
              "V6-002",
              six(),
              facts ->
                  facts.replace("link", "{\"ifindex\":1,", device("sit0", "sit", "ip6ip", up)));
      assertThat(finding.status()).isEqualTo(expected);
    }

    @Test
    void failsWithoutTheModule() {
      Finding finding = server("V6-002", six(), facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).containsExactly("modprobe sit", "ip link set dev sit0 up");
    }

    @Test
    void filterIsAskedForProtocol41() {
      Finding finding = server("FW-001", six(), facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).startsWith("protocol 41 from 192.168.1.100");
    }

    @Test
    void isSkippedForIpv4AndAnErrorWithoutDevices() {
      assertThat(onServer("V6-002", facts -> facts).status()).isEqualTo(Status.SKIP);
      assertThat(server("V6-002", six(), facts -> facts.unreadable("link", "no")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Usable {

    private Finding with(String flag) {
      return server(
          "V6-003",
          six(),
          facts ->
              facts.replace(
                  "address",
                  "\"addr_info\":[{\"family\":\"inet\",\"local\":\"127.0.0.1\"",
                  "\"addr_info\":[{\"family\":\"inet6\",\"local\":\"fd00::200\",\"prefixlen\":128,"
                      + "\"scope\":\"global\""
                      + flag
                      + "},{\"family\":\"inet\",\"local\":\"127.0.0.1\""));
    }

    @Test
    void passesWithoutFlags() {
      assertThat(with("").status()).isEqualTo(Status.PASS);
    }

    @ParameterizedTest
    @CsvSource({"dadfailed", "tentative"})
    void failsWhereItIsNotUsed(String flag) {
      Finding finding = with(",\"" + flag + "\":true");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding))
          .containsExactly(
              "ip address delete fd00::200/128 dev lo",
              "ip -6 address add fd00::200/128 dev lo nodad");
    }

    @Test
    void isSkippedWithoutOneAndAnErrorWithoutAddresses() {
      assertThat(onServer("V6-003", facts -> facts).status()).isEqualTo(Status.SKIP);
      assertThat(server("V6-003", six(), facts -> facts).status()).isEqualTo(Status.SKIP);
      assertThat(server("V6-003", six(), facts -> facts.unreadable("address", "no ip")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class PathMtu {

    private Finding mtu(HostFacts director) {
      return finding(Clusters.of(director, Recorded.facts("json-rs1")), "V6-004", "director");
    }

    @Test
    void warnsOfNarrowPathsAndNamesTheSegment() {
      Finding finding = mtu(six());
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.expected()).contains("1420");
    }

    @Test
    void announcedSegmentOfTheOtherFamilyDoesNotHelp() {
      HostFacts server =
          edited(
              "json-rs1",
              facts -> facts.text("route", "default via 192.168.1.1 dev eth0 advmss 1300\n"));
      assertThat(finding(Clusters.of(six(), server), "V6-004", "director").status())
          .isEqualTo(Status.WARN);
      HostFacts both =
          edited(
              "json-rs1",
              facts -> facts.text("route", "default via fd00::1 dev eth0 advmss 1300\n"));
      assertThat(finding(Clusters.of(six(), both), "V6-004", "director").status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void passesWithRoom() {
      HostFacts wide = Recorded.edit(six()).replace("link", "\"mtu\":1500", "\"mtu\":1540").facts();
      assertThat(mtu(wide).status()).isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedForIpv4AndAnErrorWithoutRoutes() {
      assertThat(mtu(plainDirector()).status()).isEqualTo(Status.SKIP);
      assertThat(mtu(Recorded.edit(six()).text("route-to", "").facts()).status())
          .isEqualTo(Status.ERROR);
    }
  }
}
