// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.model.Check;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExplainCommandTest {

  @Test
  void withoutCodeAllChecksAreListed() {
    Runner runner = Runner.run("explain");
    assertThat(runner.status()).isZero();
    for (Check check : Catalogue.checks()) {
      assertThat(runner.out().lines())
          .anyMatch(
              line -> line.startsWith("  " + check.code() + " ") && line.endsWith(check.title()));
    }
  }

  @Test
  void aCheckIsExplainedByCodeAndByName() {
    Check check = Catalogue.find("TUN-001").orElseThrow();
    String byCode = Runner.run("explain", "tun-001").out();
    assertThat(byCode)
        .startsWith("TUN-001  " + check.title())
        .contains("  why ", "  remedy ", "  severity   fail", "real-server")
        .contains(check.documentation());
    assertThat(Runner.run("explain", check.slug()).out()).isEqualTo(byCode);
    assertThat(byCode.lines()).allMatch(line -> line.length() <= 120);
  }

  @Test
  void aGroupIsExplained() {
    assertThat(Runner.run("explain", "TUN").out()).contains("TUN-001  ").doesNotContain("\nARP-");
    assertThat(Runner.run("explain", "TUN", "TUN-001").status()).isZero();
  }

  @Test
  void whatDoesNotExistIsRefused() {
    Runner runner = Runner.run("explain", "XYZ-001");
    assertThat(runner.status()).isEqualTo(2);
    assertThat(runner.err()).contains("there is no check XYZ-001");
  }

  @Test
  void programsGetJson() {
    JsonNode root = JsonMapper.shared().readTree(Runner.run("explain", "-o", "json").out());
    assertThat(root.path("checks").size()).isEqualTo(Catalogue.checks().size());
    JsonNode one =
        JsonMapper.shared()
            .readTree(Runner.run("explain", "TUN-001", "HST-001", "-o", "json").out())
            .path("checks")
            .path(0);
    assertThat(one.path("code").asString()).isEqualTo("TUN-001");
  }
}
