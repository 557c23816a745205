// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.diagnostics.cli.terminal.Console;
import io.lvstun.diagnostics.cli.terminal.FailedException;
import io.lvstun.diagnostics.cli.terminal.FileErrors;
import io.lvstun.diagnostics.cli.terminal.ProgressLine;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.report.Detail;
import io.lvstun.diagnostics.report.ReportFormat;
import io.lvstun.diagnostics.report.TextReport;
import io.lvstun.diagnostics.report.TextStyle;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * In which form a report is written, and where to.
 *
 * @since 0.1.0
 */
public final class OutputOptions {

  /** When something is done. */
  enum When {
    AUTO,
    ALWAYS,
    NEVER
  }

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "One of ${COMPLETION-CANDIDATES}, in any case (default: text).")
  private ReportFormat format = ReportFormat.TEXT;

  @Option(
      names = "--output-file",
      paramLabel = "FILE",
      description = "Write the report there; one line with the verdict goes to standard output.")
  private @Nullable Path file;

  @Option(
      names = {"-v", "--verbose"},
      description = "In text: also what is as it should be, and what does not apply and why.")
  private boolean verbose;

  @Option(
      names = "--brief",
      description = "In text: one line for each root cause, and the verdict.")
  private boolean brief;

  @Option(names = "--timing", description = "In text: how long what took.")
  private boolean timing;

  @Option(
      names = {"--colour", "--color"},
      paramLabel = "WHEN",
      description =
          "auto, always or never; auto is on a terminal, unless NO_COLOR is set (default: auto).")
  private When colour = When.AUTO;

  @Option(
      names = "--progress",
      paramLabel = "WHEN",
      description =
          "auto, always or never: tell on standard error what is being done; auto is on a"
              + " terminal (default: auto).")
  private When progress = When.AUTO;

  /** Finds out before hosts are asked whether the file can be written. */
  public void validate() {
    if (brief && verbose) {
      throw new ParameterException(spec.commandLine(), "--brief and --verbose exclude one another");
    }
    if (file == null) {
      return;
    }
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (Files.isDirectory(file) || (folder != null && !Files.isDirectory(folder))) {
        throw new ParameterException(
            spec.commandLine(), "--output-file: " + file + " is a folder, or in none that exists");
      }
    } catch (InvalidPathException e) {
      throw new ParameterException(spec.commandLine(), "--output-file: " + e.getMessage(), e);
    }
  }

  /** What tells how the examination gets on. */
  public ProgressLine progress(Console console) {
    return switch (progress) {
      case ALWAYS -> new ProgressLine(console.err(), console.errIsTerminal());
      case NEVER -> ProgressLine.silent();
      case AUTO -> ProgressLine.on(console);
    };
  }

  /** Where words go that are no part of the report: not among what programs read. */
  public PrintWriter notes(Console console) {
    return file == null && format == ReportFormat.TEXT ? console.out() : console.err();
  }

  /** Writes a report. */
  public void write(Report report, Console console) {
    if (file == null) {
      console.out().print(text(report, console.colour()));
      console.out().flush();
      return;
    }
    try {
      Files.writeString(file, text(report, false), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new FailedException("cannot write " + file + ": " + FileErrors.of(e), e);
    }
    String whole = new TextReport(TextStyle.PLAIN).write(report).stripTrailing();
    console.out().println(whole.substring(whole.lastIndexOf('\n') + 1));
    console.out().flush();
  }

  private Detail detail() {
    return brief ? Detail.BRIEF : verbose ? Detail.ALL : Detail.USUAL;
  }

  private String text(Report report, boolean terminal) {
    if (format != ReportFormat.TEXT) {
      return format.write(report);
    }
    boolean paint = colour == When.ALWAYS || (colour == When.AUTO && terminal);
    return new TextReport(new TextStyle(paint, detail(), timing)).write(report);
  }
}
