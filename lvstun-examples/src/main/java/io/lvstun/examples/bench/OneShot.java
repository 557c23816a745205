// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import io.lvstun.Director;

/**
 * One piece of work in a JVM of its own, in the network namespace of the process: {@code OneShot
 * WORK SHAPE}, with WORK one of {@code apply}, {@code read}, {@code weight}, {@code replaced}.
 */
public final class OneShot {

  private OneShot() {}

  /**
   * Does the work.
   *
   * @param arguments the work and the shape
   */
  public static void main(String[] arguments) {
    Shape shape = Shape.parse(arguments[1]);
    try (Director director = Director.builder().driver("netlink").open()) {
      switch (arguments[0]) {
        case "apply" -> director.apply(shape.wanted(false));
        case "replaced" -> director.apply(shape.wanted(true));
        case "read" -> System.out.println(director.services().size());
        case "weight" ->
            director.editRealServer(shape.weighedService(), shape.weighedServer().weight(7));
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }
}
