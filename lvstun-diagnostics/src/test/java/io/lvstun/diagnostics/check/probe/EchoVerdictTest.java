// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.probe.TunnelEcho;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class EchoVerdictTest {

  private static EchoVerdict verdict(
      TunnelEcho.Outcome outcome, Fact<KernelCounters> counters, boolean swallowed) {
    return EchoVerdict.of(
        TunnelEcho.parse(
                "echo server=192.0.2.1 vip=192.0.2.200 outcome="
                    + outcome.name().toLowerCase(Locale.ROOT)
                    + " port=0 detail=code 3")
            .get(0),
        counters,
        swallowed);
  }

  private static Fact<KernelCounters> grown(String names, String before, String after) {
    return Fact.of(
        KernelCounters.parse(
            "/proc/net/netstat:" + names + "\n/proc/net/netstat:" + before + "\n",
            "/proc/net/netstat:" + names + "\n/proc/net/netstat:" + after + "\n"));
  }

  @Test
  void everyOutcomeHasWordsAndAllButTheAnswerHaveChecks() {
    for (TunnelEcho.Outcome outcome : TunnelEcho.Outcome.values()) {
      EchoVerdict verdict = verdict(outcome, Fact.unknown("not read"), false);
      assertThat(verdict.text()).isNotBlank();
      assertThat(verdict.codes().isEmpty()).isEqualTo(outcome == TunnelEcho.Outcome.ANSWERED);
    }
  }

  @Test
  void counterThatGrewNamesTheCause() {
    EchoVerdict filter =
        verdict(
            TunnelEcho.Outcome.SILENT,
            grown("TcpExt: IPReversePathFilter", "TcpExt: 1", "TcpExt: 6"),
            false);
    assertThat(filter.text()).contains("reverse path filter");
    assertThat(filter.codes()).contains(Codes.STRICT_FILTER).doesNotContain(Codes.FILTER_INPUT);
    EchoVerdict address =
        verdict(TunnelEcho.Outcome.SILENT, grown("Ip: InAddrErrors", "Ip: 1", "Ip: 6"), false);
    assertThat(address.text()).contains("VIP missing");
    assertThat(address.codes()).containsExactly(Codes.TUNNEL_VIP);
  }

  @Test
  void fewThatOthersMayHaveCausedProveNothing() {
    EchoVerdict verdict =
        verdict(TunnelEcho.Outcome.SILENT, grown("Ip: InAddrErrors", "Ip: 1", "Ip: 3"), false);
    assertThat(verdict.text()).contains("no counter says that it dropped anything");
    assertThat(verdict.codes()).contains(Codes.FILTER_INPUT).doesNotContain(Codes.TUNNEL_VIP);
  }

  @Test
  void fallbackDeviceThatSwallowsGoesBeforeCounters() {
    assertThat(verdict(TunnelEcho.Outcome.SILENT, Fact.unknown("x"), true).text()).contains("sit0");
    assertThat(verdict(TunnelEcho.Outcome.SILENT, Fact.unknown("not read"), false).text())
        .contains("not read");
  }
}
