// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

// tag::scheduler[]
import static io.lvstun.Scheduler.*;
// end::scheduler[]

import io.lvstun.Director;
import io.lvstun.Plan;
import io.lvstun.VirtualService;

/**
 * The shortest program that makes this host a director. Unlike the other examples it brings no
 * cluster: it works where it is started, as root. In the lab, {@code ip netns exec director java
 * ...} starts it on the tutorial's director.
 */
public final class GettingStartedExample {

  private GettingStartedExample() {}

  /**
   * Runs the example.
   *
   * @param args none
   */
  public static void main(String[] args) {
    // tag::service[]
    VirtualService web =
        VirtualService.tcp("192.168.1.200", 80)
            .scheduler(RR)
            .addRealServer("192.168.2.101")
            .tunnel()
            .addRealServer("192.168.3.102")
            .weight(2)
            .tunnel();
    // end::service[]

    // tag::director[]
    try (Director director = Director.open()) { // the best driver that works here
      Plan plan = director.plan(web); // what would change
      director.apply(plan); // or director.apply(web): plan and apply in one
      director.services().forEach(System.out::println);
    }
    // end::director[]
  }
}
