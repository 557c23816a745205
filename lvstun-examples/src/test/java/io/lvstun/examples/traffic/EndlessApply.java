// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import io.lvstun.Director;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import java.util.ArrayList;
import java.util.List;

/** A program that changes a large table all the time, to be killed in the middle of it. */
final class EndlessApply {

  static final int SERVICES = 300;

  private EndlessApply() {}

  /** Says {@code turn 1}, {@code turn 2} and so on, after each change, and never ends. */
  public static void main(String[] args) {
    try (Director director = Director.builder().driver("netlink").open()) {
      for (int turn = 1; ; turn++) {
        director.replaceAll(table(turn));
        System.out.println("turn " + turn);
      }
    }
  }

  /** A table; that of the next turn shares a third of the services, with other servers. */
  static List<VirtualService> table(int turn) {
    List<VirtualService> services = new ArrayList<>();
    for (int i = 0; i < SERVICES; i++) {
      int port = i % 3 == 0 ? 1000 + i : 1000 + i + turn % 2 * SERVICES;
      services.add(
          VirtualService.tcp("192.168.1.200", port)
              .scheduler(turn % 2 == 0 ? Scheduler.RR : Scheduler.WRR)
              .addRealServer(RealServer.tunnel("192.168.2.101").weight(1 + turn % 7))
              .addRealServer(RealServer.tunnel("192.168." + (3 + turn % 2) + ".102")));
    }
    return services;
  }
}
