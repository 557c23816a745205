// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.control;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.HalfOpenCheck;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.Pace;
import io.lvstun.health.TcpCheck;
import io.lvstun.health.Thresholds;
import io.lvstun.health.runner.CheckRunner;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks real servers from within a host: through the tunnel and at their own addresses, every
 * second, and prints each change of health. Ends when its input does.
 */
final class TunnelCheckProbe {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofMillis(800);

  private TunnelCheckProbe() {}

  /**
   * Runs it.
   *
   * @param args VIP, GUE port, and for each server its name, its address and {@code ipip}, {@code
   *     gue} or {@code gre}
   */
  public static void main(String[] args) throws IOException {
    InetAddress vip = IpAddress.parse(args[0]);
    HealthPolicy policy =
        new HealthPolicy(new Thresholds(1, 1, 1, 1), Pace.every(PERIOD), true, false, false);
    List<CheckRunner.Subscription> all = new ArrayList<>();
    try (CheckRunner runner = CheckRunner.start()) {
      for (int i = 2; i < args.length; i += 3) {
        String name = args[i];
        ServerKey server = ServerKey.of(args[i + 1], 80);
        Encapsulation encapsulation =
            switch (args[i + 2]) {
              case "gue" -> Encapsulation.gue(Integer.parseInt(args[1]));
              case "gre" -> Encapsulation.gre();
              default -> Encapsulation.ipip();
            };
        CheckPath tunnel = CheckPath.tunnel(vip, 80, encapsulation);
        for (HealthCheck check :
            List.of(
                new HalfOpenCheck(tunnel, TIMEOUT),
                new TcpCheck(CheckPath.direct(), Duration.ofSeconds(5)))) {
          String way = check instanceof HalfOpenCheck ? " tunnel " : " direct ";
          all.add(
              runner.watch(
                  server,
                  check,
                  policy,
                  (key, asked, step) ->
                      step.transition()
                          .ifPresent(
                              each ->
                                  System.out.println(
                                      name + way + each.to() + " " + each.evidence().detail()))));
        }
      }
      while (System.in.read() >= 0) {}
    }
  }
}
