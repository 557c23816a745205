// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.bundle.Bundle;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What bundle writes and check reads, and the options of check on facts that are known. */
class BundleCommandTest {

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
    Path file = folder.resolve(name + ".tgz");
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

  // ---- the file ----

  @Test
  void aBundleOfThisMachineIsMadeAndRead() throws Exception {
    Path file = folder.resolve("local.tgz");
    Runner made =
        Runner.run("bundle", "-d", "me=local", "--sample", "0s", "--no-discovery", file.toString());
    assertThat(made.status()).as(made.err()).isZero();
    assertThat(made.out()).contains("1 of 1 hosts");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("local.tgz", "healthy.tgz", "broken.tgz");
    }
    assertThat(check(file.toString(), "--only", "HST").out()).contains("me  director  local");
    Runner again = Runner.run("bundle", "-d", "local", "--no-discovery", file.toString());
    assertThat(again.status()).isEqualTo(2);
    assertThat(again.err()).contains("exists already; --force");
  }

  @Test
  void aHostThatIsAwayIsToldAndPutIn() throws Exception {
    Path file = folder.resolve("away.tgz");
    Runner made =
        Runner.run("bundle", "-d", "netns:nowhere-at-all", "--no-discovery", file.toString());
    assertThat(made.status()).isEqualTo(4);
    assertThat(made.out()).contains("0 of 1 hosts");
    assertThat(made.err()).contains("nowhere-at-all: ");
    Runner checked = check(file.toString());
    assertThat(checked.status()).isEqualTo(3);
    assertThat(checked.out()).contains("FAIL HST-001 nowhere-at-all");
  }

  @Test
  void aFolderThatIsNotThereIsRefused() {
    Runner runner = Runner.run("bundle", "-d", "local", folder.resolve("no/x.tgz").toString());
    assertThat(runner.status()).isEqualTo(2);
    assertThat(Runner.run("bundle", "-d", "local", folder.toString()).status()).isEqualTo(2);
  }

  @Test
  void badBundlesAreRefused() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad.tgz"), "no bundle");
    for (String file : new String[] {bad.toString(), folder.toString(), "/nonexistent"}) {
      Runner runner = check(file);
      assertThat(runner.status()).as(runner.err()).isEqualTo(2);
      assertThat(runner.err()).startsWith("lvstun-doctor: cannot read ").hasLineCount(1);
    }
    assertThat(check(healthy, "-d", "local").err()).contains("--from-bundle stands alone");
  }

  // ---- check on known facts ----

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

  private static java.util.List<String> codes(Runner runner) {
    return json(runner).path("findings").valueStream().map(f -> f.path("code").asString()).toList();
  }

  private static java.util.List<String> hosts(Runner runner) {
    return json(runner).path("findings").valueStream().map(f -> f.path("host").asString()).toList();
  }

  @ParameterizedTest
  @EnumSource(io.lvstun.diagnostics.report.ReportFormat.class)
  void everyFormGoesToAFile(io.lvstun.diagnostics.report.ReportFormat format) throws Exception {
    Path file = folder.resolve("report");
    Runner runner =
        check(
            broken,
            "-o",
            format.name().toLowerCase(java.util.Locale.ROOT),
            "--output-file",
            file.toString());
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
    Path file = folder.resolve("saved.tgz");
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
}
