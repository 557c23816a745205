// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.ipvs;

import static io.lvstun.diagnostics.check.Directors.commands;
import static io.lvstun.diagnostics.check.Directors.onDirector;
import static io.lvstun.diagnostics.check.Directors.pair;
import static io.lvstun.diagnostics.check.Directors.stated;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.check.Directors;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.weight.WeightReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The checks of the director's table. */
class IpvsTableChecksTest {

  private static Recorded withoutVip(Recorded facts) {
    return facts
        .replace("address", "192.168.1.200", "192.168.1.201")
        .replace(
            "route-to",
            "{\"type\":\"local\",\"dst\":\"192.168.1.200\",\"dev\":\"lo\"",
            "{\"dst\":\"192.168.1.200\",\"dev\":\"eth0\"");
  }

  @Nested
  class Vip {

    private static Finding vip(UnaryOperator<Recorded> edit) {
      return onDirector("IPV-001", facts -> edit.apply(Directors.web(facts)));
    }

    @Test
    void passesWhereItIsLocal() {
      assertThat(vip(facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereItIsNotAndSaysHow() {
      Finding finding = vip(IpvsTableChecksTest::withoutVip);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).containsExactly("ip address add 192.168.1.200/32 dev eth0");
    }

    @Test
    void standbyDirectorMayLackIt() {
      Finding finding =
          finding(
              pair(Directors::web, facts -> withoutVip(Directors.web(facts))),
              "IPV-001",
              "director2");
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).contains("stands by");
    }

    @Test
    void ofTwoThatLackItOneIsToGetIt() {
      var neither =
          pair(
              facts -> withoutVip(Directors.web(facts)), facts -> withoutVip(Directors.web(facts)));
      assertThat(commands(finding(neither, "IPV-001", "director")))
          .containsExactly("ip address add 192.168.1.200/32 dev eth0");
      assertThat(finding(neither, "IPV-001", "director2").status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding(neither, "IPV-001", "director2"))).isEmpty();
    }

    @Test
    void withEqualCostPathsEachDirectorNeedsIt() {
      Finding finding =
          finding(
              pair(
                  Topology.builder().highAvailability(HighAvailability.ECMP),
                  Directors::web,
                  facts -> withoutVip(Directors.web(facts))),
              "IPV-001",
              "director2");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
    }

