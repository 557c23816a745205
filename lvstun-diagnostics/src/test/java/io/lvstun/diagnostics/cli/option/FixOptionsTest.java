// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Report;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FixOptionsTest {

  private static FixOptions parse(String... arguments) {
    return Mixee.parse(new FixOptions(), arguments);
  }

  private static Report report(String recording) {
    return Doctor.analyse(
        Clusters.withServer(Recorded.facts(recording)), check -> check.code().equals("TUN-001"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--yes", "--disruptive", "--dry-run", "-n"})
  void optionsOfARepairGoWithOne(String option) {
    FixOptions options = parse(option);
    assertThat(options.wanted()).isFalse();
    assertThatThrownBy(() -> options.validate(true))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("go with --fix");
    parse("--fix", option).validate(true);
  }

  @Test
  void savedFactsAreNotRepairedButAPlanIsShown() {
    assertThatThrownBy(() -> parse("--fix").validate(false))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("--fix needs hosts");
    parse("--fix", "--dry-run").validate(false);
  }

  @Test
  void contradictionAboutFilesIsFoundBeforeAnythingIsDone() {
    assertThatThrownBy(() -> parse("--fix", "--runtime-only", "--root", "/a").validate(true))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("--runtime-only");
  }

  @Test
  void dryRunShowsThePlanAndExaminesNothing() {
    Report broken =
        Doctor.analyse(
            Clusters.withServer(
                Clusters.edited(
                    "json-rs1",
                    facts -> facts.replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\""))),
            check -> check.code().equals("TUN-001"));
    StringWriter out = new StringWriter();
    Report after =
        parse("--fix", "--dry-run", "--runtime-only")
            .run(
                broken,
                () -> {
                  throw new AssertionError("a dry run must not examine");
                },
                new PrintWriter(out));
    assertThat(after).isSameAs(broken);
    assertThat(out.toString())
        .startsWith("What --fix would do; nothing has been changed:\n")
        .contains("+ ip link set dev tunl0 up   [TUN-001]");
  }

  @Test
  void nothingToRepairIsSaid() {
    StringWriter out = new StringWriter();
    Report healthy = report("json-rs1").filtered(finding -> finding.code().equals("TUN-001"));
    for (String[] arguments : new String[][] {{"--fix", "--dry-run"}, {"--fix"}}) {
      out.getBuffer().setLength(0);
      parse(arguments).run(healthy, () -> healthy, new PrintWriter(out));
      assertThat(out.toString()).startsWith("Nothing to repair.\n");
    }
  }
}
