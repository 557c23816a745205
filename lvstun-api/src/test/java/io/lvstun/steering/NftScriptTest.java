// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.network.MarkAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NftScriptTest {

  private static final String TABLE = "inet lvstun_steering";

  private static SteeringMap map(Steering steering) {
    return SteeringMap.of(steering, List.of(), MarkAllocator.of(0x1000, 16));
  }

  private static Steering web() {
    return Steering.tcp(
            "192.168.1.200", 80, Pool.of("world", s -> s.addRealServer("10.9.9.1").tunnel()))
        .pool(Pool.of("asia", s -> s.addRealServer("10.9.9.2").tunnel()))
        .send(Match.networks("10.1.0.0/16", "10.0.0.0/16", "10.9.0.7"), "asia")
        .send(Match.dscp(46), "asia")
        .send(Match.sourcePorts(1000, 1999), "world");
  }

  /** The default mark comes first, and the first rule has the last word. */
  @Test
  void aNewTableIsOneTransaction() {
    NftScript script = new NftScript(TABLE, false, List.of(map(web().ports(8000, 8010))), 7);
    String name = script.mapNames().iterator().next();
    assertThat(script.text(Set.of(), Set.of()))
        .isEqualTo(
            """
            add table inet lvstun_steering
            add map inet lvstun_steering NAME { type ipv4_addr : mark; flags interval; }
            add element inet lvstun_steering NAME { 10.0.0.0-10.1.255.255 : 0x1001, 10.9.0.7 : 0x1001 }
            add chain inet lvstun_steering steer_0
            add chain inet lvstun_steering prerouting { type filter hook prerouting priority mangle; policy accept; }
            add rule inet lvstun_steering steer_0 meta mark set 0x1000 comment "lvstun generation 7"
            add rule inet lvstun_steering steer_0 tcp sport 1000-1999 meta mark set 0x1000
            add rule inet lvstun_steering steer_0 ip dscp 46 meta mark set 0x1001
            add rule inet lvstun_steering steer_0 meta mark set ip saddr map @NAME
            add rule inet lvstun_steering prerouting ip daddr 192.168.1.200 tcp dport { 80, 8000-8010 } jump steer_0
            """
                .replace("NAME", name));
    assertThat(script.rangesToSend(Set.of())).isEqualTo(2);
  }

  @Test
  void anUnchangedMapIsNotSentAgain() {
    NftScript script = new NftScript(TABLE, false, List.of(map(web())), 8);
    Set<String> present = script.mapNames();
    String text = script.text(present, Set.of("prerouting", "steer_0"));
    assertThat(text)
        .doesNotContain("element", "add map", "delete")
        .contains("flush chain inet lvstun_steering prerouting\n");
    assertThat(script.rangesToSend(present)).isZero();
  }

  @Test
  void whatIsNoLongerUsedGoesLast() {
    NftScript script = new NftScript(TABLE, false, List.of(map(web())), 8);
    String text = script.text(Set.of("map_old"), Set.of("prerouting", "steer_0", "steer_1"));
    assertThat(text)
        .endsWith(
            "delete chain inet lvstun_steering steer_1\ndelete map inet lvstun_steering map_old\n");
    assertThat(text.indexOf("flush chain inet lvstun_steering steer_1"))
        .isLessThan(text.indexOf("add rule"));
  }

  @Test
  void oneListMoreIsOneMapMore() {
    NftScript before = new NftScript(TABLE, false, List.of(map(web())), 1);
    NftScript after =
        new NftScript(TABLE, false, List.of(map(web().send(Match.networks("9.9.9.9"), "asia"))), 2);
    assertThat(after.rangesToSend(before.mapNames())).isEqualTo(1);
  }

  @Test
  void foreignMarksAreOverriddenBehindThem() {
    String text = new NftScript(TABLE, true, List.of(map(web())), 1).text(Set.of(), Set.of());
    assertThat(text).contains("input { type filter hook input priority 90; policy accept; }");
    assertThat(text).contains("add rule inet lvstun_steering input ip daddr 192.168.1.200");
  }

  @Test
  void ipv6AndPayloads() {
    Steering dns =
        Steering.udp(
                "2001:db8::53", 53, Pool.of("a", s -> s.addRealServer("2001:db8:9::1").tunnel()))
            .pool(Pool.of("b", s -> s.addRealServer("2001:db8:9::2").tunnel()))
            .send(Match.payload(2, "ab".getBytes(StandardCharsets.US_ASCII)), "b")
            .send(Match.inboundInterface("eth1"), "b")
            .send(Match.networks("2001:db8:1::/48"), "b");
    String text = new NftScript(TABLE, false, List.of(map(dns)), 1).text(Set.of(), Set.of());
    assertThat(text)
        .contains("type ipv6_addr : mark")
        .contains("{ 2001:db8:1:0:0:0:0:0-2001:db8:1:ffff:ffff:ffff:ffff:ffff : 0x1001 }")
        .contains("steer_0 iifname \"eth1\" meta mark set 0x1001")
        .contains("steer_0 @ih,16,16 0x6162 meta mark set 0x1001")
        .contains("ip6 daddr 2001:db8::53 udp dport { 53 } jump steer_0");
  }
}
