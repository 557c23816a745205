// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.ApplyException;
import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process of its own with a director, which does what it is told line by line. */
final class WriterProcess implements AutoCloseable {

  static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);

  private final Process process;
  private final BufferedReader answers;

  /**
   * Starts a writer.
   *
   * @param driver name of the driver
   * @param namespace name of the network namespace
   * @param deadline of the director
   * @param lockFolder where the writer lock is; empty for none
   */
  WriterProcess(String driver, String namespace, Duration deadline, String lockFolder) {
    try {
      process =
          new ProcessBuilder(
                  System.getProperty("java.home") + "/bin/java",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  WriterProcess.class.getName(),
                  driver,
                  namespace,
                  Long.toString(deadline.toMillis()),
                  lockFolder)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  long pid() {
    return process.pid();
  }

  /** Tells the process what to do: {@code replace 2}, {@code apply 1} or {@code hold}. */
  void tell(String order) {
    try {
      process.getOutputStream().write((order + '\n').getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the answer: {@code ready}, {@code done}, {@code holds} or what was thrown. */
  String answer() {
    try {
      String line = answers.readLine();
      return line == null ? "ended" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process as {@code kill -9} does. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  /** What a writer wants: different servers, schedulers and a service of its own. */
  static List<VirtualService> wish(int number) {
    VirtualService web = WEB.scheduler(number % 2 == 0 ? Scheduler.RR : Scheduler.WRR);
    for (int server = number; server < number + 4; server++) {
      web = web.addRealServer("198.51.100." + server).weight(number).tunnel();
    }
    return List.of(web, VirtualService.udp("192.0.2.1", 53 + number).scheduler(Scheduler.RR));
  }

  /** Runs a writer. */
  public static void main(String[] args) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Director.Builder builder =
        Director.builder()
            .driver(args[0])
            .networkNamespace(args[1])
            .deadline(Duration.ofMillis(Long.parseLong(args[2])));
    if (!args[3].isEmpty()) {
      builder.writerLock(Path.of(args[3]));
    }
    try (Director director = builder.open()) {
      out.println("ready");
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        out.println(carryOut(director, order.split(" ", -1), out));
      }
    }
  }

  private static String carryOut(Director director, String[] order, PrintStream out) {
    try {
      switch (order[0]) {
        case "replace" -> director.replaceAll(wish(Integer.parseInt(order[1])));
        case "apply" -> director.apply(wish(Integer.parseInt(order[1])));
        default ->
            director.edit(
                WEB.key(),
                present -> {
                  out.println("holds");
                  return never();
                });
      }
      return "done";
    } catch (ApplyException e) {
      return (e.report().differing().isEmpty() ? "failed " : "differs ") + e.getMessage();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  private static VirtualService never() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new IllegalStateException("nobody killed the holder");
  }
}
