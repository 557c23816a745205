// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SteeringTest {

  private static final Pool WORLD = Pool.of("world", s -> s.addRealServer("192.168.9.1").tunnel());
  private static final Pool ASIA = Pool.of("asia", s -> s.addRealServer("192.168.9.2").tunnel());

  @Test
  void readsAsALine() {
    assertThat(
            Steering.tcp("192.168.1.200", 80, WORLD)
                .ports(8000, 8010)
                .pool(ASIA)
                .send(Match.countries("JP", "CN"), "asia")
                .sendNearest(new SteeringRule.Node("world", new Coordinates(1, 2))))
        .hasToString(
            "TCP 192.168.1.200 80,8000-8010 [countries CN JP -> asia, nearest of world], else"
                + " world");
  }

  @Test
  void rulesAndPoolsFitTogether() {
    Steering steering = Steering.tcp("192.168.1.200", 80, WORLD);
    assertThatThrownBy(() -> steering.send(Match.dscp(46), "asia"))
        .hasMessageContaining("names pool asia, but the pools are [world]");
    assertThatThrownBy(() -> steering.ports(70, 90)).hasMessageContaining("overlap");
    assertThatThrownBy(() -> Steering.tcp("example.org", 80, WORLD))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Steering.tcp("192.168.1.200", 0, WORLD))
        .hasMessageContaining("1 to 65535");
  }

  /** The first packet of a TCP connection has no payload, so such a rule could never apply. */
  @Test
  void payloadRulesNeedAFirstPacketThatHasPayload() {
    Match video = Match.payload(0, "video".getBytes(StandardCharsets.US_ASCII));
    Steering tcp = Steering.tcp("192.168.1.200", 80, WORLD).pool(ASIA);
    assertThatThrownBy(() -> tcp.send(video, "asia"))
        .hasMessageContaining("carries no payload in TCP", "content tier", "tcpFastOpen()");
    assertThat(tcp.tcpFastOpen().send(video, "asia").rules()).hasSize(1);
    assertThat(Steering.udp("192.168.1.200", 80, WORLD).pool(ASIA).send(video, "asia").rules())
        .hasSize(1);
  }

  @Test
  void onePacketSchedulingNeedsUdp() {
    Pool single = Pool.of("dns", s -> s.onePacket(true).addRealServer("192.168.9.3").tunnel());
    assertThatThrownBy(() -> Steering.tcp("192.168.1.200", 53, single))
        .hasMessageContaining("only UDP");
    assertThat(Steering.udp("192.168.1.200", 53, single).defaultPool()).isEqualTo(single);
  }

  @Test
  void aFailoverNeedsServers() {
    Pool empty = Pool.of("empty", s -> s);
    assertThatThrownBy(() -> Steering.tcp("192.168.1.200", 80, WORLD.failover("empty")).pool(empty))
        .hasMessageContaining("cannot fail over to empty");
    assertThatThrownBy(() -> WORLD.failover("world")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void valuesAreEqualByContent() {
    Steering one = Steering.tcp("192.168.1.200", 80, WORLD).pool(ASIA).send(Match.dscp(1), "asia");
    Steering two = Steering.tcp("192.168.1.200", 80, WORLD).pool(ASIA).send(Match.dscp(1), "asia");
    assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
    assertThat(one).isNotEqualTo(one.ports(443, 443));
  }
}
