// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.ipvs;

import static io.lvstun.diagnostics.check.Directors.commands;
import static io.lvstun.diagnostics.check.Directors.onDirector;
import static io.lvstun.diagnostics.check.Directors.pair;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.check.Directors;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of the settings below net.ipv4.vs. */
class IpvsSettingChecksTest {

  private static Recorded setting(Recorded facts, String name, String value) {
    return facts.sysctl("net/ipv4/vs/" + name, value);
  }

  @Nested
  class Orphans {

    private static final String ORPHAN = "3 TCP C0A801C8 0050 C0A80199 0050 ESTABLISHED";

    @Test
    void latentSettingIsOnlyNoted() {
      Finding finding = onDirector("IPV-005", Directors::web);
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
    }

    @Test
    void warnsOfConnectionsThatHang() {
      Finding finding =
          onDirector("IPV-005", facts -> Directors.web(facts).line("ipvs-connections", ORPHAN));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("3 connections", "192.168.1.153:80");
      assertThat(commands(finding)).containsExactly("sysctl -w net.ipv4.vs.expire_nodest_conn=1");
    }

    @Test
    void passesWithTheSetting() {
      Finding finding =
          onDirector(
              "IPV-005",
              facts ->
                  setting(
                      Directors.web(facts).line("ipvs-connections", ORPHAN),
                      "expire_nodest_conn",
                      "1"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isFalse();
    }

    @Test
    void isAnErrorWithoutTheConnectionTable() {
      assertThat(
              onDirector("IPV-005", facts -> facts.unreadable("ipvs-connections", "denied"))
                  .status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Settings {

    private static Finding with(String code, String... namesAndValues) {
      return onDirector(
          code,
          facts -> {
            Recorded edited = Directors.web(facts);
            for (int i = 0; i < namesAndValues.length; i += 2) {
              edited = setting(edited, namesAndValues[i], namesAndValues[i + 1]);
            }
            return edited;
          });
    }

    @ParameterizedTest
    @CsvSource({
      "IPV-008, run_estimation, 1, PASS",
      "IPV-008, run_estimation, 0, WARN",
      "IPV-008, est_cpulist, '', WARN",
      "IPV-008, est_cpulist, 0-3, PASS",
      "IPV-010, drop_entry, 0, PASS",
      "IPV-010, drop_entry, 1, PASS",
      "IPV-010, drop_packet, 2, WARN",
      "IPV-010, secure_tcp, 3, WARN",
      "IPV-014, ignore_tunneled, 0, PASS",
      "IPV-017, debug_level, 0, PASS",
      "IPV-015, expire_quiescent_template, 0, SKIP",
      "IPV-016, sloppy_tcp, 0, SKIP",
      "IPV-013, backup_only, 0, SKIP",
    })
    void areJudged(String code, String name, String value, Status expected) {
      assertThat(with(code, name, value).status()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"IPV-014, ignore_tunneled", "IPV-017, debug_level"})
    void someAreOnlyNoted(String code, String name) {
      Finding finding = with(code, name, "1");
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.notable()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "IPV-005", "IPV-008", "IPV-009", "IPV-010", "IPV-011", "IPV-013", "IPV-014", "IPV-015",
          "IPV-016", "IPV-017", "IPV-018"
        })
    void areSkippedWhereTheKernelHasNone(String code) {
      Finding finding =
          onDirector(
              code, facts -> facts.without("files", "/ipv4/vs/").without("files", "conn_tab_bits"));
      assertThat(finding.status()).isEqualTo(Status.SKIP);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "IPV-008", "IPV-009", "IPV-010", "IPV-011", "IPV-013", "IPV-014", "IPV-015", "IPV-016",
          "IPV-017", "IPV-018"
        })
    void areAnErrorWhereTheyCannotBeRead(String code) {
      Finding finding = onDirector(code, facts -> facts.unreadable("files", "denied"));
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("denied");
    }

    @Test
    void reuseOfPortsHurtsOldKernelsOnly() {
      assertThat(with("IPV-009", "conntrack", "1").status()).isEqualTo(Status.PASS);
      Finding old =
          onDirector(
              "IPV-009",
              facts ->
                  setting(facts, "conntrack", "1").replace("identity", "6.1.0-56", "4.19.0-6"));
      assertThat(old.status()).isEqualTo(Status.WARN);
      assertThat(commands(old)).containsExactly("sysctl -w net.ipv4.vs.conntrack=0");
    }

    @Test
    void manyConnectionsNeedMoreBuckets() {
      UnaryOperator<Recorded> many =
          facts ->
              facts.text("ipvs-connections", "90000 TCP C0A801C8 0050 C0A80165 0050 ESTABLISHED\n");
      Finding finding = onDirector("IPV-011", many);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.remedy().orElseThrow().persistent().get(0).line())
          .isEqualTo("options ip_vs conn_tab_bits=17");
      assertThat(onDirector("IPV-011", facts -> facts).status()).isEqualTo(Status.PASS);
      assertThat(
              onDirector("IPV-011", facts -> setting(many.apply(facts), "conn_lfactor", "-4"))
                  .status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void directorsThatServeOneAnotherNeedBackupOnly() {
      Topology topology =
          Topology.builder()
              .director("director", Host.netns("director"))
              .director("director2", Host.netns("director2"))
              .build();
      // The second director is the address that the first one's table has as real server.
      HostFacts first = edited("json-director", Directors::web);
      HostFacts second =
          edited(
              "json-director",
              facts -> Directors.web(facts).replace("address", "192.168.1.100", "192.168.1.101"));
      Finding finding = finding(Clusters.of(topology, first, second), "IPV-013", "director2");
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(
              finding(
                      Clusters.of(
                          topology,
                          first,
                          edited(
                              "json-director",
                              facts ->
                                  setting(
                                      facts.replace("address", "192.168.1.100", "192.168.1.101"),
                                      "backup_only",
                                      "1"))),
                      "IPV-013",
                      "director2")
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void persistentServicesNeedTemplatesThatExpire() {
      Finding finding = onDirector("IPV-015", facts -> facts);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("192.168.1.200:53");
      assertThat(
              onDirector("IPV-015", facts -> setting(facts, "expire_quiescent_template", "1"))
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void equalCostPathsNeedSloppyTcpOrState() {
      Topology.Builder ecmp = Topology.builder().highAvailability(HighAvailability.ECMP);
      Finding finding =
          finding(
              pair(ecmp, facts -> facts.text("ipvs-daemons", ""), facts -> facts),
              "IPV-016",
              "director");
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.remedy().orElseThrow().text()).contains("use mh");
      assertThat(
              finding(
                      pair(
                          Topology.builder().highAvailability(HighAvailability.ECMP),
                          facts -> setting(facts, "sloppy_tcp", "1"),
                          facts -> facts),
                      "IPV-016",
                      "director")
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void unknownSettingsAreShown() {
      Finding finding = with("IPV-018", "new_thing", "42", "amemthresh", "2048");
      assertThat(finding.notable()).isTrue();
      assertThat(finding.observed()).contains("new_thing = 42");
      assertThat(finding.evidence().get(0).excerpt()).contains("amemthresh = 2048 (default 1024)");
      assertThat(with("IPV-018").notable()).isFalse();
      assertThat(with("IPV-018").evidence()).isEmpty();
    }
  }
}
