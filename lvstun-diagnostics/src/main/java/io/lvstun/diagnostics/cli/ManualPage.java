// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page in roff, made of the same model that parses the options. (picocli's own generator
 * writes AsciiDoc, which takes Ruby and 60 MB of libraries to turn into roff.)
 */
final class ManualPage {

  private final StringBuilder text = new StringBuilder();

  private ManualPage() {}

  static String write(CommandLine line, String version) {
    ManualPage page = new ManualPage();
    page.page(line, version);
    return page.text.toString();
  }

  private void page(CommandLine line, String version) {
    CommandSpec root = line.getCommandSpec();
    macro(
        ".TH LVSTUN-DOCTOR 1 \"\" \"lvstun " + version.replace("\"", "") + "\" \"User Commands\"");
    macro(".SH NAME");
    plain(root.name() + " - finds what is wrong with an LVS-TUN cluster");
    macro(".SH SYNOPSIS");
    for (CommandLine command : commands(line)) {
      macro(".br");
      synopsis(command.getCommandSpec());
    }
    macro(".SH DESCRIPTION");
    paragraphs(root.usageMessage().description());
    macro(".SH COMMANDS");
    for (CommandLine command : commands(line)) {
      CommandSpec spec = command.getCommandSpec();
      macro(".SS " + escape(spec.name()));
      paragraphs(spec.usageMessage().description());
      for (PositionalParamSpec parameter : spec.positionalParameters()) {
        macro(".TP");
        macro("\\fI" + escape(parameter.paramLabel()) + "\\fR");
        paragraphs(rendered(parameter.description(), parameter.completionCandidates()));
      }
      for (OptionSpec option : spec.options()) {
        if (!option.hidden()) {
          option(option);
        }
      }
    }
    macro(".SH EXIT STATUS");
    for (Map.Entry<String, String> entry : root.usageMessage().exitCodeList().entrySet()) {
      macro(".TP");
      macro(".B " + escape(entry.getKey()));
      plain(entry.getValue());
    }
    macro(".SH ENVIRONMENT");
    macro(".TP");
    macro(".B NO_COLOR");
    plain("If set, and not empty, reports are written without colour.");
    macro(".SH SEE ALSO");
    plain("ipvsadm(8), ip(8), ssh_config(5), https://github.com/lvstun/lvstun");
  }

  private static List<CommandLine> commands(CommandLine line) {
    List<CommandLine> commands = new ArrayList<>();
    for (CommandLine command : line.getSubcommands().values()) {
      if (!command.getCommandSpec().usageMessage().hidden()
          && !command.getCommandSpec().helpCommand()
          && !commands.contains(command)) {
        commands.add(command);
      }
    }
    return commands;
  }

  private void synopsis(CommandSpec spec) {
    StringBuilder parameters = new StringBuilder();
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      String label = "\\fI" + escape(parameter.paramLabel()) + "\\fR";
      parameters.append(' ').append(parameter.required() ? label : "[" + label + "]");
      parameters.append(parameter.arity().max() > 1 ? "..." : "");
    }
    macro(
        "\\fB"
            + escape(spec.root().name())
            + " "
            + escape(spec.name())
            + "\\fR [\\fIoptions\\fR]"
            + parameters);
  }

  private void option(OptionSpec option) {
    macro(".TP");
    String value = option.arity().max() == 0 ? "" : " \\fI" + escape(option.paramLabel()) + "\\fR";
    macro(
        String.join(
                ", ",
                Arrays.stream(option.names()).map(name -> "\\fB" + escape(name) + "\\fR").toList())
            + value);
    paragraphs(
        rendered(
            Arrays.stream(option.description())
                .map(
                    line ->
                        line.replace(
                            "${DEFAULT-VALUE}", String.valueOf(option.defaultValueString())))
                .toArray(String[]::new),
            option.completionCandidates()));
  }

  private static String[] rendered(
      String[] lines, @org.jspecify.annotations.Nullable Iterable<String> candidates) {
    List<String> names = new ArrayList<>();
    if (candidates != null) {
      candidates.forEach(names::add);
    }
    return Arrays.stream(lines)
        .map(line -> line.replace("${COMPLETION-CANDIDATES}", String.join(", ", names)))
        .toArray(String[]::new);
  }

  private void paragraphs(String[] lines) {
    for (String line : lines) {
      plain(line);
    }
  }

  /** A line of text: what roff would take for a request or an escape stands for itself. */
  private void plain(String line) {
    String escaped = escape(line);
    text.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
        .append(escaped)
        .append('\n');
  }

  private void macro(String line) {
    text.append(line).append('\n');
  }

  private static String escape(String plain) {
    return plain.replace("\\", "\\e").replace("-", "\\-").replace("%n", " ");
  }
}
