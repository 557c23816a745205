// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.cli.option.FilterOptions;
import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.cli.terminal.Version;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.report.CatalogueFormat;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows the catalogue. No host is spoken to. */
@Command(
    name = "explain",
    description = "Explains checks: what they look at, why it matters, and what puts it right.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    abbreviateSynopsis = true,
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private LvstunDoctor root;

  @Parameters(
      paramLabel = "CODE",
      arity = "0..*",
      description =
          "RPF-001, a group as RPF, or a name as decap-rp-filter; without any, all are listed.")
  private List<String> codes = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "One of ${COMPLETION-CANDIDATES}, in any case (default: text).")
  private CatalogueFormat form = CatalogueFormat.TEXT;

  @Override
  public Integer call() {
    List<Check> checks = chosen();
    PrintWriter out = root.console().out();
    if (form == CatalogueFormat.TEXT && !codes.isEmpty()) {
      out.print(CatalogueFormat.explain(checks));
    } else {
      out.print(form.write(checks));
    }
    out.flush();
    return ExitStatus.OK;
  }

  private List<Check> chosen() {
    if (codes.isEmpty()) {
      return Catalogue.checks();
    }
    List<Check> chosen = new ArrayList<>();
    for (String text : codes) {
      List<Check> found =
          Catalogue.checks().stream()
              .filter(check -> FilterOptions.matches(check, text))
              .filter(check -> !chosen.contains(check))
              .toList();
      if (found.isEmpty() && chosen.stream().noneMatch(c -> FilterOptions.matches(c, text))) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no check " + text + "; lvstun-doctor explain lists them all");
      }
      chosen.addAll(found);
    }
    return chosen;
  }
}
