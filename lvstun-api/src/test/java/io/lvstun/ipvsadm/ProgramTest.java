// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.lvstun.LvsException;
import io.lvstun.ProtocolException;
import io.lvstun.TimeoutException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that hang, die, flood and leave children behind: waiting for them always ends. */
@Timeout(30)
final class ProgramTest {

  private static final Program.Purpose PURPOSE = new Program.Purpose("test", "target");
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir private Path folder;

  private Program program(String body, Duration deadline) {
    return FakeProgram.program(folder, body, deadline);
  }

  @Test
  void givesOutputMessagesAndExitCode() {
    Program.Result result =
        program("echo out; echo error >&2; exit 7", LONG).run(PURPOSE, List.of());
    assertThat(result.text()).isEqualTo("out\n");
    assertThat(result.error()).isEqualTo("error\n");
    assertThat(result.exitCode()).isEqualTo(7);
  }

  @Test
  void passesArgumentsWithoutAShell() {
    List<String> arguments =
        List.of("a b", "$(id)", "`id`", "'", "\"", "*", "", ";", "${x}", "\\", "ä");
    Program.Result result =
        program("for a; do printf '<%s>' \"$a\"; done", LONG).run(PURPOSE, arguments);
    assertThat(
            new String(result.text().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
        .isIn(
            "<a b><$(id)><`id`><'><\"><*><><;><${x}><\\><ä>",
            // A JVM whose locale is C has no byte for it.
            "<a b><$(id)><`id`><'><\"><*><><;><${x}><\\><?>");
  }

  @Test
  void passesInputAndNothingElse() {
    Program.Result result =
        program("cat; env | sort; pwd", LONG)
            .runWithInput(PURPOSE, List.of(), "in".getBytes(StandardCharsets.US_ASCII));
    assertThat(result.text().lines())
        .contains("inLC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "/")
        .noneMatch(line -> line.startsWith("HOME=") || line.startsWith("LANG="));
  }

  @Test
  void programWithoutInputReadsItsEnd() {
    assertThat(program("cat; echo end", LONG).run(PURPOSE, List.of()).text()).isEqualTo("end\n");
  }

  @Test
  void largeInputOfAProgramThatDoesNotReadIsNoProblem() {
    byte[] input = new byte[1 << 20];
    assertThat(program("exit 3", LONG).runWithInput(PURPOSE, List.of(), input).exitCode())
        .isEqualTo(3);
  }

  @Test
  void hangingProgramIsKilledAtTheDeadline() throws IOException {
    Program program = program("echo $$ > \"$1\"; exec sleep 600", SHORT);
    Path pid = folder.resolve("pid");
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> program.run(PURPOSE, List.of(pid.toString())))
        .withMessageContaining(
            "cannot test target (ipvsadm): ipvsadm printed nothing for 300 ms, did not end and was"
                + " killed");
    assertGone(pid);
  }

  @Test
  void programThatIgnoresSignalsIsKilledWithItsChildren() throws IOException {
    Path pid = folder.resolve("pid");
    Path child = folder.resolve("child");
    Program program =
        program(
            "trap '' TERM INT HUP; sleep 600 & echo $! > \"$2\"; echo $$ > \"$1\"; wait", SHORT);
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> program.run(PURPOSE, List.of(pid.toString(), child.toString())));
    assertGone(pid);
    assertGone(child);
  }

  private static void assertGone(Path pidFile) throws IOException {
    long pid = Long.parseLong(Files.readString(pidFile).strip());
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void grandchildThatHoldsThePipesDoesNotHoldTheCaller() throws IOException {
    Path pid = folder.resolve("pid");
    long start = System.nanoTime();
    Program.Result result =
        program("sleep 600 & echo $! > \"$1\"; echo done; exit 5", LONG)
            .run(PURPOSE, List.of(pid.toString()));
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
        .ifPresent(ProcessHandle::destroyForcibly);
    assertThat(result.exitCode()).isEqualTo(5);
    assertThat(result.text()).isEqualTo("done\n");
    assertThat(took).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void endlessOutputIsCutOffAndTheProgramKilled() {
    Program program = program("exec yes 'IP Virtual Server version 1.2.1'", LONG);
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> program.run(PURPOSE, List.of()))
        .withMessageContaining("printed more than")
        .withMessageContaining("bytes and was killed");
  }

  @Test
  void endlessMessagesAreCutOffAndTheProgramKilled() {
    Program program = program("exec yes error >&2", LONG);
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> program.run(PURPOSE, List.of()))
        .withMessageContaining("printed more than 65536 bytes and was killed");
  }

  @Test
  void firstLineIsEnough() {
    Program.Result result =
        program("echo first; exec yes second", LONG).runForFirstLine(PURPOSE, List.of());
    assertThat(result.output().satisfied()).isTrue();
    assertThat(result.text()).startsWith("first\n");
  }

  @Test
  void silentProgramIsLateForItsFirstLine() {
    Program program = program("exec sleep 600", SHORT);
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> program.runForFirstLine(PURPOSE, List.of()))
        .withMessageContaining("printed nothing within 300 ms");
  }

