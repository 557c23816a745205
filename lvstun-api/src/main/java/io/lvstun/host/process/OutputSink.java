// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

/** Takes what a program writes to one of its outputs, on the thread that reads it. */
public interface OutputSink {

  /**
   * Takes some bytes.
   *
   * @param buffer holds them; it is used again
   * @param offset where they begin
   * @param length how many
   * @return false to kill the program: what it writes is of no more interest
   * @throws InterruptedException if the thread is interrupted while it waits for room
   */
  boolean accept(byte[] buffer, int offset, int length) throws InterruptedException;

  /** Called once, when nothing more comes. */
  default void ended() {}
}
