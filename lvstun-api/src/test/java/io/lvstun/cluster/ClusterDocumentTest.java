// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.RealServer;
import io.lvstun.VirtualService;
import io.lvstun.host.Host;
import io.lvstun.host.SshOptions;
import io.lvstun.steering.DatabaseMetadata;
import io.lvstun.steering.LoadedTable;
import io.lvstun.steering.SteeringReport;
import io.lvstun.weight.WeightReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterDocumentTest {

  private static final Instant NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z");

  private static final ClusterStatement ALL =
      new ClusterStatement(
          List.of(
              VirtualService.tcp("192.0.2.10", 80)
                  .addRealServer(RealServer.tunnel("192.0.2.21").weight(5).thresholds(100, 50))),
          HighAvailability.ECMP,
          Optional.of(
              new SteeringReport(
                  List.of(
                      new DatabaseMetadata(
                          "c.mmdb", "GeoLite2-Country", Optional.of(NEW_YEAR), Optional.empty()),
                      new DatabaseMetadata("d.mmdb", "", Optional.empty(), Optional.of("torn"))),
                  List.of(
                      new LoadedTable(
                          LoadedTable.Backend.NFT,
                          "ip geo",
                          OptionalLong.of(300_000),
                          Optional.of("42"),
                          Optional.of("no memory")),
                      new LoadedTable(
                          LoadedTable.Backend.IPSET,
                          "geo",
                          OptionalLong.empty(),
                          Optional.empty(),
                          Optional.empty())),
                  List.of("nft -f -"))),
          Optional.of(
              new WeightReport(
                  NEW_YEAR,
                  Duration.ofSeconds(30),
                  List.of(new WeightReport.Server("rs1", NEW_YEAR, 10, List.of(10, 8))))));

  private static Topology read(String text) {
    return ClusterDocument.read("cluster.yaml", text, SshOptions.DEFAULTS);
  }

  @Test
  void statementComesBackAsItWas() {
    assertThat(ClusterDocument.readStatement("x", ClusterDocument.write(ALL))).isEqualTo(ALL);
    assertThat(ALL.stated()).isTrue();
    assertThat(ClusterDocument.readStatement("x", ClusterDocument.write(ClusterStatement.UNSTATED)))
        .isEqualTo(ClusterStatement.UNSTATED);
    assertThat(ClusterStatement.UNSTATED.stated()).isFalse();
  }

  @Test
  void documentStatesTheSame() {
    Topology topology =
        read(
            """
            directors: [netns:director]
            highAvailability: ecmp
            desired: |
              -A -t 192.0.2.10:80 -s wlc
              -a -t 192.0.2.10:80 -r 192.0.2.21:80 -i -w 5 -x 100 -y 50
            steering:
              databases:
                - {name: c.mmdb, type: GeoLite2-Country, built: "2026-01-01T00:00:00Z"}
                - {name: d.mmdb, problem: torn}
              tables:
                - {nft: ip geo, entries: 300000, generation: 42, failure: no memory}
                - {ipset: geo}
              commands: ["nft -f -"]
            weights:
              at: "2026-01-01T00:00:00Z"
              staleAfterSeconds: 30
              servers:
                - {server: rs1, reported: "2026-01-01T00:00:00Z", base: 10, weights: [10, 8]}
            """);
    assertThat(topology.statement()).isEqualTo(ALL);
    assertThat(topology.desired()).isEqualTo(ALL.desired());
    assertThat(topology.services()).hasSize(1);
  }

  /** Values that YAML would take for something else, or for its own signs, among them. */
  private static final List<String> STRANGE =
      List.of("no", "1.0", "~", "- a", "a: b", "#c", "é \"x\" 'y'", "0x1f", "[", "a\nb", "null");

  @Test
  void everyTopologyComesBackAsItWas() {
    long seed = Long.getLong("lvstun.seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      Topology topology = topology(random);
      String document = ClusterDocument.write(topology);
      String what = "seed " + seed + "\n" + document;
      Topology again = read(document);
      assertThat(again.nodes()).as(what).isEqualTo(topology.nodes());
      assertThat(again.services()).as(what).isEqualTo(topology.services());
      assertThat(again.addresses()).as(what).isEqualTo(topology.addresses());
      assertThat(again.statement()).as(what).isEqualTo(topology.statement());
      assertThat(ClusterDocument.write(again)).as(what).isEqualTo(document);
    }
  }

  private static Topology topology(Random random) {
    Topology.Builder builder = Topology.builder();
    builder.director(random.nextBoolean() ? Host.local() : Host.ssh("root@lb1"));
    for (int i = random.nextInt(3); i > 0; i--) {
      builder.director("lb-" + i, Host.netns("d" + i));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      String[] addresses =
          random
              .ints(random.nextInt(3), 1, 255)
              .mapToObj(n -> "192.0.2." + n)
              .distinct()
              .toArray(String[]::new);
      builder.realServer("rs" + i, Host.ssh("ssh://u@10.0.0." + i + ":222" + i), addresses);
      builder.realServer(Host.ssh("u" + random.nextInt(2) + "@same"));
    }
    if (random.nextBoolean()) {
      builder.vantage(Host.netns("cluster")).service("2001:db8::1").service("fwmark6:7");
    }
    VirtualService service = VirtualService.udp("2001:db8::" + random.nextInt(9), 53);
    if (random.nextBoolean()) {
      builder.desired(service.addRealServer(RealServer.tunnel("192.0.2.1").weight(3)));
    } else {
      builder.service(service.key());
    }
    builder.highAvailability(
        HighAvailability.values()[random.nextInt(HighAvailability.values().length)]);
    if (random.nextBoolean()) {
      builder.steering(steering(random));
    }
    if (random.nextBoolean()) {
      builder.weights(
          new WeightReport(
              Instant.ofEpochMilli(random.nextInt()),
              Duration.ofSeconds(1 + random.nextInt(99)),
              List.of(
                  new WeightReport.Server(
                      strange(random),
                      Instant.ofEpochSecond(random.nextInt()),
                      1 + random.nextInt(65535),
                      List.of(random.nextInt(65536), 1)))));
    }
    return builder.build();
  }

  private static SteeringReport steering(Random random) {
    List<DatabaseMetadata> databases = new ArrayList<>();
    List<LoadedTable> tables = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      databases.add(
          new DatabaseMetadata(
              strange(random),
              random.nextBoolean() ? "" : strange(random),
              random.nextBoolean()
                  ? Optional.empty()
                  : Optional.of(Instant.ofEpochSecond(random.nextInt())),
              random.nextBoolean() ? Optional.empty() : Optional.of(strange(random))));
      tables.add(
          new LoadedTable(
              LoadedTable.Backend.values()[random.nextInt(2)],
              strange(random),
              random.nextBoolean()
                  ? OptionalLong.empty()
                  : OptionalLong.of(random.nextInt(Integer.MAX_VALUE)),
              random.nextBoolean() ? Optional.empty() : Optional.of(strange(random)),
              random.nextBoolean() ? Optional.empty() : Optional.of(strange(random))));
    }
    return new SteeringReport(databases, tables, List.of(strange(random)));
  }

  private static String strange(Random random) {
    return STRANGE.get(random.nextInt(STRANGE.size()));
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
        "{\"steering\": {\"tables\": [{\"nft\": \"a\", \"ipset\": \"b\"}]}} | either nft or ipset",
        "{\"steering\": {\"databases\": [{\"path\": \"a\", \"name\": \"b\"}]}} | nothing beside",
        "{\"weights\": {\"at\": \"yesterday\", \"staleAfterSeconds\": 1}} | a time like",
        "{\"weights\": {\"at\": \"2026-01-01T00:00:00Z\", \"staleAfterSeconds\": -1}} | a number"
            + " from 0",
        "{\"weights\": {\"at\": \"2026-01-01T00:00:00Z\", \"staleAfterSeconds\": 0}} | be positive",
        "{\"weights\": {\"at\": \"2026-01-01T00:00:00Z\"}} | weights lacks staleAfterSeconds",
      })
  void whatIsWrongIsNamed(String json, String message) {
    assertThatThrownBy(() -> ClusterDocument.readStatement("facts", json))
        .isInstanceOf(ClusterDocumentException.class)
        .hasMessageStartingWith("facts:1: ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "directors: [local]\\nnodes: [] | 2 | ''",
        "directors: [local]\\ndirectors: [] | 2 | ''",
        "directors:\\n  - local\\n  - name: x | 3 | directors[1]",
        "directors:\\n  - host: local\\n    name: a b | 3 | directors[0].name",
        "realServers:\\n"
            + "  - host: local\\n"
            + "    addresses:\\n"
            + "      - 1.2.3 | 4 | realServers[0].addresses[0]",
        "directors: [local]\\nservices:\\n  - 1.2.3.4:x | 3 | services[0]",
        "directors: [local]\\nssh: 7 | 2 | ssh",
        "directors: [local]\\nssh: {config: [a]} | 2 | ssh.config",
        "directors: [!!java.io.File x] | 1 | directors[0]",
        "directors: [local]\\n"
            + "steering:\\n"
            + "  tables:\\n"
            + "    - nft: a\\n"
            + "      entries: x | 5 | steering.tables[0].entries",
        "directors: [local]\\nweights:\\n  at: x | 3 | weights.at",
        "directors: [local]\\ndesired: | 0 | ''",
        "directors: [local\\n | 2 | ''",
        "services: [1.2.3.4:80] | 1 | ''",
      })
  void errorsNameTheLineAndTheField(String text, int line, String field) {
    String document = text.replace("\\n", "\n");
    if (line == 0) {
      assertThat(read(document).desired()).isEmpty();
      return;
    }
    ClusterDocumentException error =
        catchThrowableOfType(ClusterDocumentException.class, () -> read(document));
    assertThat(error)
        .as(document)
        .isNotNull()
        .hasMessageStartingWith("cluster.yaml:" + line + ": ");
    assertThat(error.source()).isEqualTo("cluster.yaml");
    assertThat(error.line()).isEqualTo(line);
    assertThat(error.field()).isEqualTo(field);
  }

  @Test
  void hugeAndDeepDocumentsAreRefused() {
    assertThatThrownBy(() -> read("#".repeat((1 << 20) + 1))).hasMessageContaining("1 MiB");
    assertThatThrownBy(() -> read("directors: " + "[".repeat(500_000)))
        .isInstanceOf(ClusterDocumentException.class);
  }

  @Test
  void damageIsAClearErrorOrHarmless() {
    long seed = Long.getLong("lvstun.seed", new Random().nextLong());
    Random random = new Random(seed);
    String whole = ClusterDocument.write(topology(random));
    for (int round = 0; round < 500; round++) {
      StringBuilder damaged = new StringBuilder(whole);
      for (int i = 0; i <= random.nextInt(3); i++) {
        damaged.setCharAt(
            random.nextInt(whole.length()), "\t:-[]{}&*!|>'\"\0x\n".charAt(random.nextInt(17)));
      }
      try {
        assertThat(read(damaged.toString()).nodes()).isNotEmpty();
      } catch (ClusterDocumentException e) {
        assertThat(e.line()).as("seed %d: %s", seed, e).isPositive();
      }
    }
  }

  /** The reference names every key, and its example is a document. */
  @Test
  void referenceHasAWorkingExample() throws Exception {
    String reference = Files.readString(Path.of("../docs/reference/cluster-document.md"));
    String example = reference.substring(reference.indexOf("```yaml\n") + 8);
    Topology topology = read(example.substring(0, example.indexOf("```")));
    assertThat(topology.statement().steering()).isPresent();
    assertThat(topology.statement().weights()).isPresent();
    assertThat(topology.desired()).isNotEmpty();
    for (String key :
        List.of(
            "directors",
            "realServers",
            "vantages",
            "services",
            "ssh.config",
            "ssh.identity",
            "host",
            "name",
            "address",
            "addresses",
            "desired",
            "highAvailability",
            "steering.databases",
            "steering.tables",
            "steering.commands",
            "weights.at",
            "weights.staleAfterSeconds",
            "weights.servers")) {
      assertThat(reference).contains("`" + key + "`");
    }
  }
}
