// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

class CounterGrowthTest {

  private static final String ATTEMPT =
      "attempt address=192.168.1.200 port=80 source=198.51.100.7 local=49152 outcome=timeout ms=0"
          + " sent=0 received=0\n";

  private static String sample(int uptime, int packets) {
    return "/proc/uptime:"
        + uptime
        + ".00 0\n/proc/net/snmp:Ip: InReceives\n/proc/net/snmp:Ip: "
        + packets
        + "\n";
  }

  private static CounterGrowth growth(String idle, String before, String after) {
    HostFacts facts =
        Recorded.facts("json-rs1")
            .with(
                List.of(
                    Section.read(HopLedger.IDLE, "", idle),
                    Section.read(HopLedger.BEFORE, "", before),
                    Section.read(HopLedger.AFTER, "", after)));
    return CounterGrowth.of(member(facts)).orElseThrow();
  }

  private static Member member(HostFacts facts) {
    return Clusters.withServer(facts).member("rs").orElseThrow();
  }

  private static ConnectionAttempt attempt() {
    return ConnectionAttempt.parse(ATTEMPT).get(0);
  }

  @Test
  void usualGrowthIsTakenOff() {
    CounterGrowth growth = growth(sample(10, 0), sample(12, 20), sample(16, 100));
    assertThat(growth.growth("Ip.InReceives")).contains(40L);
    assertThat(growth.growth("Ip.None")).isEmpty();
    assertThat(growth(sample(10, 0), sample(12, 200), sample(14, 210)).growth("Ip.InReceives"))
        .as("less than usual is none")
        .contains(0L);
    assertThat(growth(sample(10, 0), sample(10, 0), sample(12, 5)).growth("Ip.InReceives"))
        .as("without a time before, nothing is usual")
        .contains(5L);
  }

  @Test
  void stepIsTakenByAPacketARequestAtLeast() {
    CounterGrowth growth = growth(sample(10, 0), sample(12, 0), sample(14, 8));
    assertThat(growth.hop("x", List.of("Ip.InReceives"), 8, List.of(), List.of()).state())
        .isEqualTo(Hop.State.PASSED);
    assertThat(growth.hop("x", List.of("Ip.InReceives"), 9, List.of(), List.of()).state())
        .isEqualTo(Hop.State.BROKEN);
    Hop unknown = growth.hop("x", List.of("Ip.None"), 8, List.of("Ip.InReceives"), List.of());
    assertThat(unknown.state()).isEqualTo(Hop.State.UNKNOWN);
    assertThat(unknown.grown()).isEqualTo(-1);
    assertThat(unknown.clues()).containsExactly("Ip.InReceives +8");
    assertThat(growth.hop("x", List.of(), 8, List.of(), List.of()).counter())
        .isEqualTo("no counter");
  }

  @Test
  void serverOfARequestIsThatOfItsConnection() {
    String after =
        sample(14, 0)
            + "/proc/net/ip_vs_conn:Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State\n"
            + "/proc/net/ip_vs_conn:TCP C6336407 C001 C0A801C8 0050 C0A80165 0050 SYN_RECV 59\n"
            + "/proc/net/ip_vs_conn:TCP C6336407 C000 C0A801C8 0050 C0A80166 0050 SYN_RECV 59\n"
            + "/proc/net/ip_vs_conn:TCP\n";
    CounterGrowth growth = growth(sample(10, 0), sample(12, 0), after);
    assertThat(growth.connection(attempt())).contains(IpAddress.parse("192.168.1.102"));
    assertThat(
            growth.connection(
                ConnectionAttempt.parse(ATTEMPT.replace("source=198.51.100.7", "source=-")).get(0)))
        .isEmpty();
    assertThat(growth.connection(ConnectionAttempt.parse(ATTEMPT.replace("49152", "49155")).get(0)))
        .isEmpty();
  }

  @Test
  void halfOpenConnectionsOfTheRequestsAreCounted() {
    String after =
        sample(14, 0)
            + "/proc/net/tcp:   0: C801A8C0:0050 076433C6:C000 03 00000000\n"
            + "/proc/net/tcp:   1: C801A8C0:0050 076433C6:C001 03 00000000\n"
            + "/proc/net/tcp:   2: C801A8C0:0050 076433C6:C000 01 00000000\n"
            + "/proc/net/tcp:   3: x\n";
    CounterGrowth growth = growth(sample(10, 0), sample(12, 0), after);
    assertThat(growth.halfOpen(List.of(attempt()))).isEqualTo(1);
    assertThat(growth.halfOpen(List.of())).isZero();
  }

  @Test
  void addressIsAsTheKernelWritesIt() {
    assertThat(CounterGrowth.hexadecimal("192.168.1.200")).isEqualTo("C0A801C8");
    assertThat(CounterGrowth.hexadecimal("2001:db8::1"))
        .isEqualTo("2001:0db8:0000:0000:0000:0000:0000:0001");
  }

  @Test
  void hostWithoutSamplesHasNoGrowth() {
    assertThat(CounterGrowth.of(member(Recorded.facts("json-rs1")))).isEmpty();
  }
}
