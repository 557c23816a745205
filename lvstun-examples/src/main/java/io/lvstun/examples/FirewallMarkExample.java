// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.CommandResult;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.List;

/** Clients go to the servers of their region: the firewall marks, IPVS dispatches by mark. */
public final class FirewallMarkExample {

  // tag::marks[]
  /** Marks a connection's packets by where the client is. For nft -f. */
  static final String MARKS =
      """
      table inet regions {
        chain prerouting {
          type filter hook prerouting priority mangle
          ip daddr 192.168.1.200 tcp dport 80 meta mark set 2
          ip daddr 192.168.1.200 tcp dport 80 ip saddr 10.0.0.0/25 meta mark set 1
        }
      }
      """;

  // end::marks[]

  private static final String NORTHERN_CLIENT = "10.0.0.100";
  private static final String SOUTHERN_CLIENT = "10.0.0.200";

  private FirewallMarkExample() {}

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
        FirewallMarkExample.class,
        "Sends clients to the servers of their region, by firewall marks.",
        Topology::tutorial,
        FirewallMarkExample::play);
  }

  private static String play(Stage stage) {
    CommandResult unused =
        stage
            .cluster()
            .director()
            .execWithInput(MARKS, Duration.ofSeconds(30), List.of("nft", "-f", "-"))
            .orThrow();
    stage.cluster().client().run("ip", "addr", "add", SOUTHERN_CLIENT + "/32", "dev", "eth0");
    try (Director director = stage.openDirector()) {
      // tag::mark-services[]
      VirtualService north =
          VirtualService.fwmark(1).scheduler(Scheduler.RR).addRealServer("192.168.2.101").tunnel();
      VirtualService south =
          VirtualService.fwmark(2).scheduler(Scheduler.RR).addRealServer("192.168.3.102").tunnel();
      director.apply(north, south);
      // end::mark-services[]
      director.services().forEach(stage::say);

      expectAlways(stage, NORTHERN_CLIENT, "rs1");
      expectAlways(stage, SOUTHERN_CLIENT, "rs2");
      return "Each client was served in its region.";
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
