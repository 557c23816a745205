// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.mockito.Mockito.mock;

import io.lvstun.Director;
import io.lvstun.NotFoundException;
import io.lvstun.ServiceKey;
import io.lvstun.examples.lab.Lab;
import io.lvstun.examples.lab.Topology;
import io.lvstun.memory.MemoryDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExampleRunnerTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  static List<ExampleRunner> runners() {
    return List.of(
        TutorialClusterExample.runner(),
        WeightedSchedulingExample.runner(),
        DynamicWeightExample.runner(),
        EmbeddedControllerExample.runner(),
        FirewallMarkExample.runner(),
        GracefulDrainExample.runner(),
        SnapshotRestoreExample.runner(),
        KeepalivedPairExample.runner(),
        MetricsExample.runner(),
        RulesTextExample.runner());
  }

  @ParameterizedTest
  @MethodSource("runners")
  void tellsHowToUseIt(ExampleRunner runner) {
    assertThat(run(runner, "--help")).isEqualTo(0);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("Usage: ")
        .contains("Example [-h]", "--driver=netlink|ipvsadm", "Runs in a guest of the lab.");
    assertThat(err.size()).isZero();
  }

  @Test
  void refusesWrongArguments() {
    assertThat(run(TutorialClusterExample.runner(), "--driver", "memory")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--driver must be netlink or ipvsadm, not memory");
    err.reset();
    assertThat(run(TutorialClusterExample.runner(), "--wrong")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("--wrong", "Usage: ");
    err.reset();
    assertThat(run(TutorialClusterExample.runner(), "--driver")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("--driver");
    assertThat(out.size()).isZero();
  }

  @Test
  void saysThatItNeedsTheLab() {
    assumeThat(Lab.here()).as("the unit tests do not run in the lab").isFalse();
    assertThat(run(TutorialClusterExample.runner())).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("not a guest of the lab", "lab run");
  }

  @Test
  void givesAPlainVerdict() {
    assertThat(play(stage -> "All is well.")).isEqualTo(0);
    assertThat(lastLine()).isEqualTo("VERDICT: it works. All is well.");
  }

  @Test
  void failsWhenSomethingComesOutWrong() {
    Scenario scenario =
        stage -> {
          stage.expect(false, "nobody answered");
          return "not reached";
        };
    assertThat(play(scenario)).isEqualTo(1);
    assertThat(lastLine()).isEqualTo("VERDICT: it does not work. nobody answered");
  }

  @Test
  void failsWhenTheKernelRefuses() {
    Scenario scenario =
        stage -> {
          try (Director director = Director.on(MemoryDriver.open())) {
            director.remove(ServiceKey.tcp("192.0.2.1", 80));
          }
          return "not reached";
        };
    assertThat(play(scenario)).isEqualTo(1);
    assertThat(lastLine())
        .startsWith("VERDICT: it does not work. ")
        .contains("TCP 192.0.2.1:80")
        .doesNotContain(NotFoundException.class.getName());
    assertThat(err.size()).as("a stack trace helps nobody here").isZero();
  }

  @Test
  void showsWhereItBroke() {
    Scenario scenario =
        stage -> {
          throw new IllegalStateException("oops");
        };
    assertThat(play(scenario)).isEqualTo(1);
    assertThat(lastLine()).endsWith("java.lang.IllegalStateException: oops");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("io.lvstun.examples.ExampleRunner.run(");
  }

  @Test
  void everyExampleHasAnIntegrationTest() throws IOException {
    String tests = "";
    for (Path file : sources("src/test/java", "IT.java")) {
      tests += Files.readString(file);
    }
    for (Path file : sources("src/main/java", "Example.java")) {
      String example = String.valueOf(file.getFileName()).replace(".java", "");
      assertThat(tests).as("integration tests of the examples").contains(example + ".");
    }
  }

  private static List<Path> sources(String folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  private int run(ExampleRunner runner, String... args) {
    return runner.run(stream(out), stream(err), args);
  }

  private int play(Scenario scenario) {
    Stage stage = new Stage(mock(Topology.class), Optional.empty(), stream(out));
    return new ExampleRunner(Scenario.class, "Test.", Topology::tutorial, scenario)
        .run(stage, stream(err));
  }

  private String lastLine() {
    List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
    return lines.get(lines.size() - 1);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
