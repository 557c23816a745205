// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import io.lvstun.Director;
import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.control.Controller;
import io.lvstun.control.HealthChecks;
import io.lvstun.control.ManagedService;
import io.lvstun.health.CheckPath;
import io.lvstun.health.HalfOpenCheck;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.HttpCheck;
import io.lvstun.health.HttpExchange;
import io.lvstun.health.runner.CheckRunner;
import java.io.IOException;
import java.time.Duration;

/**
 * An application on the director that keeps its service right by itself: two checks of each real
 * server, at its own address and through the tunnel, and a controller that follows them.
 */
final class EmbeddedApplication {

  private static final int PORT = 80;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private EmbeddedApplication() {}

  /**
   * Runs until its input ends, and prints each decision.
   *
   * @param args the virtual address, and the addresses of the real servers
   */
  public static void main(String[] args) throws IOException {
    String vip = args[0];
    VirtualService web = VirtualService.tcp(vip, PORT).scheduler(Scheduler.RR);
    for (int i = 1; i < args.length; i++) {
      web = web.addRealServer(args[i]).tunnel();
    }
    // tag::embedded[]
    HealthCheck page = HttpCheck.http(CheckPath.direct(), PATIENCE, HttpExchange.get("/"));
    HealthCheck tunnel =
        new HalfOpenCheck(
            CheckPath.tunnel(IpAddress.parse(vip), PORT, Encapsulation.ipip()), PATIENCE);
    HealthPolicy policy = HealthPolicy.riseAndFall(2, 2, Duration.ofSeconds(1));
    try (Director director = Director.open();
        CheckRunner runner = CheckRunner.start();
        Controller controller =
            Controller.builder(director)
                .period(Duration.ofSeconds(1))
                .listener(decision -> System.out.println(decision))
                .open();
        HealthChecks checks = new HealthChecks(controller, runner)) {
      ManagedService service = ManagedService.of(web);
      controller.want(service);
      checks.watch(service, "page", page, policy);
      checks.watch(service, "tunnel", tunnel, policy);
      while (System.in.read() >= 0) {}
    }
    // end::embedded[]
  }
}
