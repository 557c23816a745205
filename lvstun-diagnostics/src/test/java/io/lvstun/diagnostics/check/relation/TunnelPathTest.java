// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunnelPathTest {

  private static TunnelPath path(UnaryOperator<Recorded> director, UnaryOperator<Recorded> server) {
    Cluster cluster =
        Clusters.of(Clusters.plainDirector(director), Clusters.edited("json-rs1", server));
    return TunnelPath.of(cluster, cluster.member("director").orElseThrow()).stream()
        .filter(one -> one.server().equals("192.168.1.101"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ethernetIsTooNarrowForAFullPacketInATunnel() {
    TunnelPath path = path(facts -> facts, facts -> facts);
    assertThat(path.mtu().get()).isEqualTo(1500);
    assertThat(path.inner()).contains(1480);
    assertThat(path.segment()).contains(1440);
    assertThat(path.narrow()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1440,false", "1441,true", "1360,false"})
  void announcedSegmentThatFitsMakesItGood(int mss, boolean small) {
    TunnelPath path =
        path(
            facts -> facts,
            facts ->
                facts.text(
                    "route",
                    "[{\"dst\":\"default\",\"gateway\":\"192.168.1.1\",\"dev\":\"eth0\",\"metrics\":"
                        + "[{\"advmss\":"
                        + mss
                        + "}]}]"));
    assertThat(path.small()).isEqualTo(small);
    assertThat(path.narrow()).isTrue();
  }

  @Test
  void wideDeviceLeavesRoom() {
    TunnelPath path =
        path(facts -> facts.replace("link", "\"mtu\":1500", "\"mtu\":1520"), facts -> facts);
    assertThat(path.inner()).contains(1500);
    assertThat(path.narrow()).isFalse();
    assertThat(path.small()).isFalse();
  }

  @Test
  void pathThatIsNotKnownIsNotCalledNarrow() {
    TunnelPath path = path(facts -> facts.unreadable("link", "no ip"), facts -> facts);
    assertThat(path.mtu().known()).isEmpty();
    assertThat(path.inner()).isEmpty();
    assertThat(path.narrow()).isFalse();
  }
}
