// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs everything that {@code lab bench} runs, once and small, so that none of it rots. */
class KernelBenchmarkLabIT {

  private static final Path SOURCES = Path.of("bench");

  @Test
  @Timeout(400)
  void everyContenderDoesItsWorkAndWritesTheSameTable(@TempDir Path folder) {
    for (String program : List.of("floor", "single", "stopwatch")) {
      Tools.run(
          "gcc",
          "-O1",
          "-pthread",
          "-o",
          folder.resolve(program).toString(),
          SOURCES.resolve(program + ".c").toString());
    }
    Shape shape = new Shape(7, 30);
    Set<String> contenders =
        Set.of(
            Contender.FLOOR, Contender.SINGLE, Contender.IPVSADM, Contender.WARM, Contender.COLD);

    Report report =
        new KernelBenchmark(
                folder,
                new KernelBenchmark.Settings(
                    1, 1, false, "time", contenders, Set.of(Work.values()), List.of(shape)))
            .run();

    Samples samples = report.samples().get(shape);
    assertThat(samples).isNotNull();
    assertThat(measured(samples, Contender.FLOOR))
        .containsExactly(
            Work.APPLY,
            Work.VERIFY,
            Work.READ,
            Work.WEIGHT,
            Work.NAMED,
            Work.REPLACE,
            Work.CONVERGE);
    assertThat(measured(samples, Contender.SINGLE)).isEqualTo(measured(samples, Contender.FLOOR));
    assertThat(measured(samples, Contender.IPVSADM))
        .containsExactly(Work.APPLY, Work.READ, Work.WEIGHT, Work.REPLACE, Work.CONVERGE);
    assertThat(measured(samples, Contender.WARM)).containsExactly(Work.values());
    assertThat(measured(samples, Contender.COLD))
        .containsExactly(Work.APPLY, Work.READ, Work.UNCHANGED, Work.WEIGHT, Work.CONVERGE);
    assertThat(report.table()).contains("7 services, 30 servers each", "read everything");
    assertThat(report.json()).contains("\"services\": 7", "\"contender\": \"warm\"");
    // Several sockets together read what one does; the floor itself compares.
    String floor = folder.resolve("floor").toString();
    assertThat(Tools.run(floor, "--sockets", "3", "7x30", "flush", "apply", "check", "flush"))
        .contains("check ");
  }

  /** Those that run after the benchmark count namespaces and unload modules. */
  @AfterEach
  void removeNamespaces() {
    for (String line : Tools.run("ip", "netns", "list").lines().toList()) {
      String name = line.split(" ", 2)[0];
      if (name.startsWith("bench-")) {
        Tools.run("ip", "netns", "exec", name, "ipvsadm", "-C");
        Tools.run("ip", "netns", "delete", name);
      }
    }
  }

  private static List<Work> measured(Samples samples, String contender) {
    return Stream.of(Work.values())
        .filter(work -> samples.of(work, contender).size() == 1)
        .toList();
  }
}
