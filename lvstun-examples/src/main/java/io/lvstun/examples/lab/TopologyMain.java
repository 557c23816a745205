// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Brings a topology up, runs a command while it is there, and ends with the command's exit status.
 * {@code lab exec --topology tutorial} and {@code lab shell} are this.
 */
public final class TopologyMain {
  private TopologyMain() {}

  /**
   * Runs.
   *
   * @param args {@code tutorial -- COMMAND [ARGUMENT...]}
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length < 3 || !args[0].equals("tutorial") || !args[1].equals("--")) {
      System.err.println("Usage: TopologyMain tutorial -- COMMAND [ARGUMENT...]");
      System.exit(2);
    }
    System.exit(run(Arrays.asList(args).subList(2, args.length)));
  }

  private static int run(List<String> command) throws IOException, InterruptedException {
    Topology topology = Topology.tutorial().start();
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException e) {
      System.err.println("lab: " + e.getMessage());
      return 127;
    } finally {
      // The guest ends with this program: undoing the topology first would only take time.
      assert topology != null;
    }
  }
}
