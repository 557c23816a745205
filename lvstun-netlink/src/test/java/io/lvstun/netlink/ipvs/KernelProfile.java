// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.AddressFamily;
import io.lvstun.Director;
import io.lvstun.NetworkNamespace;
import io.lvstun.Plan;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.socket.CallCost;
import io.lvstun.netlink.socket.KernelSocketSource;
import io.lvstun.netlink.socket.SocketSource;
import io.lvstun.spi.HeldNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells where the time of reading, applying and changing one weight goes, in a JVM that has done it
 * before, and that of applying in one that is started for it. {@code lab bench --profile} starts
 * this, in a guest whose clock counts instructions.
 *
 * <p>The times in sockets are taken around each call; what of them is the way through JNA comes
 * from calls that do nothing, here and in C. Decoding is timed by itself, with datagrams that were
 * recorded. The collector tells its times itself. What is left is lists, maps, locks and the rest.
 * A new JVM is timed from outside, as far as each of some stages.
 */
public final class KernelProfile {

  private static final int WEIGHT_CHANGES = 2000;
  private static final int WEIGHTS_BEFORE = 20_000;

  /** What {@code -Xlog:gc} writes into the file that the property names. */
  private static final Path COLLECTOR_LOG = Path.of(System.getProperty("lvstun.profile.gc", ""));

  private static final Pattern PAUSE = Pattern.compile("Pause.* ([0-9.]+)ms$");

  private static final List<String> FIRST_COMPILER =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final int READINGS = 10;
  private static final int DECODINGS = 200;

  private final Path floor;
  private final int services;
  private final int servers;
  private final List<VirtualService> table;
  private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();
  private double clockNanos;
  private double jnaWrite;
  private double jnaRecv;
  private int namespaces;

  private KernelProfile(Path floor, int services, int servers) {
    this.floor = floor;
    this.services = services;
    this.servers = servers;
    table = ProfileTable.of(services, servers);
  }

