// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.steering;

import static io.lvstun.diagnostics.check.Directors.onDirector;
import static io.lvstun.diagnostics.check.Directors.stated;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.steering.DatabaseMetadata;
import io.lvstun.steering.LoadedTable;
import io.lvstun.steering.LoadedTable.Backend;
import io.lvstun.steering.SteeringReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checks of steering by place. */
class GeographyChecksTest {

  // ---- GEO ----

  private static final Instant COLLECTED = Instant.parse("2026-01-02T03:04:05Z");

  private static Finding cluster(String code, SteeringReport steering) {
    return finding(
        stated(Topology.builder().steering(steering), facts -> facts), code, Finding.CLUSTER);
  }

  private static Finding database(String type, Optional<Instant> built, Optional<String> problem) {
    return cluster(
        "GEO-001",
        new SteeringReport(
            List.of(new DatabaseMetadata("geo.mmdb", type, built, problem)), List.of(), List.of()));
  }

  @Test
  void databasesMustBeFreshAndWhole() {
    Optional<Instant> fresh = Optional.of(COLLECTED.minusSeconds(29 * 86_400));
    assertThat(database("GeoLite2-Country", fresh, Optional.empty()).status())
        .isEqualTo(Status.PASS);
    assertThat(
            database("X-City", Optional.of(COLLECTED.minusSeconds(32 * 86_400)), Optional.empty())
                .observed())
        .contains("32 days old");
    assertThat(database("GeoLite2-ASN", fresh, Optional.empty()).status()).isEqualTo(Status.WARN);
    assertThat(database("", Optional.empty(), Optional.of("there is no such file")).observed())
        .contains("no such file");
    assertThat(cluster("GEO-001", new SteeringReport(List.of(), List.of(), List.of())).status())
        .isEqualTo(Status.SKIP);
  }

  private static LoadedTable table(
      Backend backend, String name, long entries, String generation, int exitCode) {
    return new LoadedTable(
        backend,
        name,
        entries < 0 ? OptionalLong.empty() : OptionalLong.of(entries),
        generation.isEmpty() ? Optional.empty() : Optional.of(generation),
        exitCode == 0 ? Optional.empty() : Optional.of("No space left on device"));
  }

  private static Finding tables(String code, LoadedTable table, UnaryOperator<Recorded> edit) {
    return finding(
        stated(
            Topology.builder().steering(new SteeringReport(List.of(), List.of(table), List.of())),
            edit),
        code,
        "director");
  }

  private static UnaryOperator<Recorded> set(String name, long entries, long limit) {
    return facts ->
        facts.text(
            "ipset",
            """
            Name: %s
            Type: hash:net
            Revision: 7
            Header: family inet hashsize 1024 maxelem %d skbinfo bucketsize 12
            Size in memory: 448
            References: 0
            Number of entries: %d
            """
                .formatted(name, limit, entries));
  }

  @Test
  void setsMustHaveRoomAndAllEntries() {
    assertThat(onDirector("GEO-002", set("geo", 100, 65536)).status()).isEqualTo(Status.PASS);
    Finding full = onDirector("GEO-002", set("geo", 65536, 65536));
    assertThat(full.status()).isEqualTo(Status.FAIL);
    assertThat(full.observed()).contains("geo is full");
    assertThat(onDirector("GEO-002", facts -> facts).status()).isEqualTo(Status.SKIP);
    assertThat(onDirector("GEO-002", facts -> facts.unreadable("ipset", "denied")).status())
        .isEqualTo(Status.ERROR);
    assertThat(
            tables("GEO-002", table(Backend.IPSET, "geo", 200, "", 0), set("geo", 100, 65536))
                .observed())
        .contains("100 of 200");
    assertThat(
            tables("GEO-002", table(Backend.IPSET, "geo", 100, "", 0), set("other", 100, 65536))
                .observed())
        .contains("no set geo");
    assertThat(
            tables("GEO-002", table(Backend.NFT, "ip geo", 100, "", 1), facts -> facts).observed())
        .contains("No space left");
  }

  @ParameterizedTest
  @CsvSource({
    "nft list ruleset, WARN",
    "nft -a list table ip geo, WARN",
    "nft -t list ruleset, PASS",
    "nft --terse list ruleset, PASS",
    "/usr/sbin/nft add element ip geo m { 10.0.0.0/8 : 1 }, WARN",
    "nft -f -, PASS",
    "ipset restore, PASS",
  })
  void commandsOfTheLoopMustBeCheap(String command, Status expected) {
    assertThat(
            cluster("GEO-003", new SteeringReport(List.of(), List.of(), List.of(command))).status())
        .isEqualTo(expected);
  }

  @Test
  void commandsThatAreNotStatedAreNotJudged() {
    assertThat(cluster("GEO-003", new SteeringReport(List.of(), List.of(), List.of())).status())
        .isEqualTo(Status.SKIP);
  }

  @Test
  void generationsAreCompared() {
    UnaryOperator<Recorded> loaded =
        facts ->
            facts.text(
                "nft.text",
                "table ip geo { # handle 3\n"
                    + "\tcomment \"lvstun generation 42\"\n\n"
                    + "\tmap m {\n"
                    + "\t}\n"
                    + "}\n");
    assertThat(tables("GEO-004", table(Backend.NFT, "ip geo", -1, "42", 0), loaded).status())
        .isEqualTo(Status.PASS);
    assertThat(tables("GEO-004", table(Backend.NFT, "ip geo", -1, "4", 0), loaded).status())
        .isEqualTo(Status.WARN);
    assertThat(
            tables("GEO-004", table(Backend.IPSET, "geo", -1, "42", 0), set("geo-42", 1, 10))
                .status())
        .isEqualTo(Status.PASS);
    assertThat(
            tables("GEO-004", table(Backend.IPSET, "geo", -1, "43", 0), set("geo-42", 1, 10))
                .status())
        .isEqualTo(Status.WARN);
    assertThat(tables("GEO-004", table(Backend.IPSET, "geo", -1, "", 0), facts -> facts).status())
        .isEqualTo(Status.SKIP);
    assertThat(onDirector("GEO-004", facts -> facts).status()).isEqualTo(Status.SKIP);
    assertThat(
            tables(
                    "GEO-004",
                    table(Backend.NFT, "ip geo", -1, "42", 0),
                    facts -> facts.unreadable("nft.json", "no nft"))
                .status())
        .isEqualTo(Status.ERROR);
  }
}
