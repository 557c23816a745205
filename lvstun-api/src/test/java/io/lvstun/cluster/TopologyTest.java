// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.host.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyTest {

  @Test
  void hostsAreNamedAfterWhatTheyAreUnlessThatIsAmbiguous() {
    Topology topology =
        Topology.builder()
            .director(Host.local())
            .realServer(Host.ssh("root@rs1"))
            .realServer(Host.ssh("ssh://root@rs2:2222"))
            .realServer(Host.netns("rs1"))
            .build();
    assertThat(topology.nodes())
        .extracting(Node::name)
        .containsExactly("local", "ssh://root@rs1", "rs2:2222", "netns:rs1");
  }

  @Test
  void hostMayBeDirectorAndRealServer() {
    Topology topology =
        Topology.builder()
            .director(Host.netns("both"))
            .realServer("pair", Host.netns("both"), "192.0.2.1")
            .build();
    assertThat(topology.nodes()).hasSize(1);
    assertThat(topology.nodes().get(0).roles())
        .containsExactlyInAnyOrder(Role.DIRECTOR, Role.REAL_SERVER);
    assertThat(topology.nodes().get(0).name()).isEqualTo("pair");
  }

  @Test
  void vantageMustBeNothingElse() {
    assertThatThrownBy(
            () -> Topology.builder().director(Host.netns("d")).vantage(Host.netns("d")).build())
        .hasMessageContaining("d cannot be a vantage");
  }

  @Test
  void yamlSaysTheSameAsTheBuilder() {
    Topology topology =
        Topology.parse(
            """
            directors:
              - local
            realServers:
              - host: ssh://root@192.0.2.7:2222
                name: rs1
                address: 192.168.2.101
              - netns:rs2
            vantages: ["netns:client"]
            services:
              - 192.168.1.200:80
              - udp:192.168.1.200:53
              - "[2001:db8::1]:443"
              - fwmark:7
              - 192.168.1.201
            """);
    assertThat(topology.nodes(Role.REAL_SERVER))
        .extracting(Node::name)
        .containsExactly("rs1", "rs2");
    assertThat(topology.node("rs1").orElseThrow().addresses())
        .containsExactly(IpAddress.parse("192.168.2.101"));
    assertThat(topology.services())
        .containsExactly(
            ServiceKey.tcp("192.168.1.200", 80),
            ServiceKey.udp("192.168.1.200", 53),
            ServiceKey.tcp("2001:db8::1", 443),
            ServiceKey.fwmark(7));
    assertThat(topology.addresses())
        .containsExactly(
            IpAddress.parse("192.168.1.200"),
            IpAddress.parse("2001:db8::1"),
            IpAddress.parse("192.168.1.201"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "directors: [",
        "- local",
        "directors: local",
        "directors: [{name: x}]",
        "directors: [local]\nnodes: []",
        "directors: ['-oProxyCommand=x']",
        "directors: [local]\nservices: ['www.example.com:80']",
        "directors: [{host: local, address: 192.0.2.1}]",
        "realServers: [{host: local, address: nonsense}]",
        "directors: [local, local2]",
        "a: &a [*a]"
      })
  void wrongYamlIsAClearError(String yaml) {
    assertThatThrownBy(() -> Topology.parse(yaml))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContainingAny("java.", "null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.1:99999",
        "192.0.2.1:",
        ":80",
        "2001:db8::1:80x",
        "fwmark:",
        "fwmark:0",
        "fwmark:x",
        "host:80",
        "tcp:",
        "-x"
      })
  void wrongServiceIsAClearError(String service) {
    assertThatThrownBy(() -> Topology.builder().service(service))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
