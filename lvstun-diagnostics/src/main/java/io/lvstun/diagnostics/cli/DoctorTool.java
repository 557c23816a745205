// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.diagnostics.cli.terminal.Console;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Map;
import java.util.spi.ToolProvider;

/**
 * The runner for programs: {@code ToolProvider.findFirst("lvstun-doctor")} runs its commands
 * without a process of their own. It reads nothing and writes as into a file, without colour.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class DoctorTool implements ToolProvider {

  /**
   * Makes one, as the service loader does.
   *
   * @since 0.1.0
   */
  public DoctorTool() {}

  @Override
  public String name() {
    return "lvstun-doctor";
  }

  @Override
  public int run(PrintWriter out, PrintWriter err, String... args) {
    Console console = new Console(InputStream.nullInputStream(), out, err, false, false, Map.of());
    int status = LvstunDoctor.run(console, args);
    console.flush();
    return status;
  }
}
