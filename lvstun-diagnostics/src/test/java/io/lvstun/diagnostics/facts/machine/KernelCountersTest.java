// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KernelCountersTest {

  private static final String FIRST =
      """
      /proc/uptime:100.50 200.00
      /proc/net/snmp:Ip: Forwarding InAddrErrors
      /proc/net/snmp:Ip: 1 5
      /proc/net/snmp:Tcp: MaxConn InSegs
      /proc/net/snmp:Tcp: -1 18446744073709551610
      /proc/net/snmp6:Ip6InReceives 7
      /proc/net/dev:Inter-|   Receive
      /proc/net/dev:  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
      /proc/net/softnet_stat:00000010 00000001 00000002
      /proc/net/softnet_stat:00000020 00000000 0000000a
      /proc/net/stat/rt_cache:entries in_hit in_martian_src
      /proc/net/stat/rt_cache:000000ff 00000000 00000003
      /proc/net/stat/rt_cache:000000ff 00000000 00000004
      /proc/sys/net/netfilter/nf_conntrack_count:42
      """;

  @Test
  void everyFileIsRead() {
    KernelCounters counters = KernelCounters.parse(FIRST, "");
    assertThat(counters.value("Ip.InAddrErrors")).hasValue(5);
    assertThat(counters.value("Tcp.MaxConn")).hasValue(0);
    assertThat(counters.value("Ip6InReceives")).hasValue(7);
    assertThat(counters.value("dev.eth0.rx_frame")).hasValue(6);
    assertThat(counters.value("dev.eth0.tx_compressed")).hasValue(16);
    assertThat(counters.value("softnet.processed")).hasValue(0x30);
    assertThat(counters.value("softnet.squeezed")).hasValue(12);
    assertThat(counters.value("rt_cache.in_martian_src")).hasValue(7);
    assertThat(counters.value("rt_cache.entries")).isEmpty();
    assertThat(counters.value("nf_conntrack.count")).hasValue(42);
    assertThat(counters.names("dev.eth0.")).hasSize(16).contains("dev.eth0.rx_bytes");
  }

  @Test
  void oneSampleHasNoGrowthAndNoWindow() {
    KernelCounters counters = KernelCounters.parse(FIRST, "");
    assertThat(counters.growth("Ip.InAddrErrors")).isEmpty();
    assertThat(counters.window()).isZero();
  }

  @Test
  void growthIsTheDifferenceEvenWhereCountersOverflow() {
    KernelCounters counters =
        KernelCounters.between(
            FIRST,
            """
            /proc/uptime:102.75 200.00
            /proc/net/snmp:Ip: Forwarding InAddrErrors New
            /proc/net/snmp:Ip: 1 9 1
            /proc/net/snmp:Tcp: MaxConn InSegs
            /proc/net/snmp:Tcp: -1 4
            """);
    assertThat(counters.growth("Ip.InAddrErrors")).hasValue(4);
    assertThat(counters.growth("Tcp.InSegs")).hasValue(10);
    assertThat(counters.growth("Ip.New")).isEmpty();
    assertThat(counters.growth("Ip6InReceives")).isEmpty();
    assertThat(counters.window()).isEqualTo(Duration.ofMillis(2250));
  }

  @Test
  void clockThatRunsBackIsNoWindow() {
    assertThat(KernelCounters.parse("/proc/uptime:9.0 1\n", "/proc/uptime:1.0 1\n").window())
        .isZero();
  }

  @Test
  void linesThatDoNotFitTogetherAreLeftOut() {
    KernelCounters counters =
        KernelCounters.parse(
            """
            /proc/uptime:soon
            /proc/net/snmp:Ip: A B C
            /proc/net/snmp:Tcp: 1 2 3
            /proc/net/snmp:Udp: A B
            /proc/net/snmp:Udp: 1
            /proc/net/netstat:TcpExt: X
            /proc/net/dev: eth0: 1 2 3
            /proc/net/softnet_stat:zz 00000001
            /proc/net/stat/rt_cache:
            /proc/net/snmp6:a b
            /proc/net/snmp6:c 99999999999999999999
            """,
            "");
    assertThat(counters.names("")).containsExactly("Udp.A", "softnet.dropped");
  }

  @Test
  void textCutAnywhereThrowsNothing() {
    for (int length = 0; length <= FIRST.length(); length++) {
      KernelCounters counters = KernelCounters.parse(FIRST, FIRST.substring(0, length));
      assertThat(counters.value("Ip6InReceives")).isPresent();
      assertThat(counters.window()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }
}
