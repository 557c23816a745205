// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.RealServer;
import io.lvstun.VirtualService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stated of the control of a cluster: in Java, YAML, JSON and facts. */
class ControlPlaneTest {

  private static final ControlPlane ALL =
      new ControlPlane(
          List.of(
              VirtualService.tcp("192.0.2.10", 80)
                  .addRealServer(RealServer.tunnel("192.0.2.21").weight(5).thresholds(100, 50))),
          HighAvailability.ECMP,
          Optional.of(
              new Geography(
                  List.of(
                      new Geography.Database(
                          "c.mmdb",
                          "GeoLite2-Country",
                          Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                          Optional.empty()),
                      new Geography.Database("d.mmdb", "", Optional.empty(), Optional.of("torn"))),
                  List.of(
                      new Geography.Table(
                          Geography.Backend.NFT,
                          "ip geo",
                          OptionalLong.of(300_000),
                          Optional.of("42"),
                          OptionalInt.of(1),
                          "no memory"),
                      new Geography.Table(
                          Geography.Backend.IPSET,
                          "geo",
                          OptionalLong.empty(),
                          Optional.empty(),
                          OptionalInt.empty(),
                          "")),
                  List.of("nft -f -"))),
          Optional.of(
              new LoadReports(
                  Instant.parse("2026-01-01T00:00:00Z"),
                  Duration.ofSeconds(30),
                  List.of(
                      new LoadReports.Server(
                          "rs1", Instant.parse("2026-01-01T00:00:00Z"), 10, 2, List.of(10, 8))))));

  @Test
  void yamlComesBackAsItWas() {
    assertThat(ControlPlane.parse(ALL.toYaml())).isEqualTo(ALL);
    assertThat(ControlPlane.parse(ControlPlane.UNSTATED.toYaml())).isEqualTo(ControlPlane.UNSTATED);
    assertThat(ALL.stated()).isTrue();
    assertThat(ControlPlane.UNSTATED.stated()).isFalse();
  }

  @Test
  void yamlStatesTheSame() {
    Topology topology =
        Topology.parse(
            """
            directors: [netns:director]
            highAvailability: ecmp
            desired: |
              -A -t 192.0.2.10:80 -s wlc
              -a -t 192.0.2.10:80 -r 192.0.2.21:80 -i -w 5 -x 100 -y 50
            geography:
              databases:
                - {name: c.mmdb, type: GeoLite2-Country, built: "2026-01-01T00:00:00Z"}
                - {name: d.mmdb, problem: torn}
              tables:
                - {nft: ip geo, entries: 300000, generation: 42, exitCode: 1, message: no memory}
                - {ipset: geo}
              commands: ["nft -f -"]
            loads:
              at: "2026-01-01T00:00:00Z"
              expirySeconds: 30
              servers:
                - {server: rs1, reported: "2026-01-01T00:00:00Z", base: 10, floor: 2, weights: [10, 8]}
            """);
    assertThat(topology.controlPlane()).isEqualTo(ALL);
    assertThat(topology.desired()).isEqualTo(ALL.desired());
    assertThat(topology.services()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"x\": 1} | unknown key x",
        "[] | must be a map",
        "{ | not YAML",
        "{\"highAvailability\": \"magic\"} | vrrp, ecmp or unstated",
        "{\"desired\": \"-A -t nonsense\"} | desired",
        "{\"geography\": {\"tables\": [{\"nft\": \"a\", \"ipset\": \"b\"}]}} | either nft or ipset",
        "{\"geography\": {\"databases\": [{\"path\": \"a\", \"name\": \"b\"}]}} | stand alone",
        "{\"loads\": {\"at\": \"yesterday\", \"expirySeconds\": 1}} | a time like",
        "{\"loads\": {\"at\": \"2026-01-01T00:00:00Z\", \"expirySeconds\": -1}} | a number from 0",
        "{\"loads\": {\"at\": \"2026-01-01T00:00:00Z\", \"expirySeconds\": 0}} | must be positive",
      })
  void whatIsWrongIsNamed(String json, String message) {
    assertThatThrownBy(() -> ControlPlane.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
