// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The programs that a benchmark runs, and a folder for their files. */
final class Tools {

  /** Far more than anything takes that is not stuck. */
  private static final long PATIENCE_MINUTES = 10;

  /** As much as a message may show of what a program printed. */
  private static final int SHOWN_LINES = 20;

  private final Path folder;

  /**
   * Looks for the programs.
   *
   * @param folder where {@code floor}, {@code single} and {@code stopwatch} are, and files may be
   *     put
   */
  Tools(Path folder) {
    this.folder = folder;
    for (String program : List.of("floor", "single", "stopwatch")) {
      if (!Files.isExecutable(folder.resolve(program))) {
        throw new IllegalArgumentException("there is no program " + folder.resolve(program));
      }
    }
  }

  /** Runs a command to its end and returns what it prints; its errors go to this process's. */
  static String run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      process.getOutputStream().close();
      // The end of a process that is stuck ends the reading too.
      CompletableFuture<Process> ended =
          process
              .onExit()
              .orTimeout(PATIENCE_MINUTES, TimeUnit.MINUTES)
              .whenComplete(
                  (it, late) -> {
                    if (late != null) {
                      process.destroyForcibly();
                    }
                  });
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int status = process.waitFor();
      if (ended.isCompletedExceptionally()) {
        throw new IllegalStateException("not done in time: " + String.join(" ", command));
      }
      if (status != 0) {
        throw new IllegalStateException("exit status " + status + ": " + String.join(" ", command));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command.get(0), e);
    }
  }

  static String run(String... command) {
    return run(Arrays.asList(command));
  }

  /** The command line of {@code floor} or {@code single} for a shape. */
  List<String> floor(String program, Shape shape, String namespace, String... work) {
    List<String> command = new ArrayList<>();
    command.add(folder.resolve(program).toString());
    command.addAll(List.of("--netns", namespace, shape.toString()));
    command.addAll(List.of(work));
    return command;
  }

  /** Times a command in a namespace, from before its start to its end, in nanoseconds. */
  long time(String namespace, Path input, List<String> command) {
    List<String> timed = new ArrayList<>();
    timed.add(folder.resolve("stopwatch").toString());
    timed.addAll(List.of("--netns", namespace, "--in", input.toString()));
    timed.addAll(List.of("--out", file("output").toString(), "--"));
    timed.addAll(command);
    try {
      return Long.parseLong(run(timed));
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + "\n" + output(), e);
    }
  }

  /** What the command that was timed last printed, as far as a message should tell it. */
  private String output() {
    try (Stream<String> lines = Files.lines(file("output"), StandardCharsets.ISO_8859_1)) {
      return lines.limit(SHOWN_LINES).collect(Collectors.joining("\n"));
    } catch (IOException | UncheckedIOException e) {
      return "(nothing is known of what it printed: " + e.getMessage() + ")";
    }
  }

  long time(String namespace, List<String> command) {
    return time(namespace, Path.of("/dev/null"), command);
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Writes a file for a program to read. */
  Path write(String name, String text) {
    try {
      return Files.writeString(file(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a network namespace in which servers can be added: they must not be broadcast. */
  static void makeNamespace(String name) {
    run("ip", "netns", "add", name);
    run("ip", "-n", name, "link", "set", "lo", "up");
  }

  /** Throws unless {@code ipvsadm} sees the table that a contender wrote. */
  static void check(Shape shape, String namespace, boolean replaced, String contender) {
    String found = run("ip", "netns", "exec", namespace, "ipvsadm", "-S", "-n");
    List<String> actual = found.lines().sorted().toList();
    List<String> expected = shape.rules(replaced).lines().sorted().toList();
    if (!actual.equals(expected)) {
      throw new IllegalStateException(
          contender
              + " did not write the table "
              + shape
              + ": "
              + actual.size()
              + " lines instead of "
              + expected.size()
              + firstDifference(actual, expected));
    }
  }

  private static String firstDifference(List<String> actual, List<String> expected) {
    for (int i = 0; i < Math.min(actual.size(), expected.size()); i++) {
      if (!actual.get(i).equals(expected.get(i))) {
        return "; \"" + actual.get(i) + "\" instead of \"" + expected.get(i) + '"';
      }
    }
    return "";
  }
}
