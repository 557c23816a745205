// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Measures floor, ipvsadm and library side by side on the kernel it runs on; as root, in a guest of
 * the lab, where {@code lab bench} starts it.
 *
 * <p>Each round, each contender gets a turn in a network namespace that is new: the kernel keeps
 * removed servers for two minutes and searches them when one is added, so that a table that was
 * emptied is not like one that was always empty. The order of turns changes from round to round.
 */
public final class KernelBenchmark {

  private final Path folder;
  private final Tools tools;
  private final int rounds;
  private final int warmUps;
  private final List<Shape> shapes;
  private final boolean memory;
  private final String clock;
  private int namespaces;

  private KernelBenchmark(
      Path folder, int rounds, int warmUps, List<Shape> shapes, boolean memory, String clock) {
    this.folder = folder;
    this.tools = new Tools(folder);
    this.rounds = rounds;
    this.warmUps = warmUps;
    this.shapes = shapes;
    this.memory = memory;
    this.clock = clock;
  }

  /**
   * Measures.
   *
   * @param arguments the folder of the programs, which also takes {@code result.json}; rounds;
   *     turns of the library before the first round; {@code true} to measure memory too; what the
   *     clock counts; then shapes
   */
  public static void main(String[] arguments) {
    List<Shape> shapes = new ArrayList<>();
    for (int i = 5; i < arguments.length; i++) {
      shapes.add(Shape.parse(arguments[i]));
    }
    KernelBenchmark benchmark =
        new KernelBenchmark(
            Path.of(arguments[0]),
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            shapes,
            Boolean.parseBoolean(arguments[3]),
            arguments[4]);
    System.exit(benchmark.run() ? 0 : 1);
  }

  /** Returns whether every goal was reached. */
  private boolean run() {
    Path archive = tools.file("classes.jsa");
    Library warm = new Library();
    ColdLibrary cold = new ColdLibrary(Contender.COLD, tools, List.of());
    ColdLibrary tuned =
        new ColdLibrary(
            Contender.COLD_TUNED,
            tools,
            List.of(
                "-XX:SharedArchiveFile=" + archive, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    List<Contender> contenders = List.of(new Floor(tools), new Ipvsadm(tools), warm, cold, tuned);

    say("making a class archive for cold starts");
    new ColdLibrary("archive", tools, List.of("-XX:ArchiveClassesAtExit=" + archive))
        .run(new Shape(10, 10), namespace());

    Map<Shape, Samples> samples = new LinkedHashMap<>();
    for (Shape shape : shapes) {
      samples.put(shape, measure(shape, contenders, warm));
    }
    OptionalDouble bytesPerServer =
        memory ? OptionalDouble.of(bytesPerServer()) : OptionalDouble.empty();

    Report report = new Report(setting(), samples, Goal.of(samples, bytesPerServer));
    write(report.json());
    System.out.print(report.table());
    System.out.println();
    report.goals().forEach(System.out::println);
    return report.goals().stream().allMatch(Goal::met);
  }

  private Samples measure(Shape shape, List<Contender> contenders, Library warm) {
    say(shape + ": checking what each contender writes, with ipvsadm");
    for (Contender contender : contenders) {
      contender.turn(shape, namespace(), true);
    }
    say(shape + ": warming up, " + warmUps + " turns");
    for (int i = 0; i < warmUps; i++) {
      warm.turn(shape, namespace(), false);
    }
    awaitCompiler();
    Samples samples = new Samples();
    List<Contender> order = new ArrayList<>(contenders);
    for (int round = 1; round <= rounds; round++) {
      for (Contender contender : order) {
        Map<Work, Long> times = contender.turn(shape, namespace(), false);
        samples.add(contender.id(), times);
        say(shape + ": round " + round + " of " + rounds + ", " + contender.id() + inMillis(times));
      }
      Collections.rotate(order, 1);
    }
    return samples;
  }

  private static String inMillis(Map<Work, Long> times) {
    StringBuilder text = new StringBuilder();
    times.forEach(
        (work, nanos) -> text.append(' ').append(work.id()).append(' ').append(nanos / 1_000_000));
    return text.toString();
  }

  /** Namespaces are not removed: the kernel would do that while something else is measured. */
  private String namespace() {
    String name = "bench-" + ++namespaces;
    Tools.makeNamespace(name);
    return name;
  }

  /** Waits until no more code is being compiled, as far as that can be seen. */
  private static void awaitCompiler() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    if (compiler == null || !compiler.isCompilationTimeMonitoringSupported()) {
      return;
    }
    try {
      long before = -1;
      for (int i = 0; i < 60 && compiler.getTotalCompilationTime() != before; i++) {
        before = compiler.getTotalCompilationTime();
        Thread.sleep(500);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private double bytesPerServer() {
    say("measuring memory");
    String namespace = namespace();
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String result =
        Tools.run(
            "ip",
            "netns",
            "exec",
            namespace,
            java,
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            MemoryFootprint.class.getName());
    System.out.println(result);
    return MemoryFootprint.worst(result);
  }

  private Map<String, String> setting() {
    Map<String, String> setting = new LinkedHashMap<>();
    setting.put("kernel", System.getProperty("os.version"));
    setting.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    setting.put("clock", clock);
    setting.put(
        "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    setting.put("ipvsadm", Tools.run("ipvsadm", "--version").split("\n", 2)[0]);
    setting.put("rounds", Integer.toString(rounds));
    setting.put("turns before", Integer.toString(warmUps));
    return setting;
  }

  private void write(String json) {
    try {
      Files.writeString(folder.resolve("result.json"), json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Seconds since the machine was started, and what is being done. */
  private static void say(String what) {
    try {
      String uptime = Files.readString(Path.of("/proc/uptime"));
      System.err.println("bench: " + uptime.substring(0, uptime.indexOf(' ')) + " s: " + what);
    } catch (IOException e) {
      System.err.println("bench: " + what);
    }
  }
}
