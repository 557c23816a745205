// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Measures floor, ipvsadm and library side by side on the kernel it runs on; as root, in a guest of
 * the lab, where {@code lab bench} starts it.
 *
 * <p>Each round, each contender gets a turn in a network namespace that is new, and that is removed
 * afterwards, outside the time. The kernel keeps removed servers for two minutes, unless their
 * namespace goes: it searches them when one is added, and their counters fill its allocator for
 * memory of each processor, whose search then makes writing the same table up to twice as dear. The
 * order of turns changes from round to round.
 */
public final class KernelBenchmark {

  /** The kernel frees a namespace in the background, within some tens of milliseconds. */
  private static final long SETTLING_MILLIS = 1000;

  private final Tools tools;
  private final Settings settings;
  private int namespaces;

  /**
   * What is measured.
   *
   * @param rounds how often each contender has its turn
   * @param warmUps turns of the library before the first round
   * @param memory whether to measure the memory of 100,000 servers
   * @param clock what the machine's clock counts, for the record
   * @param contenders who takes part
   * @param works what is timed
   * @param shapes the sizes of tables
   */
  record Settings(
      int rounds,
      int warmUps,
      boolean memory,
      String clock,
      Set<String> contenders,
      Set<Work> works,
      List<Shape> shapes) {

    /** Reads them from a command line, in the order of the components; shapes come last. */
    static Settings parse(List<String> arguments) {
      Set<Work> works = EnumSet.noneOf(Work.class);
      for (String id : arguments.get(5).split(",", -1)) {
        works.add(Work.valueOf(id.toUpperCase(Locale.ROOT)));
      }
      return new Settings(
          Integer.parseInt(arguments.get(0)),
          Integer.parseInt(arguments.get(1)),
          Boolean.parseBoolean(arguments.get(2)),
          arguments.get(3),
          Set.of(arguments.get(4).split(",", -1)),
          works,
          arguments.stream().skip(6).map(Shape::parse).toList());
    }
  }

  KernelBenchmark(Path folder, Settings settings) {
    this.tools = new Tools(folder);
    this.settings = settings;
  }

  /**
   * Measures.
   *
   * @param arguments the folder of the programs, which also takes {@code result.json}; rounds;
   *     turns of the library before the first round; {@code true} to measure memory too; what the
   *     clock counts; contenders and kinds of work, each with commas between; then shapes
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<String> rest = Arrays.asList(arguments).subList(1, arguments.length);
    KernelBenchmark benchmark = new KernelBenchmark(folder, Settings.parse(rest));
    Report report = benchmark.run();
    Path json = folder.resolve("result.json");
    Files.writeString(json, report.json());
    System.out.println(report.table());
    report.goals().forEach(System.out::println);
    boolean met = report.goals().stream().allMatch(Goal::met);
    if (benchmark.settings.memory()) {
      // Last, and with what was measured before written down: it can take long, or fail.
      Goal memory = Goal.memory(benchmark.bytesPerServer());
      System.out.println(memory);
      Files.writeString(json, report.with(memory).json());
      met &= memory.met();
    }
    System.exit(met ? 0 : 1);
  }

  Report run() {
    Path archive = tools.file("classes.jsa");
    List<Contender> all =
        List.of(
            Floor.batched(tools),
            Floor.single(tools),
            new Ipvsadm(tools),
            new Library(),
            new ColdLibrary(Contender.COLD, tools, List.of()),
            new ColdLibrary(
                Contender.COLD_TUNED,
                tools,
                List.of(
                    "-XX:SharedArchiveFile=" + archive,
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC")));
    Set<String> names = settings.contenders();
    List<Contender> chosen = all.stream().filter(one -> names.contains(one.id())).toList();
    if (chosen.size() != names.size()) {
      throw new IllegalArgumentException("not all of these are contenders: " + names);
    }
    if (names.contains(Contender.COLD_TUNED)) {
      say("making a class archive for cold starts");
      new ColdLibrary("archive", tools, List.of("-XX:ArchiveClassesAtExit=" + archive))
          .run(new Shape(10, 10), namespace());
      removeNamespace();
    }
    Map<Shape, Samples> samples = new LinkedHashMap<>();
    for (Shape shape : settings.shapes()) {
      samples.put(shape, measure(shape, chosen));
    }
    return new Report(setting(), samples, Goal.of(samples));
  }

  private Samples measure(Shape shape, List<Contender> chosen) {
    say(shape + ": checking what each contender writes, with ipvsadm");
    for (Contender contender : chosen) {
      contender.turn(new Turn(shape, namespace(), settings.works(), true));
      removeNamespace();
    }
    for (Contender contender : chosen) {
      if (contender instanceof Library library) {
        say(shape + ": warming up, " + settings.warmUps() + " turns");
        for (int i = 0; i < settings.warmUps(); i++) {
          library.warmUp(new Turn(shape, namespace(), settings.works(), false));
          removeNamespace();
        }
        awaitCompiler();
      }
    }
    Samples samples = new Samples();
    List<Contender> order = new ArrayList<>(chosen);
    for (int round = 1; round <= settings.rounds(); round++) {
      for (Contender contender : order) {
        Map<Work, Long> times =
            contender.turn(new Turn(shape, namespace(), settings.works(), false));
        removeNamespace();
        samples.add(contender.id(), times);
        say(
            shape
                + ": round "
                + round
                + " of "
                + settings.rounds()
                + ", "
                + contender.id()
                + inMillis(times));
      }
      Collections.rotate(order, 1);
    }
    return samples;
  }

  private static String inMillis(Map<Work, Long> times) {
    StringBuilder text = new StringBuilder();
    times.forEach(
        (work, nanos) ->
            text.append(' ').append(work.id()).append(' ').append(Report.millis(nanos)));
    return text.toString();
  }

  private String namespace() {
    String name = "bench-" + ++namespaces;
    Tools.makeNamespace(name);
    return name;
  }

  /** Removes the last one made, and gives the kernel the time to free what it held. */
  private void removeNamespace() {
    Tools.run("ip", "netns", "delete", "bench-" + namespaces);
    pause(SETTLING_MILLIS);
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits until no more code is being compiled, as far as that can be seen. */
  private static void awaitCompiler() {
    CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
    if (compiler == null || !compiler.isCompilationTimeMonitoringSupported()) {
      return;
    }
    long before = -1;
    for (int i = 0; i < 60 && compiler.getTotalCompilationTime() != before; i++) {
      before = compiler.getTotalCompilationTime();
      pause(500);
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
    setting.put("clock", settings.clock());
    setting.put(
        "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    setting.put("ipvsadm", Tools.run("ipvsadm", "--version").split("\n", 2)[0]);
    setting.put("rounds", Integer.toString(settings.rounds()));
    setting.put("turns before", Integer.toString(settings.warmUps()));
    return setting;
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
