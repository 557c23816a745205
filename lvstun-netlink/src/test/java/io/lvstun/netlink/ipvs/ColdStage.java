// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.Director;
import io.lvstun.netlink.socket.KernelSocketSource;
import java.util.List;

/**
 * Goes as far as it is told, in a JVM of its own: what a stage takes more than the one before is
 * what it costs to get there.
 */
public final class ColdStage {

  private ColdStage() {}

  /**
   * Does nothing, or loads JNA, opens a director, or makes a table too.
   *
   * @param arguments {@code start}, {@code load}, {@code open}, {@code values} or {@code apply};
   *     then the numbers of services and of servers each
   */
  public static void main(String[] arguments) {
    switch (arguments[0]) {
      case "start" -> {}
      case "load" -> KernelSocketSource.load();
      case "open" -> Director.builder().driver("netlink").open().close();
      case "values" -> {
        try (Director director = Director.builder().driver("netlink").open()) {
          if (director.driver().isEmpty() || ProfileTable.of(arguments).isEmpty()) {
            throw new IllegalStateException("nothing was made");
          }
        }
      }
      case "apply" -> {
        try (Director director = Director.builder().driver("netlink").open()) {
          director.apply(ProfileTable.of(arguments));
        }
      }
      default -> throw new IllegalArgumentException(List.of(arguments).toString());
    }
  }
}
