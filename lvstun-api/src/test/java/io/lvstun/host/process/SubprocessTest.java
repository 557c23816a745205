// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that hang, flood, leave children behind and do not read: waiting always ends. */
@Timeout(60)
final class SubprocessTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir private Path folder;

  private final CapturedOutput output = CapturedOutput.of(1 << 20);
  private final CapturedOutput error = CapturedOutput.of(1 << 10);

  private static Invocation shell(String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
    command.addAll(List.of(arguments));
    return Invocation.isolated(command);
  }

  private Subprocess start(Invocation invocation) {
    return Subprocess.start(invocation, output, error);
  }

  private String printed() {
    return output.text(StandardCharsets.UTF_8);
  }

  private static long pid(Path file) throws IOException {
    await().atMost(LONG).until(() -> Files.exists(file) && Files.size(file) > 0);
    return Long.parseLong(Files.readString(file).strip());
  }

  private static void assertGone(long pid) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void givesOutputMessagesAndExitCode() throws Exception {
    Subprocess program = start(shell("echo out; echo error >&2; exit 7"));
    assertThat(program.await(LONG)).hasValue(7);
    assertThat(printed()).isEqualTo("out\n");
    assertThat(error.text(StandardCharsets.UTF_8)).isEqualTo("error\n");
    assertThat(program.wasKilled()).isFalse();
  }

  @Test
  void blanksAndNewlinesInArgumentsArrive() throws Exception {
    Subprocess program =
        start(shell("printf '<%s>' \"$@\"", " a ", "b\nc\n", "", "\t", "\"q\"", "$(id)", "'"));
    assertThat(program.await(LONG)).hasValue(0);
    assertThat(printed()).isEqualTo("< a ><b\nc\n><><\t><\"q\"><$(id)><'>");
  }

  @Test
  void programThatCannotBeStartedSaysWhyWhenAwaited() {
    Subprocess program = start(Invocation.isolated(List.of("/nonexistent/program")));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> program.await(LONG))
        .withMessageContaining("/nonexistent/program");
    program.kill();
  }

  @Test
  void directoryThatIsMissingSaysSoWhenAwaited() {
    Path missing = folder.resolve("missing");
    Subprocess program = start(shell("true").in(missing));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> program.await(LONG))
        .withMessageContaining(missing.toString());
  }

  @Test
  void oneMegabyteThatIsNotReadHoldsNobody() throws Exception {
    Subprocess program = start(shell("exit 3").withInput(new byte[1 << 20]));
    assertThat(program.await(LONG)).hasValue(3);
  }

  @Test
  void oneMegabyteIsHandedOverWhole() throws Exception {
    Subprocess program = start(shell("wc -c").withInput(new byte[1 << 20]));
    assertThat(program.await(LONG)).hasValue(0);
    assertThat(printed().strip()).isEqualTo("1048576");
  }

  @Test
  void programThatReadsNothingOfItsInputIsKilledAtTheDeadline() throws Exception {
    Path file = folder.resolve("pid");
    Subprocess program =
        start(
            shell("echo $$ > \"$1\"; exec sleep 600", file.toString())
                .withInput(new byte[1 << 20]));
    assertThat(program.await(SHORT)).isEmpty();
    long pid = pid(file);
    program.killAndWait();
    assertThat(program.wasKilled()).isTrue();
    assertThat(program.await(LONG)).hasValue(128 + 9);
    assertGone(pid);
  }

  @Test
  void killTakesDescendantsThatIgnoreSignals() throws Exception {
    Path child = folder.resolve("child");
    Subprocess program =
        start(shell("trap '' TERM INT HUP; sleep 600 & echo $! > \"$1\"; wait", child.toString()));
    long pid = pid(child);
    program.killAndWait();
    assertThat(program.await(LONG)).hasValue(128 + 9);
    assertGone(pid);
  }

  @Test
  void grandchildThatHoldsThePipesDoesNotHoldTheCaller() throws Exception {
    Path child = folder.resolve("child");
    Subprocess program =
        start(shell("sleep 600 & echo $! > \"$1\"; echo done; exit 5", child.toString()));
    OptionalInt code = program.await(LONG);
    ProcessHandle.of(pid(child)).ifPresent(ProcessHandle::destroyForcibly);
    assertThat(code).hasValue(5);
    assertThat(printed()).isEqualTo("done\n");
  }

  @Test
  void outputThatIsTooLargeIsCutOffAndTheProgramKilled() throws Exception {
    Subprocess program = start(shell("exec yes 0123456"));
    assertThat(program.await(LONG)).hasValue(128 + 9);
    assertThat(output.overflowed()).isTrue();
    assertThat(printed()).hasSize(1 << 20).startsWith("0123456\n0123456\n");
    assertThat(program.wasKilled()).isTrue();
  }

  @Test
  void interruptLeavesTheProgramToTheCaller() throws Exception {
    Subprocess program = start(shell("read line; exit 4").withInput("go\n".getBytes("US-ASCII")));
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> program.await(LONG));
    assertThat(program.await(LONG)).hasValue(4);
  }

  @Test
  void killIsWaitedForByAnInterruptedThreadToo() throws Exception {
    Path file = folder.resolve("pid");
    Subprocess program = start(shell("echo $$ > \"$1\"; exec sleep 600", file.toString()));
    long pid = pid(file);
    Thread.currentThread().interrupt();
    program.killAndWait();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(program.await(Duration.ZERO)).hasValue(128 + 9);
    assertGone(pid);
  }

  @Test
  void programIsKilledEvenIfItHasNotBeenStartedYet() throws Exception {
    Subprocess program = start(shell("exec sleep 600"));
    program.kill();
    assertThat(program.await(LONG)).hasValue(128 + 9);
  }

  @Test
  void sinkIsToldOnceThatNothingMoreComes() throws Exception {
    AtomicBoolean told = new AtomicBoolean();
    AtomicBoolean twice = new AtomicBoolean();
    OutputSink sink =
        new OutputSink() {
          @Override
          public boolean accept(byte[] buffer, int offset, int length) {
            return true;
          }

          @Override
          public void ended() {
            twice.set(told.getAndSet(true));
          }
        };
    assertThat(Subprocess.start(shell("echo x"), sink, error).await(LONG)).hasValue(0);
    assertThat(told).isTrue();
    assertThat(twice).isFalse();
  }
}