  /**
   * Profiles, and prints a table and the same as JSON, on a line of its own.
   *
   * @param arguments the program {@code floor}; services; servers of each; rounds before; rounds
   * @throws IOException if a program cannot be run
   */
  public static void main(String[] arguments) throws IOException {
    KernelProfile profile =
        new KernelProfile(
            Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    profile.run(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
  }

  private void run(int before, int rounds) throws IOException {
    for (int i = 0; i < before; i++) {
      round(false);
    }
    clockNanos = clock();
    for (int i = 0; i < 3; i++) {
      // The last one counts: the first ones are compiled meanwhile.
      Map<String, Double> c = floor("calls");
      jnaWrite = CallCost.ofWrite() - c.getOrDefault("write", 0.0);
      jnaRecv = CallCost.ofRecv() - c.getOrDefault("recv", 0.0);
    }
    Path archive = floor.resolveSibling("profile.jsa");
    if (cold("apply", List.of("-XX:ArchiveClassesAtExit=" + archive)) <= 0) {
      throw new IllegalStateException("no time passed");
    }
    for (int i = 0; i < rounds; i++) {
      floorRound();
      round(true);
      coldRound(archive);
    }
    print(rounds);
  }

  private static double clock() {
    long from = System.nanoTime();
    long last = from;
    for (int i = 0; i < 100_000; i++) {
      last = System.nanoTime();
    }
    return (last - from) / 100_000.0;
  }

  // -- the floor ----------------------------------------------------------------------------------

  private void floorRound() throws IOException {
    Map<String, Double> c = floor("apply", "read", "verified", "weight");
    note("apply", "floor", c.get("apply"));
    note("read", "floor", c.get("read"));
    note("read", "floor that verifies", c.get("verified"));
    note("weight", "floor", c.get("weight"));
  }

  private Map<String, Double> floor(String... works) throws IOException {
    List<String> command = new ArrayList<>(List.of(floor.toString(), "--netns", namespace()));
    command.add(services + "x" + servers);
    command.addAll(Arrays.asList(works));
    Map<String, Double> times = new LinkedHashMap<>();
    for (String line : output(command).split("\n", -1)) {
      int blank = line.indexOf(' ');
      if (blank > 0) {
        times.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)));
      }
    }
    return times;
  }

  private static String output(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException("failed: " + command);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return output;
  }

  private String namespace() throws IOException {
    String name = "profile-" + ++namespaces;
    output(List.of("ip", "netns", "add", name));
    output(List.of("ip", "-n", name, "link", "set", "lo", "up"));
    return name;
  }

  // -- a new JVM ----------------------------------------------------------------------------------

  private void coldRound(Path archive) throws IOException {
    for (String stage : List.of("start", "load", "open", "values", "apply")) {
      note("new JVM", stage, cold(stage, List.of()));
    }
    note("new JVM", "apply, first compiler only", cold("apply", FIRST_COMPILER));
    List<String> archived = List.of("-XX:SharedArchiveFile=" + archive);
    note("new JVM", "apply, class archive", cold("apply", archived));
    List<String> both = new ArrayList<>(archived);
    both.addAll(FIRST_COMPILER);
    note("new JVM", "apply, both", cold("apply", both));
  }

  /** Times a process of the same class path, with what it takes to start and to end it. */
  private double cold(String stage, List<String> options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(floor.resolveSibling("stopwatch").toString(), "--netns", namespace(), "--"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ColdStage.class.getName());
    command.addAll(List.of(stage, Integer.toString(services), Integer.toString(servers)));
    return Double.parseDouble(output(command).strip());
  }

  // -- the library --------------------------------------------------------------------------------

  private void round(boolean counts) throws IOException {
    HeldNamespace namespace = HeldNamespace.open(NetworkNamespace.named(namespace()), "netlink");
    TimedSockets sockets =
        new TimedSockets(new KernelSocketSource(namespace, 1024 * 1024), clockNanos);
    try (Director director =
        Director.on(
            new NetlinkDriver(
                sockets, Duration.ofSeconds(10), System.getProperty("os.version", "")))) {
      Timed planning = new Timed(sockets);
      Plan plan = director.plan(table);
      planning.end();
      Timed writing = new Timed(sockets);
      director.apply(plan);
      writing.end();
      if (counts) {
        note("apply", "in all", planning.nanos + writing.nanos);
        note("apply", "system calls", planning.kernel() + writing.kernel());
        note("apply", "JNA", planning.jna + writing.jna);
        note("apply", "collector", planning.collector + writing.collector);
        note("apply", "planning", planning.own());
        note("apply", "encoding, outcomes and lists", writing.own());
        note("apply", "calls", (double) (planning.calls + writing.calls));
      }
      read(director, sockets, counts);
      weigh(director, sockets, counts);
      director.flush();
    }
  }

  private void read(Director director, TimedSockets sockets, boolean counts) {
    // Some in a row: the collector comes now and then.
    Timed reading = new Timed(sockets);
    for (int i = 0; i < READINGS; i++) {
      if (director.services().size() != services) {
        throw new IllegalStateException("not all services");
      }
    }
    reading.end();
    sockets.record(true);
    int found = director.services().size();
    sockets.record(false);
    double decoding = decode(sockets.recorded, counts ? DECODINGS : 20);
    if (counts && found == services) {
      double n = READINGS;
      note("read", "in all", reading.nanos / n);
      note("read", "system calls", reading.kernel() / n);
      note("read", "JNA", reading.jna / n);
      note("read", "collector", reading.collector / n);
      note("read", "opening a socket for the second list", reading.opening / n);
      note("read", "decoding into objects", decoding);
      note("read", "requests, lists and the rest", reading.own() / n - decoding);
      note("read", "calls", reading.calls / n);
    }
  }

  /** The least time to decode what was recorded: the collector is not in that. */
  private static double decode(List<byte[]> datagrams, int times) {
    List<ByteBuffer> buffers =
        datagrams.stream()
            .map(bytes -> ByteBuffer.allocateDirect(bytes.length).put(bytes))
            .toList();
    MessageReader reader = new MessageReader();
    Decoder decoder = new Decoder(new TunnelSupport("6.1.0"));
    long least = Long.MAX_VALUE;
    int decoded = 0;
    for (int i = 0; i < times; i++) {
      long from = System.nanoTime();
      for (ByteBuffer datagram : buffers) {
        reader.reset(datagram, datagram.capacity());
        while (reader.next()) {
          if (reader.type() <= SocketSource.GENERIC) {
            // Not of IPVS: the end, or where the family is.
            continue;
          }
          Object record =
              reader.genericCommand() == Ipvs.IPVS_CMD_NEW_SERVICE
                  ? decoder.service(reader)
                  : decoder.server(reader, AddressFamily.IPV4);
          decoded += record == null ? 0 : 1;
        }
      }
      least = Math.min(least, System.nanoTime() - from);
    }
    datagrams.clear();
    if (decoded == 0) {
      throw new IllegalStateException("nothing was recorded");
    }
    return least;
  }

  private void weigh(Director director, TimedSockets sockets, boolean counts) {
    ServiceKey service = ProfileTable.weighedService();
    RealServer server = ProfileTable.weighedServer(servers);
    RealServer other = server.weight(2);
    for (int i = 0; i < (counts ? 1000 : WEIGHTS_BEFORE); i++) {
      director.editRealServer(service, i % 2 == 0 ? other : server);
    }
    Timed changing = new Timed(sockets);
    for (int i = 0; i < WEIGHT_CHANGES; i++) {
      director.editRealServer(service, i % 2 == 0 ? other : server);
    }
    changing.end();
    if (counts) {
      double n = WEIGHT_CHANGES;
      note("weight", "in all", changing.nanos / n);
      note("weight", "system calls", changing.kernel() / n);
      note("weight", "JNA", changing.jna / n);
      note("weight", "collector", changing.collector / n);
      note("weight", "encoding, outcomes and locks", changing.own() / n);
      note("weight", "calls", changing.calls / n);
    }
  }

  /** A piece of work, from when it is made until its end. */
  private final class Timed {

    private final TimedSockets sockets;
    private final double collectorBefore = collected();
    private final long from;
    double nanos;
    double inSockets;
    double jna;
    double collector;
    double opening;
    int calls;

    Timed(TimedSockets sockets) {
      this.sockets = sockets;
      sockets.reset();
      from = System.nanoTime();
    }

    void end() {
      nanos = System.nanoTime() - from - sockets.clockNanos();
      calls = sockets.calls();
      inSockets = sockets.nanos();
      jna = sockets.shortCalls * jnaWrite + sockets.longCalls * jnaRecv;
      opening = sockets.openNanos;
      collector = (collected() - collectorBefore) * 1e6;
    }

    double kernel() {
      return inSockets - jna;
    }

    double own() {
      return nanos - inSockets - opening - collector;
    }
  }

  /** Milliseconds in which the collector has stopped all others, by its log. */
  private static double collected() {
    double millis = 0;
    try {
      for (String line : Files.readAllLines(COLLECTOR_LOG)) {
        Matcher pause = PAUSE.matcher(line);
        if (pause.find()) {
          millis += Double.parseDouble(pause.group(1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return millis;
  }

  // -- what came of it ----------------------------------------------------------------------------

  private void note(String work, String what, @Nullable Double value) {
    if (value == null) {
      throw new IllegalStateException("no " + what + " of " + work);
    }
    figures
        .computeIfAbsent(work, name -> new LinkedHashMap<>())
        .computeIfAbsent(what, name -> new ArrayList<>())
        .add(value);
  }

  private void print(int rounds) {
    StringBuilder text = new StringBuilder();
    StringBuilder json = new StringBuilder("JSON {");
    json.append(
        String.format(
            Locale.ROOT,
            "\"kernel\": \"%s\", \"java\": \"%s\", \"rounds\": %d, \"services\": %d, \"servers\":"
                + " %d, \"jna_write\": %.0f, \"jna_recv\": %.0f",
            System.getProperty("os.version"),
            System.getProperty("java.vm.version"),
            rounds,
            services,
            servers,
            jnaWrite,
            jnaRecv));
    text.append(
        String.format(
            Locale.ROOT, "JNA: write() %.0f, recv() %.0f more than in C%n", jnaWrite, jnaRecv));
    figures.forEach(
        (work, parts) -> {
          text.append(work).append('\n');
          json.append(", \"").append(work).append("\": {");
          String comma = "";
          for (Map.Entry<String, List<Double>> part : parts.entrySet()) {
            double median = median(part.getValue());
            text.append(String.format(Locale.ROOT, "  %-34s %,16.0f%n", part.getKey(), median));
            json.append(String.format(Locale.ROOT, "%s\"%s\": %.0f", comma, part.getKey(), median));
            comma = ", ";
          }
          json.append('}');
        });
    System.out.print(text);
    System.out.println(json.append('}'));
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
