// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.cli.terminal.Console;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Report;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class OutputOptionsTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private Console console(boolean terminal) {
    return new Console(
        InputStream.nullInputStream(),
        new PrintWriter(out),
        new PrintWriter(err),
        terminal,
        terminal,
        Map.of());
  }

  private static OutputOptions parse(String... arguments) {
    return Mixee.parse(new OutputOptions(), arguments);
  }

  private static Report report() {
    return Doctor.analyse(
        Clusters.withServer(Recorded.facts("json-rs1")), check -> check.code().equals("TUN-001"));
  }

  @Test
  void fileGetsTheReportAndOutputTheVerdict() throws Exception {
    Path file = folder.resolve("report");
    OutputOptions options = parse("-o", "json", "--output-file", file.toString());
    options.validate();
    options.write(report(), console(true));
    assertThat(out.toString()).startsWith("VERDICT ").hasLineCount(1).doesNotContain("\u001b");
    assertThat(file).content().startsWith("{").contains("lvstun-report");
    options.notes(console(true)).print("note");
    assertThat(out.toString()).doesNotContain("note");
  }

  @Test
  void notesGoWhereNoProgramReads() {
    Console console = console(false);
    assertThat(parse().notes(console)).isSameAs(console.out());
    assertThat(parse("-o", "html").notes(console)).isSameAs(console.err());
  }

  @Test
  void fileInNoFolderIsRefusedBeforeHostsAreAsked() {
    for (String file : List.of(folder.toString(), "/none/at/all")) {
      assertThatThrownBy(() -> parse("--output-file", file).validate())
          .isInstanceOf(CommandLine.ParameterException.class)
          .hasMessageContaining("is a folder, or in none that exists");
    }
    parse().validate();
  }

  @Test
  void colourFollowsTheTerminalUnlessItIsStated() {
    parse().write(report(), console(true));
    assertThat(out.toString()).contains("\u001b[");
    out.getBuffer().setLength(0);
    parse("--color", "never").write(report(), console(true));
    assertThat(out.toString()).doesNotContain("\u001b");
    out.getBuffer().setLength(0);
    parse("--colour", "always").write(report(), console(false));
    assertThat(out.toString()).contains("\u001b[");
    out.getBuffer().setLength(0);
    parse("--colour", "always", "-o", "json").write(report(), console(true));
    assertThat(out.toString()).doesNotContain("\u001b");
  }

  @Test
  void progressIsToldWhereItIsWanted() {
    parse("--progress", "never").progress(console(true)).probing("PRB-001");
    parse().progress(console(false)).probing("PRB-001");
    assertThat(err.toString()).isEmpty();
    parse("--progress", "always").progress(console(false)).probing("PRB-001");
    assertThat(err.toString()).isEqualTo("probing: PRB-001\n");
  }
}
