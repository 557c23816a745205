// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.repair.journal.RunHeader;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.host.Host;
import io.lvstun.host.HostException;
import io.lvstun.host.LoadModule;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutionTest {

  @TempDir Path folder;

  private static Execution.Work work(Host host, String... modules) {
    TaskList tasks =
        new TaskList(host.label(), Recorded.facts("json-rs1"), Durability.none(), risk -> true);
    for (String module : modules) {
      tasks.add("KRN-001", Remedy.of("load it", new LoadModule(module)));
    }
    return new Execution.Work(host.label(), host, tasks.tasks());
  }

  private static List<StepResult> run(boolean stop, Execution.Work... works) {
    return Execution.run(
        List.of(works), RunHeader.now("fix"), Durability.none(), stop, result -> {});
  }

  @Test
  void resultsStayInTheOrderOfTheInputs() {
    List<Integer> inputs = IntStream.range(0, 100).boxed().toList();
    List<StepResult> results =
        Execution.each(
            inputs,
            input ->
                List.of(new StepResult("h" + input, "c", "s", false, StepResult.State.DONE, "")));
    assertThat(results)
        .extracting(StepResult::host)
        .isEqualTo(inputs.stream().map(input -> "h" + input).toList());
  }

  @Test
  void faultOfTheWorkIsThrownAsItIs() {
    IllegalStateException fault = new IllegalStateException("fault");
    assertThatThrownBy(
            () ->
                Execution.each(
                    List.of(1, 2),
                    input -> {
                      throw fault;
                    }))
        .isSameAs(fault);
  }

  @Test
  void interruptedWaitSaysThatUndoTakesItBack() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> Execution.each(List.of(1, 2), input -> List.of()))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("interrupted")
          .hasMessageContaining("undo takes it back");
      assertThat(Thread.interrupted()).as("the interrupt is not swallowed").isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void hostThatIsDeadKeepsNoOtherFromItsSteps() {
    SandboxHost dead = new SandboxHost("rs1", folder.resolve("a"));
    SandboxHost alive = new SandboxHost("rs2", folder.resolve("b"));
    dead.dyingAt(arguments -> true);
    List<StepResult> results = run(false, work(dead, "ipip", "fou"), work(alive, "ipip"));
    assertThat(results)
        .extracting(StepResult::host, StepResult::state)
        .containsExactly(
            tuple("rs1", StepResult.State.FAILED),
            tuple("rs1", StepResult.State.FAILED),
            tuple("rs2", StepResult.State.DONE));
    assertThat(results.get(0).detail()).contains("connection lost");
  }

  @Test
  void firstFailureEndsTheWorkWhereStepsBuildOnEachOther() {
    SandboxHost host = new SandboxHost("rs1", folder);
    host.failing("modprobe fou");
    assertThat(run(true, work(host, "ipip", "fou", "sit")))
        .extracting(StepResult::state)
        .containsExactly(StepResult.State.DONE, StepResult.State.FAILED, StepResult.State.LEFT);
    assertThat(run(false, work(host, "ipip", "fou", "sit")))
        .extracting(StepResult::state)
        .containsExactly(StepResult.State.ALREADY, StepResult.State.FAILED, StepResult.State.DONE);
  }
}
