// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import java.util.Arrays;

/**
 * What a call of the C library takes that does nothing: the way there and back, and a system call
 * that fails at once. {@code floor.c} takes the same time of the same calls, so that the difference
 * is the JVM's and JNA's.
 */
public final class CallCost {

  private static final int BLOCKS = 11;
  private static final int CALLS = 20_000;

  private CallCost() {}

  /**
   * Times {@code write} of no descriptor.
   *
   * @return nanoseconds a call
   */
  public static double ofWrite() {
    double[] blocks = new double[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      long from = System.nanoTime();
      for (int j = 0; j < CALLS; j++) {
        requireFailure(Libc.write(-1, 0, 0));
      }
      blocks[i] = (double) (System.nanoTime() - from) / CALLS;
    }
    return median(blocks);
  }

  /**
   * Times {@code recv} of no descriptor.
   *
   * @return nanoseconds a call
   */
  public static double ofRecv() {
    double[] blocks = new double[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      long from = System.nanoTime();
      for (int j = 0; j < CALLS; j++) {
        requireFailure(Libc.recv(-1, 0, 0, 0));
      }
      blocks[i] = (double) (System.nanoTime() - from) / CALLS;
    }
    return median(blocks);
  }

  private static void requireFailure(long result) {
    if (result != -1) {
      throw new IllegalStateException("there is no descriptor -1");
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
