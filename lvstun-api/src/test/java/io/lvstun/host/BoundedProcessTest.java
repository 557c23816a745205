// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BoundedProcessTest {

  @Test
  void statusAndBothOutputsComeBack() {
    CommandResult result =
        Host.local().run(HostCommand.of("sh", "-c", "cat; echo e >&2; exit 3").input("in\n"));
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output()).isEqualTo("in\n");
    assertThat(result.errors()).isEqualTo("e\n");
    assertThat(result.timedOut()).isFalse();
    assertThat(result.truncated()).isFalse();
  }

  @Test
  void programThatIsNotInstalledIsAnException() {
    assertThatThrownBy(() -> Host.local().run(HostCommand.of("lvstun-no-such-program")))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("lvstun-no-such-program");
  }

  @Test
  @Timeout(20)
  void endlessOutputIsCutAndTheWriterKilled() {
    CommandResult result =
        Host.local()
            .run(
                HostCommand.of("sh", "-c", "exec yes")
                    .maxOutput(100_000)
                    .deadline(Duration.ofSeconds(15)));
    assertThat(result.truncated()).isTrue();
    assertThat(result.timedOut()).isFalse();
    assertThat(result.exitCode()).isEqualTo(CommandResult.KILLED);
    assertThat(result.output().getBytes(StandardCharsets.UTF_8)).hasSize(100_000);
  }

  @Test
  @Timeout(20)
  void deadlineKillsGrandchildrenAndKeepsWhatWasWritten() {
    CommandResult result =
        Host.local()
            .run(
                HostCommand.of("sh", "-c", "echo begun; sh -c 'sleep 4711; :'; :")
                    .deadline(Duration.ofMillis(700)));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(ProcessHandle.current().descendants())
                    .as("nothing is left behind")
                    .noneMatch(BoundedProcessTest::sleeps));
    assertThat(result.timedOut()).isTrue();
    assertThat(result.output()).isEqualTo("begun\n");
    assertThat(result.took()).isLessThan(Duration.ofSeconds(10));
  }

  private static boolean sleeps(ProcessHandle process) {
    return process.info().arguments().map(List::of).orElse(List.of()).contains("4711");
  }

  @Test
  @Timeout(20)
  void interruptEndsTheWaitAndStays() throws Exception {
    Thread waiting =
        new Thread(
            () -> {
              try {
                CommandResult result =
                    Host.local()
                        .run(HostCommand.of("sleep", "60").deadline(Duration.ofSeconds(60)));
                throw new AssertionError("not interrupted: " + result);
              } catch (HostException e) {
                if (!Thread.currentThread().isInterrupted()) {
                  throw new AssertionError("the interrupt was swallowed", e);
                }
                interrupted = true;
              }
            });
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    waiting.interrupt();
    waiting.join();
    assertThat(interrupted).isTrue();
  }

  private volatile boolean interrupted;

  @Test
  void bothOutputsCountTowardsTheLimitEach() {
    HostCommand command = HostCommand.of("sh", "-c", "echo 12345 >&2; echo 1234").maxOutput(5);
    CommandResult result = Host.local().run(command);
    assertThat(result.truncated()).as("6 bytes of errors").isTrue();
    assertThat(result.errors()).isEqualTo("12345");
    assertThat(Host.local().run(command.maxOutput(6)).truncated()).isFalse();
  }

  @Test
  void programThatReadsNoInputIsNoFailure() {
    CommandResult result =
        Host.local().run(HostCommand.of("sh", "-c", "exit 0").input("x".repeat(1 << 20)));
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void reasonHasNoControlCharacters() {
    assertThatThrownBy(() -> Host.local().run(HostCommand.of("no\u001b[31m\nsuch")))
        .isInstanceOf(HostException.class)
        .hasMessageNotContaining("\u001b")
        .hasMessageNotContaining("\n");
  }
}
