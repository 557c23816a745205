// SPDX-License-Identifier: Apache-2.0
package app;

import io.lvstun.Director;
import io.lvstun.LvsException;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;

/** A stranger's program: knows the api alone, and opens each driver by its name. */
public final class Consumer {

  private Consumer() {}

  public static void main(String[] names) {
    VirtualService web =
        VirtualService.tcp("192.168.1.200", 80)
            .scheduler(Scheduler.RR)
            .addRealServer("192.168.2.101")
            .tunnel();
    try (Director director = Director.builder().driver("memory").open()) {
      director.apply(web);
      director.services().forEach(System.out::println);
    }
    for (String name : names) {
      try (Director director = Director.builder().driver(name).open()) {
        System.out.println(name + ": " + director.info());
      } catch (LvsException e) {
        System.out.println(name + ": " + e);
      }
    }
  }
}
