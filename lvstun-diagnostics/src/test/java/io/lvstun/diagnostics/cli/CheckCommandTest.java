// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.bundle.Bundle;
import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.report.ReportFormat;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The options of check on facts that are known, and its exit status. */
class CheckCommandTest {

  @TempDir private Path folder;
  private String healthy = "";
  private String broken = "";

  @BeforeEach
  void bundles() throws Exception {
    healthy = bundle("healthy", Recorded.facts("json-rs1"));
    broken =
        bundle(
            "broken",
            Clusters.edited(
                "json-rs1",
                facts -> facts.replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\"")));
  }

  private String bundle(String name, HostFacts server) throws Exception {
    Path file = folder.resolve(name + ".zip");
    try (OutputStream out = Files.newOutputStream(file)) {
      Bundle.write(Clusters.withServer(server), out);
    }
    return file.toString();
  }

  private static Runner check(String bundle, String... options) {
    String[] all = new String[options.length + 3];
    all[0] = "check";
    all[1] = "--from-bundle";
    all[2] = bundle;
    System.arraycopy(options, 0, all, 3, options.length);
    return Runner.run(all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--only=RPF-999",
        "--skip=NOPE",
        "--host=nobody",
        "--role=king",
        "--min-severity=bad",
        "--fail-on=sometimes",
        "--output=yaml",
        "--output-file=/nonexistent/folder/report",
        "--output-file=/tmp",
        "--sample=11m",
        "--sample=-1s",
        "--deadline=1ms",
        "--parallel=0",
        "--connect-timeout=0s",
        "--wait=soon",
        "--nonsense"
      })
  void optionsOutOfRangeAreRefused(String option) {
    Runner.refused(
        option.substring(0, option.contains("=") ? option.indexOf('=') : option.length()),
        "check",
        "--director",
        "local",
        "--no-discovery",
        option);
  }

  @Test
  void statusTellsWhatIsWrong() {
    String[] good = {"--only", "HST,KRN-003,TUN-001"};
    assertThat(check(healthy, good).status()).isZero();
    Runner bad = check(broken, good);
    assertThat(bad.status()).isEqualTo(3);
    assertThat(bad.out()).endsWith("begin with TUN-001 on rs\n");
  }

  @ParameterizedTest
  @CsvSource({
    "MTU-001,,4",
    "MTU-001,fail,4",
    "MTU-001,WARN,3",
    "MTU-001,never,0",
    "TUN-001,never,0",
    "TUN-001,fail,3"
  })
  void failOnDecides(String only, String failOn, int status) {
    Runner runner =
        failOn == null
            ? check(broken, "--only", only)
            : check(broken, "--only", only, "--fail-on", failOn);
    assertThat(runner.status()).as(runner.out()).isEqualTo(status);
  }

  @Test
  void filtersLeaveOut() {
    assertThat(codes(check(broken, "-o", "json", "--only", "TUN-001"))).contains("TUN-001");
    assertThat(codes(check(broken, "-o", "json", "--skip", "TUN,ARP")))
        .doesNotContain("TUN-001", "ARP-001")
        .contains("HST-001");
    assertThat(hosts(check(broken, "-o", "json", "--host", "rs"))).containsOnly("rs");
    assertThat(hosts(check(broken, "-o", "json", "--role", "director"))).containsOnly("director");
    JsonNode severe = json(check(broken, "-o", "json", "--min-severity", "fail"));
    severe
        .path("findings")
        .forEach(finding -> assertThat(finding.path("severity").asString()).isEqualTo("FAIL"));
  }

  private static JsonNode json(Runner runner) {
    return JsonMapper.shared().readTree(runner.out());
  }

  private static List<String> codes(Runner runner) {
    return json(runner).path("findings").valueStream().map(f -> f.path("code").asString()).toList();
  }

  private static List<String> hosts(Runner runner) {
    return json(runner).path("findings").valueStream().map(f -> f.path("host").asString()).toList();
  }

  @ParameterizedTest
  @EnumSource(ReportFormat.class)
  void everyFormGoesToAFile(ReportFormat format) throws Exception {
    Path file = folder.resolve("report");
    Runner runner =
        check(
            broken, "-o", format.name().toLowerCase(Locale.ROOT), "--output-file", file.toString());
    assertThat(runner.status()).isEqualTo(3);
    assertThat(runner.out()).startsWith("VERDICT FAIL: ").hasLineCount(1);
    assertThat(Files.readString(file)).contains("TUN-001").doesNotContain("\u001b");
  }

  @Test
  void aDiskThatIsFullIsTold() {
    Runner runner = check(healthy, "--output-file", "/dev/full");
    assertThat(runner.status()).isEqualTo(1);
    assertThat(runner.err()).contains("cannot write /dev/full").hasLineCount(1);
  }

  @Test
  void colourIsForTerminalsThatWantIt() {
    String[] arguments = {"check", "--from-bundle", broken};
    assertThat(Runner.run(Map.of(), true, "", arguments).out()).contains("\u001b[31;1mFAIL");
    assertThat(Runner.run(Map.of(), false, "", arguments).out()).doesNotContain("\u001b");
    assertThat(Runner.run(Map.of("NO_COLOR", "1"), true, "", arguments).out())
        .doesNotContain("\u001b");
    assertThat(Runner.run(Map.of("TERM", "dumb"), true, "", arguments).out())
        .doesNotContain("\u001b");
    assertThat(check(broken, "--colour", "always").out()).contains("\u001b[31;1mFAIL");
    assertThat(check(broken, "--color=always").out()).contains("\u001b[31;1mFAIL");
  }

  @Test
  void briefHasALineForEachRootCause() {
    String[] lines = check(broken, "--brief", "--only=TUN-001").out().split("\n");
    assertThat(lines).hasSize(2);
    assertThat(lines[0]).startsWith("FAIL TUN-001 rs: ");
    assertThat(lines[1]).startsWith("VERDICT FAIL");
    assertThat(check(broken, "--brief", "--verbose").err()).contains("exclude one another");
  }

  @Test
  void timingIsTold() {
    assertThat(check(healthy, "--timing").out()).contains("round trips", "ms a host");
  }

  @Test
  void progressIsToldOnStandardError() {
    Runner plain =
        Runner.run("check", "-d", "local", "--no-discovery", "--sample=0s", "--progress", "always");
    assertThat(plain.err()).contains("examining local", "local was examined in", "analysing");
    Runner terminal =
        Runner.run(Map.of(), true, "", "check", "-d", "local", "--no-discovery", "--sample", "0");
    assertThat(terminal.err()).contains("\r0 of 1 hosts, [local]").endsWith("\r");
    assertThat(Runner.run("check", "-d", "local", "--no-discovery", "--sample", "0").err())
        .isEmpty();
  }

  @Test
  void waitingEndsWhenTheTimeHasPassed() {
    long start = System.nanoTime();
    Runner runner =
        Runner.run("check", "-d", "netns:nowhere-at-all", "--no-discovery", "--wait", "300ms");
    assertThat(runner.status()).isEqualTo(3);
    assertThat(System.nanoTime() - start).isGreaterThan(300_000_000L);
  }

  @Test
  void factsAreSavedOnTheWay() {
    Path file = folder.resolve("saved.zip");
    Runner runner =
        Runner.run(
            "check",
            "-d",
            "local",
            "--no-discovery",
            "--sample=0s",
            "--save-bundle",
            file.toString());
    assertThat(runner.status()).isNotEqualTo(2);
    assertThat(check(file.toString()).out().lines().findFirst())
        .isEqualTo(runner.out().lines().findFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          check --yes -d local                                        | go with --fix
          check --dry-run -d local                                    | go with --fix
          """)
  void whatMakesNoSenseIsRefused(String command, String message) {
    Runner runner = Runner.run(command.split(" "));
    assertThat(runner.status()).as(runner.err()).isEqualTo(ExitStatus.USAGE);
    assertThat(runner.err()).contains(message);
    assertThat(runner.out()).isEmpty();
  }
}
