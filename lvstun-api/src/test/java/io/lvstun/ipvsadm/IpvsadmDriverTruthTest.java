// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.TimeoutException;
import io.lvstun.VirtualService;
import io.lvstun.spi.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Interrupt, close, deadline and a killed program at every step of a batch: what the outcomes say
 * is what a scripted ipvsadm has in its table.
 */
@Timeout(60)
final class IpvsadmDriverTruthTest {

  private static final Duration LONG = Duration.ofSeconds(40);
  private static final Duration SHORT = Duration.ofMillis(1500);
  private static final int COMMANDS = 3;

  /**
   * Keeps a file for each service, named after its mark. At the step that the file {@code step}
   * names, before or after the change, it does what the file {@code event} says.
   */
  private static final String PROGRAM =
      """
      cd '%s'
      event() {
        if [ "$(cat step)" = "$1" ]; then
          : > reached
          case "$(cat event)" in
            hang) sleep 600 ;;
            die) kill -KILL $$ ;;
            wait) while [ ! -e release ]; do sleep 0.02; done ;;
          esac
        fi
      }
      set -- $line
      case "$line" in
        '-A -f '*) event "before-$3"; : > "table/$3"; event "after-$3" ;;
        '-D -f '*) event "before-$3"; rm "table/$3"; event "after-$3" ;;
        -L*)
          one=${line##*-f }
          if [ "$one" != "$line" ] && [ ! -e "table/$one" ]; then
            echo 'No such service' >&2; exit 1
          fi
          echo 'Prot LocalAddress:Port'; echo '  -> RemoteAddress:Port'
          for mark in $(cd table; ls); do
            [ "$one" = "$line" ] || [ "$one" = "$mark" ] || continue
            case "$line" in
              *--stats*|*--rate*) echo "FWM  $mark    0 0 0 0 0" ;;
              *) echo "FWM  $mark wlc" ;;
            esac
          done ;;
      esac
      """;

  @TempDir private Path folder;

  private IpvsadmDriver driver(String step, String event, Duration deadline) throws IOException {
    Files.createDirectory(folder.resolve("table"));
    Files.writeString(folder.resolve("step"), step);
    Files.writeString(folder.resolve("event"), event);
    return FakeProgram.driver(folder, PROGRAM.formatted(folder), deadline);
  }

  private List<String> table() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("table"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private void awaitStep() {
    await().atMost(LONG).until(() -> Files.exists(folder.resolve("reached")));
  }

  private static List<Command> additions() {
    List<Command> commands = new ArrayList<>();
    for (int i = 1; i <= COMMANDS; i++) {
      commands.add(new Command.AddService(VirtualService.fwmark(i)));
    }
    return commands;
  }

  private static Stream<Arguments> steps() {
    return IntStream.rangeClosed(1, COMMANDS)
        .boxed()
        .flatMap(mark -> Stream.of("before-" + mark, "after-" + mark))
        .flatMap(step -> Stream.of(Arguments.of(step, 1), Arguments.of(step, COMMANDS)));
  }

  /** Carries out commands in batches of a size: a batch of one takes another way. */
  private static List<Outcome> execute(IpvsadmDriver driver, int size) {
    List<Command> all = additions();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < all.size(); i += size) {
      outcomes.addAll(driver.execute(all.subList(i, i + size)));
    }
    return outcomes;
  }

  /** Runs in a thread of its own and tells whether its interrupt status was set in the end. */
  private record Ended(List<Outcome> outcomes, boolean interrupted) {}

  private static FutureTask<Ended> inThread(Callable<List<Outcome>> work, List<Thread> threads) {
    FutureTask<Ended> task =
        new FutureTask<>(
            () -> {
              List<Outcome> outcomes = work.call();
              return new Ended(outcomes, Thread.currentThread().isInterrupted());
            });
    Thread thread = new Thread(task);
    threads.add(thread);
    thread.start();
    return task;
  }

