// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static io.lvstun.Scheduler.WLC;

import io.lvstun.Director;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.Topology;
import io.lvstun.host.Host;
import io.lvstun.network.MarkAllocator;
import io.lvstun.steering.ClientPacket;
import io.lvstun.steering.GeoDatabase;
import io.lvstun.steering.Match;
import io.lvstun.steering.Pool;
import io.lvstun.steering.Steering;
import io.lvstun.steering.SteeringMap;
import io.lvstun.steering.SteeringState;
import io.lvstun.steering.SteeringTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Clients from Beijing and Shanghai are served in their city, everybody else in Beijing. */
public final class GeographyExample {

  private static final String BEIJING = "10.0.0.100";
  private static final String SHANGHAI = "10.0.0.200";

  private GeographyExample() {}

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
        GeographyExample.class,
        "Sends clients to the servers of their city, by a database of places.",
        Topology::tutorial,
        GeographyExample::play);
  }

  private static String play(Stage stage) {
    stage.cluster().client().run("ip", "address", "add", SHANGHAI + "/32", "dev", "eth0");
    Host host = Host.netns(stage.cluster().director().name());
    Path file = database();
    try (Director director = stage.openDirector()) {
      // tag::steering[]
      Steering web =
          Steering.tcp(
                  "192.168.1.200",
                  80,
                  Pool.of("beijing", s -> s.scheduler(WLC).addRealServer("192.168.2.101").tunnel()))
              .pool(Pool.of("shanghai", s -> s.addRealServer("192.168.3.102").tunnel()))
              .send(Match.subdivisions("CN-SH"), "shanghai");

      GeoDatabase places = GeoDatabase.open(file);
      SteeringMap map = SteeringMap.of(web, List.of(places), MarkAllocator.of(0x1000, 256));

      director.apply(map.services().toArray(VirtualService[]::new)); // one a pool, by mark
      SteeringState marked = SteeringTable.on(host).apply(map); // in one transaction
      // end::steering[]
      stage.say(web);
      map.services().forEach(stage::say);
      stage.say("packet marks: " + marked);
      stage.say("a client from Beijing:  " + map.explain(ClientPacket.from(BEIJING)));
      stage.say("a client from Shanghai: " + map.explain(ClientPacket.from(SHANGHAI)));

      expectAlways(stage, BEIJING, "rs1");
      expectAlways(stage, SHANGHAI, "rs2");
      return "Each client was served in its city.";
    } finally {
      SteeringTable.on(host).remove();
      delete(file);
    }
  }

  /** Places of the lab's private addresses, as a vendor would sell them of public ones. */
  private static Path database() {
    try (InputStream places = GeographyExample.class.getResourceAsStream("places.mmdb")) {
      Path file = Files.createTempFile("lvstun-places", ".mmdb");
      long unused =
          Files.copy(
              java.util.Objects.requireNonNull(places, "places.mmdb"),
              file,
              StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void expectAlways(Stage stage, String client, String server) {
    for (int i = 0; i < 3; i++) {
      String answer =
          stage
              .cluster()
              .client()
              .run(
                  "curl",
                  "-s",
                  "-S",
                  "--max-time",
                  "15",
                  "--interface",
                  client,
                  stage.cluster().vipUrl())
              .strip();
      stage.say("client " + client + " was answered by " + answer);
      stage.expect(answer.equals(server), client + " must be served by " + server);
    }
  }
}
