// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.repair.journal.StepResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepLinesTest {

  private static StepResult step(
      StepResult.State state, String text, boolean lasting, String detail) {
    return new StepResult("rs1", "TUN-001", text, lasting, state, detail);
  }

  @Test
  void stepIsOneLineWhateverTheHostSaid() {
    StringWriter out = new StringWriter();
    StepLines lines = new StepLines(new PrintWriter(out));
    lines.print(step(StepResult.State.DONE, "modprobe ipip", false, ""));
    lines.print(step(StepResult.State.ALREADY, "/etc/x: ipip", true, ""));
    lines.print(step(StepResult.State.FAILED, "ip link", false, "line\ntwo\u001b[31m"));
    lines.end("1 repaired");
    assertThat(out.toString())
        .isEqualTo(
            """
            done    rs1: modprobe ipip
            already rs1: /etc/x: ipip [after a reboot]
            failed  rs1: ip link (line two)
            1 repaired

            """);
  }

  @Test
  void statusTellsOfFailuresFirst() {
    List<StepResult> done = List.of(step(StepResult.State.DONE, "a", false, ""));
    List<StepResult> left = List.of(step(StepResult.State.LEFT, "a", false, ""), done.get(0));
    List<StepResult> failed = List.of(left.get(0), step(StepResult.State.FAILED, "a", false, ""));
    assertThat(StepLines.status(List.of(), true)).isEqualTo(ExitStatus.OK);
    assertThat(StepLines.status(done, true)).isEqualTo(ExitStatus.OK);
    assertThat(StepLines.status(left, true)).isEqualTo(ExitStatus.WARN);
    assertThat(StepLines.status(left, false)).isEqualTo(ExitStatus.OK);
    assertThat(StepLines.status(failed, false)).isEqualTo(ExitStatus.FAIL);
  }
}