  private void assertTrue(List<Outcome> outcomes) throws IOException {
    assertThat(outcomes).extracting(Outcome::command).containsExactlyElementsOf(additions());
    List<String> done = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      LvsException error = outcomes.get(i).error();
      if (error == null) {
        done.add(Integer.toString(i + 1));
      } else {
        assertThat(error.reason())
            .containsAnyOf("it has not been carried out", "not tried, because the thread was");
      }
    }
    assertThat(table()).isEqualTo(done);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void interrupt(String step, int size) throws Exception {
    IpvsadmDriver driver = driver(step, "hang", LONG);
    List<Thread> threads = new ArrayList<>();
    FutureTask<Ended> task = inThread(() -> execute(driver, size), threads);
    awaitStep();
    threads.get(0).interrupt();
    Ended ended = task.get();
    assertTrue(ended.outcomes());
    assertThat(ended.interrupted()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("steps")
  void killedProgram(String step, int size) throws Exception {
    List<Outcome> outcomes = execute(driver(step, "die", LONG), size);
    assertTrue(outcomes);
    assertThat(outcomes).filteredOn(outcome -> outcome.error() != null).hasSizeLessThan(2);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void close(String step, int size) throws Exception {
    IpvsadmDriver driver = driver(step, "wait", LONG);
    FutureTask<Ended> task =
        inThread(() -> driver.execute(additions().subList(0, size)), new ArrayList<>());
    if (Integer.parseInt(step.substring(step.indexOf('-') + 1)) > size) {
      // The step is not reached: the driver closes after all was done.
      assertThat(task.get().outcomes()).allSatisfy(o -> assertThat(o.error()).isNull());
      driver.close();
    } else {
      awaitStep();
      Thread closing = new Thread(driver::close);
      closing.start();
      await().atMost(LONG).until(() -> isClosed(driver));
      assertThat(closing.isAlive()).isTrue();
      Files.createFile(folder.resolve("release"));
      assertThat(task.get().outcomes()).allSatisfy(o -> assertThat(o.error()).isNull());
      closing.join();
    }
    assertThat(table()).hasSize(size);
  }

  private static boolean isClosed(IpvsadmDriver driver) {
    try {
      return driver.execute(List.of()) == null;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** Each takes its deadline: a few will do. */
  private static Stream<Arguments> someSteps() {
    return steps().filter(step -> String.valueOf(step.get()[0]).endsWith("-2"));
  }

  @ParameterizedTest
  @MethodSource("someSteps")
  void deadline(String step, int size) throws Exception {
    List<Outcome> outcomes = execute(driver(step, "hang", SHORT), size);
    assertTrue(outcomes);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.error() != null)
        .hasSizeLessThan(2)
        .allSatisfy(outcome -> assertThat(outcome.error()).isInstanceOf(TimeoutException.class));
  }

  @Test
  void interruptedThreadBeginsNothing() throws Exception {
    IpvsadmDriver driver = driver("none", "hang", LONG);
    Thread.currentThread().interrupt();
    List<Outcome> outcomes = driver.execute(additions());
    assertThat(Thread.interrupted()).isTrue();
    assertTrue(outcomes);
    assertThat(table()).isEmpty();
  }

  @Test
  void readInFlightSaysThatTheDriverWasClosed() throws Exception {
    Files.createDirectory(folder.resolve("table"));
    IpvsadmDriver driver =
        FakeProgram.driver(folder, ": > '" + folder.resolve("reached") + "'; exec sleep 600", LONG);
    FutureTask<Ended> task =
        inThread(
            () -> {
              assertThatIllegalStateException()
                  .isThrownBy(driver::timeouts)
                  .withMessage("the ipvsadm driver was closed meanwhile");
              return List.of();
            },
            new ArrayList<>());
    awaitStep();
    driver.close();
    assertThat(noFailure(task)).isEmpty();
  }

  private static List<Outcome> noFailure(FutureTask<Ended> task) throws Exception {
    try {
      return task.get().outcomes();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
