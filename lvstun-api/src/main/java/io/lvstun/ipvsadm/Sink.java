// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

/** Takes what a process writes to one of its outputs, from the thread that reads it. */
interface Sink {

  /**
   * Takes some bytes.
   *
   * @param buffer holds them at its beginning; it is used again
   * @param length how many
   * @return false to end the process: what it says is of no more interest
   * @throws InterruptedException if the thread is interrupted while it waits for room
   */
  boolean accept(byte[] buffer, int length) throws InterruptedException;

  /** Learns that nothing more comes. */
  default void ended() {}
}
