// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.steering;

import static io.lvstun.diagnostics.check.Directors.onDirector;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Directors;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of services by firewall mark and of steering by place. */
class SteeringChecksTest {

  /** A table of iptables-legacy with rules in mangle, and the service by mark 7 alone. */
  private static UnaryOperator<Recorded> rules(String... rules) {
    return facts ->
        facts
            .text("ipvs", "/proc/net/ip_vs:FWM  00000007 rr\n")
            .text("ipvs-save", "-A -f 7 -s rr\n")
            .text(
                "iptables-legacy.4",
                "*mangle\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                    + ":GEO - [0:0]\n"
                    + String.join("\n", rules)
                    + "\nCOMMIT\n");
  }

  private static Status status(String code, String... rules) {
    return onDirector(code, rules(rules)).status();
  }

  private static final String BY_PORT =
      "[0:0] -A PREROUTING -d 192.168.1.200/32 -p tcp -m tcp --dport 80 -j MARK --set-xmark"
          + " 0x7/0xffffffff";

  @Nested
  class ByPayload {

    @Test
    void failsForTcp() {
      Finding finding =
          onDirector(
              "FWM-001",
              rules(
                  "[0:0] -A PREROUTING -p tcp -m string --string video --algo bm -j MARK"
                      + " --set-xmark 0x7/0xffffffff"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("mark 7");
      assertThat(finding.evidence().get(0).excerpt()).contains("video");
    }

    @Test
    void failsForPayloadInRulesOfNft() {
      UnaryOperator<Recorded> nft =
          facts ->
              rules()
                  .apply(facts)
                  .text(
                      "nft.json",
                      """
                      {"nftables": [
                        {"table": {"family": "ip", "name": "mark", "handle": 1}},
                        {"chain": {"family": "ip", "table": "mark", "name": "pre", "handle": 1,
                          "type": "filter", "hook": "prerouting", "prio": -150, "policy": "accept"}},
                        {"rule": {"family": "ip", "table": "mark", "chain": "pre", "handle": 2,
                          "expr": [
                            {"match": {"op": "==", "left": {"payload": {"base": "th", "offset": 160,
                              "len": 32}}, "right": 1195725856}},
                            {"mangle": {"key": {"meta": {"key": "mark"}}, "value": 7}}]}}]}
                      """);
      assertThat(onDirector("FWM-001", nft).status()).isEqualTo(Status.FAIL);
      assertThat(onDirector("FWM-002", nft).status()).isEqualTo(Status.PASS);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "-A PREROUTING -p udp -m string --string x --algo bm -j MARK --set-xmark 0x7/0xffffffff",
          "-A PREROUTING -p tcp -m string --string x --algo bm -j MARK --set-xmark 0x8/0xffffffff",
          "-A PREROUTING -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x7/0xffffffff"
        })
    void passesForOthers(String rule) {
      assertThat(status("FWM-001", rule)).isEqualTo(Status.PASS);
    }
  }

  @Nested
  class MarkSet {

    @Test
    void passesWhereARuleSetsIt() {
      assertThat(status("FWM-002", BY_PORT)).isEqualTo(Status.PASS);
      assertThat(
              status(
                  "FWM-002",
                  "-A PREROUTING -j GEO",
                  "-A GEO -s 10.0.0.0/8 -j MARK --set-xmark 0x7/0xff"))
          .isEqualTo(Status.PASS);
      assertThat(status("FWM-002", "-A PREROUTING -j SET --map-set geo src --map-mark"))
          .isEqualTo(Status.PASS);
    }

    @Test
    void failsWhereNoneDoesOrTooLate() {
      Finding none = onDirector("FWM-002", rules());
      assertThat(none.status()).isEqualTo(Status.FAIL);
      assertThat(none.observed()).isEqualTo("no rule sets mark 7");
      assertThat(none.remedy().orElseThrow().text()).contains("--set-mark 7");
      Finding late = onDirector("FWM-002", rules(BY_PORT.replace("PREROUTING", "OUTPUT")));
      assertThat(late.status()).isEqualTo(Status.FAIL);
      assertThat(late.evidence().get(0).excerpt()).contains("OUTPUT");
    }
  }

  @Nested
  class Clash {

    @Test
    void bitsOfKubeProxyAreTaken() {
      assertThat(status("FWM-003", BY_PORT)).isEqualTo(Status.PASS);
      UnaryOperator<Recorded> kubernetes =
          facts ->
              rules(
                      "-A PREROUTING -p tcp -m tcp --dport 80 -j MARK --set-xmark"
                          + " 0x4007/0xffffffff")
                  .apply(facts)
                  .text("ipvs", "/proc/net/ip_vs:FWM  00004007 rr\n")
                  .text("ipvs-save", "-A -f 16391 -s rr\n")
                  .text("process", "/proc/77/comm:kube-proxy\n");
      Finding finding = onDirector("FWM-003", kubernetes);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("kube-proxy", "whole mark");
    }
  }

  @Nested
  class Unmapped {

    private static final String MAP = "-A PREROUTING -j SET --map-set geo src --map-mark";

    @Test
    void warnsWithoutDefault() {
      assertThat(status("FWM-004", MAP)).isEqualTo(Status.WARN);
    }

    @Test
    void passesWithDefaultOrCatchAll() {
      assertThat(status("FWM-004", BY_PORT, MAP)).isEqualTo(Status.PASS);
      assertThat(
              onDirector(
                      "FWM-004",
                      facts ->
                          rules(MAP)
                              .apply(facts)
                              .line("ipvs", "/proc/net/ip_vs:TCP  C0A801C8:0050 rr")
                              .line("ipvs-save", "-A -t 192.168.1.200:80 -s rr"))
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWithoutMap() {
      assertThat(status("FWM-004", BY_PORT)).isEqualTo(Status.SKIP);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"FWM-001", "FWM-002", "FWM-003", "FWM-004"})
  void areSkippedWithoutMarksAndErrorsWithoutRules(String code) {
    assertThat(onDirector(code, Directors::web).status()).isEqualTo(Status.SKIP);
    assertThat(onDirector(code, facts -> facts.unreadable("nft.json", "no nft")).status())
        .isEqualTo(Status.ERROR);
  }
}