    @Test
    void markedPacketsMustBeLocal() {
      UnaryOperator<Recorded> marked =
          facts ->
              facts
                  .text("ipvs", "/proc/net/ip_vs:FWM  00000007 mh\n")
                  .text("ipvs-save", "-A -f 7 -s mh\n");
      Topology.Builder topology = Topology.builder().service("203.0.113.9");
      Finding finding =
          finding(
              stated(
                  topology,
                  facts ->
                      marked
                          .apply(facts)
                          .text(
                              "route-to",
                              "## 203.0.113.9 mark 7\n203.0.113.9 via 192.168.1.1 dev eth0\n")),
              "IPV-001",
              "director");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("203.0.113.9 with mark 7");
      assertThat(
              finding(
                      stated(
                          Topology.builder().service("203.0.113.9"),
                          facts ->
                              marked
                                  .apply(facts)
                                  .text(
                                      "route-to",
                                      "## 203.0.113.9 mark 7\nlocal 203.0.113.9 dev lo\n")),
                      "IPV-001",
                      "director")
                  .status())
          .isEqualTo(Status.PASS);
      assertThat(onDirector("IPV-001", marked).status()).isEqualTo(Status.SKIP);
      // Another director has it: this one stands by.
      assertThat(
              finding(
                      pair(
                          Topology.builder().service("203.0.113.9"),
                          facts ->
                              marked
                                  .apply(facts)
                                  .text(
                                      "route-to",
                                      "## 203.0.113.9 mark 7\nlocal 203.0.113.9 dev lo\n"),
                          facts ->
                              marked
                                  .apply(facts)
                                  .text(
                                      "route-to",
                                      "## 203.0.113.9 mark 7\n203.0.113.9 via 192.168.1.1 dev"
                                          + " eth0\n")),
                      "IPV-001",
                      "director2")
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWithoutServices() {
      assertThat(vip(facts -> facts.absent("ipvs")).status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereAddressesAreNotKnown() {
      Finding finding =
          vip(facts -> facts.text("route-to", "").unreadable("address", "no ip here"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("no ip here");
    }
  }

  @Nested
  class Drift {

    private static final VirtualService WEB =
        VirtualService.tcp("192.168.1.200", 80)
            .scheduler(Scheduler.WRR)
            .addRealServer(RealServer.tunnel("192.168.1.101"))
            .addRealServer(RealServer.tunnel("192.168.1.102").weight(3));

    private static Finding drift(Topology.Builder topology, UnaryOperator<Recorded> edit) {
      return finding(
          stated(topology, facts -> edit.apply(Directors.web(facts))), "IPV-002", "director");
    }

    private static Topology.Builder wanting(VirtualService service) {
      return Topology.builder().desired(service);
    }

    @Test
    void passesWhereTheTableIsAsDesired() {
      assertThat(drift(wanting(WEB), facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @Test
    void passesWithTheTextOfProcAlone() {
      VirtualService gue =
          WEB.realServer(
              "192.168.1.101",
              server ->
                  server
                      .forwarding(
                          new io.lvstun.Forwarding.Tunnel(io.lvstun.Encapsulation.gue(6080)))
                      .thresholds(10, 5));
      assertThat(drift(wanting(gue), facts -> facts.unreadable("ipvs-save", "none")).status())
          .isEqualTo(Status.PASS);
      assertThat(drift(wanting(gue), facts -> facts).status()).isEqualTo(Status.FAIL);
    }

    @Test
    void namesEachDifferenceAndTheCommand() {
      VirtualService wanted =
          WEB.scheduler(Scheduler.WLC)
              .realServer("192.168.1.102", server -> server.weight(5))
              .addRealServer(RealServer.tunnel("192.168.1.103"))
              .removeRealServer("192.168.1.101");
      Finding finding = drift(wanting(wanted), facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).startsWith("4 differences");
      assertThat(commands(finding))
          .hasSize(4)
          .anyMatch(command -> command.startsWith("ipvsadm -E -t 192.168.1.200:80 -s wlc"))
          .anyMatch(command -> command.contains("-e -t 192.168.1.200:80 -r 192.168.1.102:80"))
          .anyMatch(command -> command.contains("-a -t 192.168.1.200:80 -r 192.168.1.103:80"))
          .anyMatch(command -> command.contains("-d -t 192.168.1.200:80 -r 192.168.1.101:80"));
    }

    @Test
    void weightsThatFollowLoadAreNoDrift() {
      WeightReport loads =
          new WeightReport(
              Instant.EPOCH,
              Duration.ofSeconds(30),
              List.of(new WeightReport.Server("rs", Instant.EPOCH, 1, List.of(1))));
      VirtualService other = WEB.realServer("192.168.1.102", server -> server.weight(7));
      assertThat(drift(wanting(other).weights(loads), facts -> facts).status())
          .isEqualTo(Status.PASS);
      assertThat(drift(wanting(other), facts -> facts).status()).isEqualTo(Status.FAIL);
    }

    @Test
    void aMissingTableIsDriftToo() {
      assertThat(drift(wanting(WEB), facts -> facts.absent("ipvs")).status())
          .isEqualTo(Status.FAIL);
    }

    @Test
    void isSkippedWhereNothingIsStated() {
      assertThat(onDirector("IPV-002", facts -> facts).status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheTableCannotBeRead() {
      assertThat(drift(wanting(WEB), facts -> facts.unreadable("ipvs", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class ForwardingMethod {

    private static Recorded oneRouted(Recorded facts) {
      return Directors.web(facts)
          .replace("ipvs", "C0A80165:0050      Tunnel", "C0A80165:0050      Route ")
          .replace(
              "ipvs-save", "192.168.1.101:80 -i -w 1 --tun-type ipip", "192.168.1.101:80 -g -w 1");
    }

    @Test
    void passesWithTunnels() {
      assertThat(onDirector("IPV-003", Directors::web).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereOneServerIsRouted() {
      Finding finding = onDirector("IPV-003", ForwardingMethod::oneRouted);
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.evidence().get(0).excerpt()).contains("192.168.1.101");
      assertThat(commands(finding))
          .singleElement()
          .asString()
          .contains("ipvsadm -e -t 192.168.1.200:80 -r 192.168.1.101:80 -i");
    }

    @Test
    void whatIsDesiredIsNotWrong() {
      VirtualService service =
          VirtualService.tcp("192.168.1.200", 80)
              .addRealServer(RealServer.directRouting("192.168.1.101"));
      assertThat(
              finding(
                      stated(Topology.builder().desired(service), ForwardingMethod::oneRouted),
                      "IPV-003",
                      "director")
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWithoutAnyTunnel() {
      Finding finding =
          onDirector(
              "IPV-003",
              facts ->
                  Directors.web(facts)
                      .replace("ipvs", "Tunnel", "Route ")
                      .replace("ipvs-save", "-i ", "-g ")
                      .replace("ipvs-save", " --tun-type ipip", ""));
      assertThat(finding.status()).isEqualTo(Status.SKIP);
      assertThat(onDirector("IPV-003", facts -> facts.absent("ipvs")).status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereTheTableCannotBeRead() {
      assertThat(onDirector("IPV-003", facts -> facts.unreadable("ipvs", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Weights {

    @Test
    void passesWithAWeight() {
      assertThat(onDirector("IPV-004", Directors::web).status()).isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereAllAreZero() {
      Finding finding =
          onDirector(
              "IPV-004",
              facts ->
                  Directors.web(facts)
                      .replace("ipvs", "Tunnel  3", "Tunnel  0")
                      .replace("ipvs", "Tunnel  1", "Tunnel  0"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).hasSize(2).allMatch(command -> command.contains("-w 1"));
    }

    @Test
    void warnsOfAServiceWithoutServers() {
      Finding finding = onDirector("IPV-004", facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("fd00::200");
    }

    @Test
    void isSkippedWithoutServicesAndAnErrorWithoutFacts() {
      assertThat(onDirector("IPV-004", facts -> facts.absent("ipvs")).status())
          .isEqualTo(Status.SKIP);
      assertThat(onDirector("IPV-004", facts -> facts.unreadable("ipvs", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }
}
