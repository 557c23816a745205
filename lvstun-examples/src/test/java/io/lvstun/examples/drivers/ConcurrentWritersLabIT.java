// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lvstun.VirtualService;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Processes that want different tables write at the same time, with {@code ipvsadm -Sn} as witness:
 * the table is one wish exactly, or whoever did not get its wish says what differs.
 */
final class ConcurrentWritersLabIT {

  private static final int SERVERS_OF_A_WISH = 4;

  private DirectorNamespace namespace;
  private final List<WriterProcess> writers = new ArrayList<>();

  @BeforeEach
  void makeNamespace() {
    namespace = new DirectorNamespace();
  }

  @AfterEach
  void deleteNamespace() {
    writers.forEach(WriterProcess::close);
    namespace.close();
  }

  private void start(String driver, int count, Duration deadline, String lockFolder) {
    for (int i = 0; i < count; i++) {
      writers.add(new WriterProcess(driver, namespace.name(), deadline, lockFolder));
    }
    writers.forEach(writer -> assertThat(writer.answer()).isEqualTo("ready"));
  }

  private Set<String> table() {
    return new TreeSet<>(namespace.run("ipvsadm", "-Sn").lines().map(String::strip).toList());
  }

  private static Set<String> lines(List<VirtualService> services) {
    return new TreeSet<>(
        Rules.write(services, RulesForm.SAVED).text().lines().map(String::strip).toList());
  }

  private static long servers(Set<String> table) {
    return table.stream().filter(line -> line.startsWith("-a -t 192.0.2.1:80 ")).count();
  }

  /** All write at once; none of them gets a mixture for a success. */
  private void compete(int rounds) {
    int successes = 0;
    for (int round = 1; round <= rounds; round++) {
      for (int i = 0; i < writers.size(); i++) {
        // Another wish each time, so that there is always something to write.
        writers.get(i).tell("replace " + (1 + (i + round) % (writers.size() + 1)));
      }
      List<String> answers = writers.stream().map(WriterProcess::answer).toList();
      Set<String> table = table();
      assertThat(answers).as("round %d", round).allMatch(it -> it.matches("(?s)done|differs .*"));
      assertThat(servers(table))
          .as("round %d: %s", round, table)
          .isGreaterThanOrEqualTo(SERVERS_OF_A_WISH);
      if (!answers.contains("done")) {
        continue;
      }
      successes++;
      int number = round;
      List<Set<String>> wishes =
          IntStream.range(0, writers.size())
              .filter(i -> answers.get(i).equals("done"))
              .mapToObj(i -> lines(WriterProcess.wish(1 + (i + number) % (writers.size() + 1))))
              .toList();
      boolean all = answers.stream().allMatch("done"::equals);
      assertThat(wishes.contains(table) || !all)
          .as("round %d: %s is none of %s, %s", round, table, wishes, answers)
          .isTrue();
    }
    assertThat(successes).as("rounds in which somebody got its wish").isPositive();
  }

  @Test
  @Timeout(600)
  void netlinkWritersNeverTakeAMixtureForSuccess() {
    start("netlink", 3, Duration.ofSeconds(5), "");
    compete(6);
  }

  @Test
  @Tag("deep")
  @Timeout(600)
  void netlinkWritersNeverTakeAMixtureForSuccessInManyRounds() {
    start("netlink", 3, Duration.ofSeconds(5), "");
    compete(40);
  }

  @Test
  @Timeout(600)
  void ipvsadmWritersNeverTakeAMixtureForSuccess() {
    start("ipvsadm", 2, Duration.ofSeconds(20), "");
    compete(3);
  }

  @Test
  @Tag("deep")
  @Timeout(3600)
  void ipvsadmWritersNeverTakeAMixtureForSuccessInManyRounds() {
    start("ipvsadm", 2, Duration.ofSeconds(20), "");
    compete(40);
  }

  /** A loop of ipvsadm takes a server away and puts a stranger in, all the time. */
  @Test
  @Timeout(600)
  void programThatNeverStopsIsToldOrWonAgainst() throws Exception {
    start("netlink", 1, Duration.ofSeconds(2), "");
    WriterProcess writer = writers.get(0);
    writer.tell("replace 1");
    assertThat(writer.answer()).isEqualTo("done");
    Process loop =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                namespace.name(),
                "sh",
                "-c",
                "while :; do ipvsadm -d -t 192.0.2.1:80 -r 198.51.100.3:80;"
                    + " ipvsadm -a -t 192.0.2.1:80 -r 198.51.100.9:80 -i; done 2>/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> answers = new ArrayList<>();
    try {
      for (int round = 0; round < 6; round++) {
        writer.tell("replace " + (1 + round % 3));
        answers.add(writer.answer());
      }
    } finally {
      loop.destroyForcibly().waitFor();
      // The program that it had started may still be at work.
      await()
          .until(
              () ->
                  ProcessHandle.allProcesses()
                      .noneMatch(one -> one.info().command().orElse("").endsWith("ipvsadm")));
    }
    assertThat(answers).allMatch(answer -> answer.matches("(?s)done|differs .*"));
    writer.tell("replace 2");
    assertThat(writer.answer()).isEqualTo("done");
    assertThat(table()).isEqualTo(lines(WriterProcess.wish(2)));
  }

  @Test
  @Timeout(600)
  void lockSerialisesProcessesAndOutlivesAHolderThatIsKilled() {
    String folder = DirectorNamespace.host("mktemp", "-d").strip();
    try {
      start("netlink", 2, Duration.ofSeconds(10), folder);
      for (int round = 0; round < 6; round++) {
        writers.get(0).tell("replace 1");
        writers.get(1).tell("replace 2");
        assertThat(List.of(writers.get(0).answer(), writers.get(1).answer())).containsOnly("done");
        assertThat(table()).isIn(lines(WriterProcess.wish(1)), lines(WriterProcess.wish(2)));
      }
      WriterProcess holder = writers.get(0);
      holder.tell("hold");
      assertThat(holder.answer()).isEqualTo("holds");
      Set<String> before = table();
      writers.get(1).tell("replace 3");
      assertThat(writers.get(1).answer())
          .contains("process " + holder.pid() + " held it for 10000 ms; nothing was written");
      assertThat(table()).isEqualTo(before);
      writers.get(1).tell("replace 3");
      holder.close();
      assertThat(writers.get(1).answer()).isEqualTo("done");
      assertThat(table()).isEqualTo(lines(WriterProcess.wish(3)));
    } finally {
      DirectorNamespace.host("rm", "-r", folder);
    }
  }
}
