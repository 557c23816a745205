// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.tunnel;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static io.lvstun.diagnostics.model.Clusters.plainDirector;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Risk;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What listens behind the tunnel, and on which port. */
class TunnelServiceChecksTest {

  private static HostFacts director(UnaryOperator<Recorded> edit) {
    return plainDirector(edit);
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
}
