// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

class DoctorToolTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    ToolProvider doctor = ToolProvider.findFirst("lvstun-doctor").orElseThrow();
    return doctor.run(new PrintWriter(out), new PrintWriter(err), arguments);
  }

  @Test
  void isFoundByItsNameAndRunsACommand() {
    assertThat(run("explain", "RPF-001")).isZero();
    assertThat(out.toString()).contains("RPF-001").doesNotContain("\u001b");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void returnsTheStatusOfWrongUse() {
    assertThat(run("check")).isEqualTo(ExitStatus.USAGE);
    assertThat(err.toString()).contains("a host is missing");
  }
}
