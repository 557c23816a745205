// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.host.Host;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class FilterOptionsTest {

  private static final Topology TOPOLOGY =
      Topology.builder()
          .director("director", Host.netns("director"))
          .realServer("rs", Host.netns("rs"))
          .build();

  private static FilterOptions parse(String... arguments) {
    return Mixee.parse(new FilterOptions(), arguments);
  }

  private static Check check(String code) {
    return Catalogue.checks().stream()
        .filter(check -> check.code().equals(code))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void codeGroupAndNameSelect() {
    Check check = check("TUN-001");
    for (String text : List.of("TUN-001", "tun-001", "TUN", "tun", check.slug())) {
      assertThat(FilterOptions.matches(check, text)).as(text).isTrue();
      assertThat(parse("--only", text).selects(check)).as(text).isTrue();
      assertThat(parse("--only", "RPF", "--skip", text).selects(check)).as(text).isFalse();
    }
    for (String text : List.of("TUN-00", "TU", "TUN-", "", "TUN-0011")) {
      assertThat(FilterOptions.matches(check, text)).as(text).isFalse();
    }
    assertThat(parse("--only", "RPF,ARP").selects(check)).isFalse();
  }

  @Test
  void skippingIsStrongerThanOnly() {
    FilterOptions options = parse("--only", "TUN", "--skip", "TUN-001");
    assertThat(options.selects(check("TUN-001"))).isFalse();
    assertThat(options.selects(check("TUN-002"))).isTrue();
  }

  @Test
  void severityIsALowerBound() {
    for (Check check : Catalogue.checks()) {
      assertThat(parse("--min-severity", "warn").selects(check))
          .isEqualTo(check.severity() != Severity.INFO);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--only=RPF-999, there is no check RPF-999",
    "--skip=X, there is no check X",
    "--host=rs9, there is no rs9 among",
    "--role=king, --role must be one of"
  })
  void whatDoesNotExistIsRefused(String argument, String message) {
    FilterOptions options = parse(argument);
    assertThatThrownBy(() -> options.validate(TOPOLOGY))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining(message);
  }

  @Test
  void hostsAndRolesOfTheTopologyAndTheClusterAreTaken() {
    FilterOptions options =
        parse("--host", "rs,cluster", "--role", "REAL_SERVER,cluster", "--only", "TUN");
    options.validate(TOPOLOGY);
    Report report =
        Doctor.analyse(
            Clusters.withServer(Recorded.facts("json-rs1")),
            check -> check.code().equals("TUN-001") || check.code().equals("HST-001"));
    assertThat(report.findings()).extracting(Finding::host).contains("director", "rs");
    assertThat(options.apply(report).findings())
        .isNotEmpty()
        .extracting(Finding::host)
        .containsOnly("rs");
    assertThat(parse("--role", "vantage").apply(report).findings()).isEmpty();
    assertThat(parse("--skip", "HST").apply(report).findings())
        .extracting(Finding::code)
        .containsOnly("TUN-001");
  }
}
