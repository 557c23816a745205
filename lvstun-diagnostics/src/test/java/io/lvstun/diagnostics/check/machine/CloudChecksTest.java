// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Directors;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of what clouds do, on facts of machines that say they are of one. */
class CloudChecksTest {

  private static final String AZURE = "chassis_asset_tag:7783-7084-3265-9085-8269-3286-77";

  private static Recorded of(Recorded facts, String mark) {
    return facts.line("files", "/sys/class/dmi/id/" + mark);
  }

  private static Recorded arrived(Recorded facts) {
    return received(facts, 10);
  }

  private static Recorded received(Recorded facts, int packets) {
    return facts
        .without("counters.2", "tunl0:")
        .line(
            "counters.2", "/proc/net/dev: tunl0:  900 " + packets + " 0 0 0 0 0 0 0 0 0 0 0 0 0 0");
  }

  private static Finding check(
      String code, UnaryOperator<Recorded> director, UnaryOperator<Recorded> server) {
    return finding(
        Clusters.of(
            edited("json-director", facts -> director.apply(Directors.web(facts))),
            edited("json-rs1", server)),
        code,
        "rs");
  }

  private static Recorded silent(Recorded facts) {
    return facts
        .unreadable("ipvs-statistics.1", "none")
        .unreadable("ipvs-statistics.2", "none")
        .text("ipvs-connections", "");
  }

  @ParameterizedTest
  @CsvSource({
    "CLD-001, '" + AZURE + "'",
    "CLD-002, sys_vendor:DigitalOcean",
    "CLD-003, sys_vendor:Amazon EC2",
    "CLD-004, product_name:Google Compute Engine",
    "CLD-005, product_name:OpenStack Nova",
  })
  void failsWhereNothingComesOutOfTheTunnel(String code, String mark) {
    Finding finding = check(code, facts -> facts, facts -> received(of(facts, mark), 0));
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.observed()).contains("none came out");
  }

  @ParameterizedTest
  @CsvSource({
    "CLD-001, '" + AZURE + "', FAIL",
    "CLD-002, sys_vendor:DigitalOcean, WARN",
    "CLD-003, sys_vendor:Amazon EC2, WARN",
  })
  void withoutTrafficOnlyAzureIsCertain(String code, String mark, Status expected) {
    assertThat(check(code, CloudChecksTest::silent, facts -> received(of(facts, mark), 0)).status())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "CLD-001, '" + AZURE + "'",
    "CLD-002, sys_vendor:DigitalOcean",
    "CLD-003, sys_vendor:Amazon EC2",
    "CLD-004, product_name:Google Compute Engine",
    "CLD-005, product_name:OpenStack Nova",
  })
  void passesWherePacketsArriveAndClientsAcknowledge(String code, String mark) {
    Finding finding = check(code, facts -> facts, facts -> arrived(of(facts, mark)));
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.evidence().get(0).excerpt()).contains("out of the tunnel: 10");
  }

  @Test
  void countsTheConnectionsThatClientsAcknowledge() {
    Finding finding =
        check("CLD-003", facts -> facts, facts -> arrived(of(facts, "sys_vendor:Amazon EC2")));
    assertThat(finding.evidence().get(0).excerpt()).contains("2 established");
  }

  @Test
  void failsWhereAnswersAreLost() {
    Finding finding =
        check(
            "CLD-003",
            facts -> facts.text("ipvs-connections", "9 TCP C0A801C8 0050 C0A80165 0050 SYN_RECV\n"),
            facts -> arrived(of(facts, "sys_vendor:Amazon EC2")));
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.remedy().orElseThrow().text()).contains("source/destination check");
  }

  @Test
  void tunnelsOverUdpPassAzure() {
    UnaryOperator<Recorded> gue =
        facts ->
            facts.replace(
                "ipvs-save",
                "101:80 -i -w 1 --tun-type ipip",
                "101:80 -i -w 1 --tun-type gue --tun-port 6080");
    assertThat(check("CLD-001", gue, facts -> of(facts, AZURE)).status()).isEqualTo(Status.PASS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CLD-001", "CLD-002", "CLD-003", "CLD-004", "CLD-005"})
  void areSkippedElsewhereAndErrorsWithoutFacts(String code) {
    assertThat(check(code, facts -> facts, facts -> facts).status()).isEqualTo(Status.SKIP);
    assertThat(
            check(code, facts -> facts, facts -> of(facts, "sys_vendor:Microsoft Corporation"))
                .status())
        .isEqualTo(Status.SKIP);
    assertThat(check(code, facts -> facts, facts -> facts.unreadable("files", "denied")).status())
        .isEqualTo(Status.ERROR);
  }
}
