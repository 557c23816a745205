// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ApplyException;
import io.lvstun.ApplyReport;
import io.lvstun.Change;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Director;
import io.lvstun.OnFailure;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An interrupt, a close or a killed ipvsadm at moments spread over a write: each time the report is
 * what {@code ipvsadm -Sn} shows.
 */
final class InterruptedWritesLabIT {

  private static final VirtualService BEFORE =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.200").tunnel();

  /** What ends the write. */
  enum Event {
    INTERRUPT,
    CLOSE,
    KILL
  }

  private DirectorNamespace namespace;

  @BeforeEach
  void makeNamespace() {
    namespace = new DirectorNamespace();
  }

  @AfterEach
  void deleteNamespace() {
    namespace.close();
  }

  private static VirtualService wanted(int servers) {
    VirtualService wanted = VirtualService.tcp("192.0.2.1", 80).scheduler(Scheduler.RR);
    for (int i = 1; i <= servers; i++) {
      wanted = wanted.addRealServer("198.51." + (100 + i / 200) + "." + (1 + i % 200)).tunnel();
    }
    return wanted;
  }

  private Set<String> table() {
    return new TreeSet<>(namespace.run("ipvsadm", "-Sn").lines().map(String::strip).toList());
  }

  private static Set<String> lines(List<VirtualService> services) {
    return new TreeSet<>(
        Rules.write(services, RulesForm.SAVED).text().lines().map(String::strip).toList());
  }

  /** What a write came to, and how long it took. */
  private record Ended(ApplyReport report, boolean failed, boolean interrupted, long nanos) {}

  private static Ended write(Director director, VirtualService wanted, OnFailure onFailure) {
    long begun = System.nanoTime();
    ApplyReport report;
    boolean failed = false;
    try {
      report = director.apply(director.plan(wanted).onFailure(onFailure));
    } catch (ApplyException e) {
      report = e.report();
      failed = true;
    }
    return new Ended(report, failed, Thread.interrupted(), System.nanoTime() - begun);
  }

  /** Plays what a report says on a table in memory. */
  private static Set<String> played(ApplyReport report) {
    try (MemoryDriver memory = MemoryDriver.open()) {
      List<Command> commands = new ArrayList<>();
      commands.add(new Command.AddService(BEFORE.withoutRealServers()));
      commands.add(new Command.AddServer(BEFORE.key(), BEFORE.realServers().get(0)));
      report.done().stream().map(Change::command).forEach(commands::add);
      // What was undone although it had never been made is refused here.
      report.undone().forEach(change -> commands.addAll(change.undo()));
      var unused = memory.execute(commands);
      return lines(
          memory.services(Consistency.VERIFIED).stream().map(ServiceState::definition).toList());
    }
  }

  private void end(Event event, Thread writer, Director director) {
    switch (event) {
      case INTERRUPT -> writer.interrupt();
      case CLOSE -> director.close();
      case KILL ->
          // Only programs that this process started.
          ProcessHandle.current()
              .descendants()
              .filter(it -> it.info().command().orElse("").endsWith("ipvsadm"))
              .forEach(ProcessHandle::destroyForcibly);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "netlink, 400, INTERRUPT, KEEP, 16",
    "netlink, 400, INTERRUPT, ROLL_BACK, 16",
    "netlink, 400, CLOSE, KEEP, 8",
    "ipvsadm, 12, INTERRUPT, KEEP, 4",
    "ipvsadm, 12, INTERRUPT, ROLL_BACK, 4",
    "ipvsadm, 12, CLOSE, KEEP, 3",
    "ipvsadm, 12, KILL, KEEP, 4",
    "ipvsadm, 12, KILL, ROLL_BACK, 5"
  })
  @Timeout(900)
  void reportEqualsTheTable(
      String driver, int servers, Event event, OnFailure onFailure, int moments) throws Exception {
    VirtualService wanted = wanted(servers);
    long whole = 0;
    for (int moment = 0; moment <= moments; moment++) {
      namespace.run("ipvsadm", "-C");
      namespace.feed(String.join("\n", lines(List.of(BEFORE))) + "\n", "ipvsadm", "-R");
      try (Director director =
          Director.builder()
              .driver(driver)
              .networkNamespace(namespace.name())
              .deadline(Duration.ofSeconds(30))
              .open()) {
        FutureTask<Ended> task = new FutureTask<>(() -> write(director, wanted, onFailure));
        Thread writer = new Thread(task);
        writer.start();
        boolean undisturbed = moment == 0;
        if (!undisturbed) {
          TimeUnit.NANOSECONDS.sleep(whole * moment / (moments + 1));
          end(event, writer, director);
        }
        Ended ended;
        try {
          ended = task.get();
        } catch (java.util.concurrent.ExecutionException e) {
          // It came while the plan was being made: nothing was written, and that is said.
          assertThat(e.getCause()).isInstanceOfAny(RuntimeException.class);
          assertThat(e.getCause().getMessage()).contains(event == Event.CLOSE ? "clos" : "ipvs");
          assertThat(table()).isEqualTo(lines(List.of(BEFORE)));
          continue;
        }
        String what = moment + ": " + ended.report();
        assertThat(ended.report().unknown()).as(what).isEmpty();
        assertThat(ended.report().notUndone()).as(what).isEmpty();
        assertThat(table()).as(what).isEqualTo(played(ended.report()));
        // Where all was done and only reading it back was cut short, nothing is rolled back.
        boolean cutShort =
            !ended.report().failed().isEmpty() || !ended.report().notAttempted().isEmpty();
        if (ended.failed() && cutShort && onFailure == OnFailure.ROLL_BACK) {
          assertThat(table()).as(what).isEqualTo(lines(List.of(BEFORE)));
        }
        whole = undisturbed ? ended.nanos() : whole;
      }
    }
  }
}
