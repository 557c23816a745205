// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static java.lang.System.Logger.Level.DEBUG;

import io.lvstun.Director;
import io.lvstun.DrainReport;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.LongConnection;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A server is taken out of service without cutting off anybody who is connected. */
public final class GracefulDrainExample {

  private static final ServiceKey WEB = ServiceKey.tcp("192.168.1.200", 80);
  private static final ServerKey LEAVING = ServerKey.of("192.168.2.101", 80);

  private GracefulDrainExample() {}

  /**
   * Runs the example.
   *
   * @param args {@code --help} tells
   */
  public static void main(String[] args) {
    runner().runAndExit(args);
  }

  static ExampleRunner runner() {
    return new ExampleRunner(
        GracefulDrainExample.class,
        "Takes a server out of service when its last connection has ended.",
        Topology::tutorial,
        GracefulDrainExample::play);
  }

  // tag::drain[]
  /** Takes a real server out when nobody is connected to it any more, or the time is up. */
  static DrainReport drain(
      Director director, ServiceKey service, ServerKey server, Duration patience) {
    return director.drain(
        service, server, patience, progress -> System.getLogger("drain").log(DEBUG, progress));
  }

  // end::drain[]

  private static String play(Stage stage) throws InterruptedException {
    try (Director director = stage.openDirector()) {
      director.apply(
          VirtualService.tcp("192.168.1.200", 80)
              .scheduler(Scheduler.RR)
              .addRealServer("192.168.2.101")
              .tunnel()
              .addRealServer("192.168.3.102")
              .tunnel());
      CompletableFuture<DrainReport> draining;
      try (LongConnection first = stage.cluster().client().connect(stage.cluster().vip(), 80);
          LongConnection second = stage.cluster().client().connect(stage.cluster().vip(), 80)) {
        LongConnection stays = first.server().equals("rs1") ? first : second;
        stage.expect(stays.server().equals("rs1"), "rs1 got none of two connections");
        stage.say("A client is connected to rs1; rs1 is to leave.");

        draining =
            CompletableFuture.supplyAsync(
                () -> drain(director, WEB, LEAVING, Duration.ofMinutes(2)));
        awaitWeightZero(stage, director, draining);
        Map<String, Integer> newcomers = stage.ask(4);
        stage.say("New connections while it drains: " + newcomers);
        stage.expect(newcomers.equals(Map.of("rs2", 4)), "rs1 still takes new connections");
        stage.say("The connected client asks again, and hears from " + stays.server());
        stage.expect(!draining.isDone(), "rs1 was removed while a client was connected");
      }
      stage.say("The client is gone.");
      DrainReport report = draining.join();
      stage.say("Drained: " + report);
      stage.expect(report.drained(), "rs1 was removed with connections left");
      VirtualService left = director.find(WEB).orElseThrow().definition();
      stage.say("Now the service is: " + left);
      stage.expect(left.realServers().size() == 1, "rs1 is still there");
      return "rs1 left when its last connection had ended; nobody was cut off.";
    }
  }

  private static void awaitWeightZero(
      Stage stage, Director director, CompletableFuture<DrainReport> draining)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (director.find(WEB).orElseThrow().definition().realServers().stream()
        .noneMatch(server -> server.key().equals(LEAVING) && server.weight() == 0)) {
      stage.expect(!draining.isDone() && System.nanoTime() < deadline, "rs1 did not get weight 0");
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}
