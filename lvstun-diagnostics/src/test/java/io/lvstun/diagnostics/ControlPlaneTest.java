// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.RealServer;
import io.lvstun.VirtualService;
import io.lvstun.diagnostics.host.HostFacts;
import io.lvstun.diagnostics.host.Recorded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  void jsonComesBackAsItWas() {
    assertThat(ControlPlane.parse(ALL.toSection().text())).isEqualTo(ALL);
    assertThat(ControlPlane.parse(ControlPlane.UNSTATED.toSection().text()))
        .isEqualTo(ControlPlane.UNSTATED);
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

  @Test
  void aDirectorsFactsCarryIt() {
    HostFacts facts = Recorded.facts("json-director").with(List.of(ALL.toSection()));
    Topology bare =
        Topology.builder()
            .director("director", io.lvstun.diagnostics.host.Host.netns("director"))
            .build();
    Cluster cluster = Clusters.of(bare, HostFacts.fromJson(facts.toJson()));
    assertThat(cluster.controlPlane().get()).isEqualTo(ALL);
    assertThat(Clusters.of(bare, Recorded.facts("json-director")).controlPlane().get().stated())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"x\": 1} | unknown key x",
        "[] | must be a map",
        "{ | not JSON",
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

  // ---- databases ----

  /** A file in the MaxMind DB format whose tree is of zeros. */
  private static byte[] database(int nodes, int treeBytes, String type, long built)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[treeBytes + 16]);
    out.write("\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1));
    out.write(0xe0 | 5);
    text(out, "node_count");
    out.write(new byte[] {(byte) (6 << 5 | 4), 0, 0, (byte) (nodes >> 8), (byte) nodes});
    text(out, "record_size");
    out.write(new byte[] {(byte) (5 << 5 | 1), 24});
    text(out, "database_type");
    text(out, type);
    text(out, "build_epoch");
    out.write(new byte[] {4, 2});
    out.write(
        new byte[] {(byte) (built >> 24), (byte) (built >> 16), (byte) (built >> 8), (byte) built});
    text(out, "languages");
    out.write(new byte[] {1, 4});
    text(out, "en");
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < 29) {
      out.write(2 << 5 | bytes.length);
    } else {
      out.write(2 << 5 | 29);
      out.write(bytes.length - 29);
    }
    out.write(bytes);
  }

  @Test
  void metadataOfADatabaseIsRead(@TempDir Path directory) throws IOException {
    long built = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();
    Path file = directory.resolve("geo.mmdb");
    Files.write(file, database(100, 600, "A-Type-Whose-Name-Is-Rather-Long-Country", built));
    Geography.Database database = GeoDatabaseFile.read(file);
    assertThat(database.problem()).isEmpty();
    assertThat(database.type()).isEqualTo("A-Type-Whose-Name-Is-Rather-Long-Country");
    assertThat(database.built()).contains(Instant.ofEpochSecond(built));
    Topology topology =
        Topology.parse(
            "directors: [netns:d]\ngeography:\n  databases:\n    - {path: \"" + file + "\"}\n");
    assertThat(topology.controlPlane().geography().orElseThrow().databases())
        .containsExactly(database);
  }

  @Test
  void brokenDatabasesHaveAProblem(@TempDir Path directory) throws IOException {
    assertThat(GeoDatabaseFile.read(directory.resolve("none")).problem())
        .contains("there is no such file");
    Path file = directory.resolve("geo.mmdb");
    Files.write(file, database(1000, 600, "X-City", 1));
    assertThat(GeoDatabaseFile.read(file).problem().orElseThrow()).contains("shorter");
    byte[] whole = database(100, 600, "X-City", 1);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThat(GeoDatabaseFile.read(file).problem()).as("of length %d", length).isPresent();
    }
    Files.write(file, new byte[0]);
    assertThat(GeoDatabaseFile.read(file).problem().orElseThrow()).contains("no metadata");
    assertThat(GeoDatabaseFile.read(directory).problem()).isPresent();
  }
}
