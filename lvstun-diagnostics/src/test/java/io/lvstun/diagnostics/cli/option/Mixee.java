// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command that has nothing but some options. */
@Command(name = "mixee")
final class Mixee {

  @Mixin private final Object options;

  private Mixee(Object options) {
    this.options = options;
  }

  /** Sets options from arguments. */
  static <T> T parse(T options, String... arguments) {
    CommandLine line = new CommandLine(new Mixee(options));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.parseArgs(arguments);
    return options;
  }
}