  @Test
  void missingProgramSaysSo() {
    Program program = new Program(List.of("/nonexistent/ipvsadm"), "ipvsadm", LONG);
    assertThatExceptionOfType(LvsException.class)
        .isThrownBy(() -> program.run(PURPOSE, List.of()))
        .withMessageContaining("ipvsadm cannot be run: ")
        .withMessageContaining("No such file or directory");
  }

  @Test
  void interruptKillsTheProgramAndIsKept() throws Exception {
    Path pid = folder.resolve("pid");
    Program program = program("echo $$ > \"$1\"; exec sleep 600", LONG);
    AtomicReference<Throwable> error = new AtomicReference<>();
    AtomicReference<Boolean> kept = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                error.set(new AssertionError(program.run(PURPOSE, List.of(pid.toString()))));
              } catch (LvsException e) {
                error.set(e);
              }
              kept.set(Thread.currentThread().isInterrupted());
            });
    thread.start();
    await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
    thread.interrupt();
    thread.join();
    assertThat(error.get())
        .isExactlyInstanceOf(LvsException.class)
        .hasMessageContaining("interrupted while ipvsadm ran; it was killed");
    assertThat(kept.get()).isTrue();
    assertGone(pid);
  }

  @Test
  void closingEndsWhatRunsAndSaysSo() throws Exception {
    Path pid = folder.resolve("pid");
    Program program = program("echo $$ > \"$1\"; exec sleep 600", LONG);
    AtomicReference<Throwable> error = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                error.set(new AssertionError(program.run(PURPOSE, List.of(pid.toString()))));
              } catch (IllegalStateException e) {
                error.set(e);
              }
            });
    thread.start();
    await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
    program.close();
    thread.join();
    assertThat(error.get()).hasMessage("the ipvsadm driver was closed meanwhile");
    assertGone(pid);
  }

  @Test
  void streamInFlightSaysThatTheDriverWasClosed() throws IOException {
    Program program = program("echo begun; exec sleep 600", LONG);
    try (InputStream stream = program.stream(List.of())) {
      assertThat(stream.read()).isEqualTo('b');
      program.close();
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(stream::readAllBytes)
          .withMessage("the ipvsadm driver was closed meanwhile");
    }
  }

  @Test
  void streamGivesEverythingPieceByPiece() throws IOException {
    Program program = program("seq 1 \"$1\"", LONG);
    try (InputStream stream = program.stream(List.of("100000"))) {
      String text = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(text.lines()).hasSize(100_000);
      assertThat(text).startsWith("1\n2\n").endsWith("99999\n100000\n");
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void streamOfAnEndlessProgramTakesNoMemoryAndEndsWhenClosed() throws IOException {
    Path pid = folder.resolve("pid");
    Program program = program("echo $$ > \"$1\"; exec yes", LONG);
    try (InputStream stream = program.stream(List.of(pid.toString()))) {
      for (int i = 0; i < 100; i++) {
        assertThat(stream.read()).isEqualTo(i % 2 == 0 ? 'y' : '\n');
      }
    }
    assertGone(pid);
  }

  @Test
  void streamOfAFailingProgramThrowsAtItsEnd() throws IOException {
    Program program = program("echo data; echo 'cat: no such file' >&2; exit 1", LONG);
    try (InputStream stream = program.stream(List.of())) {
      assertThat(stream.readNBytes(5)).isEqualTo("data\n".getBytes(StandardCharsets.US_ASCII));
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(stream::read)
          .withMessage("ipvsadm failed with exit code 1 (cat: no such file)");
    }
  }

  @Test
  void streamOfASilentProgramIsLate() throws IOException {
    try (InputStream stream = program("exec sleep 600", SHORT).stream(List.of())) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(stream::read)
          .withMessage("nothing came for 300 ms from ipvsadm");
    }
  }

  @Test
  void closedStreamThrows() throws IOException {
    InputStream stream = program("echo x", LONG).stream(List.of());
    stream.close();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(stream::read)
        .withMessage("the stream is closed");
  }
}
