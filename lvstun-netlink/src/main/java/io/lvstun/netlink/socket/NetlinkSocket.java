// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import java.nio.ByteBuffer;

/**
 * A netlink socket that is connected to the kernel: the seam at which tests put a scripted kernel.
 *
 * <p>Not thread-safe. The kernel carries a request out while it is being sent: by the time {@link
 * #send} returns, the answer is in the queue, or what fits of it.
 */
public interface NetlinkSocket extends AutoCloseable {

  /**
   * Returns the address that the kernel sends answers to.
   *
   * @return the port id, unique in the network namespace
   */
  int portId();

  /**
   * Returns how many bytes the kernel queues for reading, with its own overhead (about 770 an
   * acknowledgement).
   *
   * @return SO_RCVBUF
   */
  int receiveQueueBytes();

  /**
   * Returns how many bytes a datagram may have.
   *
   * @return a little less than SO_SNDBUF
   */
  int longestDatagram();

  /**
   * Sends a datagram.
   *
   * @param datagram a direct buffer, from 0 to its position
   * @throws SystemCallException if the kernel does not take it; then none of it was carried out
   */
  void send(ByteBuffer datagram);

  /**
   * Receives a datagram if there is one.
   *
   * @param into a direct buffer, filled from 0 on; its position and limit are left alone
   * @return the datagram's length, which exceeds the buffer's capacity if it was cut off; negative
   *     error number if there is none: {@code -EAGAIN} for an empty queue, {@code -ENOBUFS} once
   *     after answers were lost
   */
  int receive(ByteBuffer into);

  /**
   * Receives a datagram like {@link #receive} that is known to be shorter than the buffer: an
   * acknowledgement or an error.
   *
   * @param into a direct buffer, filled from 0 on; its position and limit are left alone
   * @return as {@link #receive}; a datagram that fills the buffer counts as cut off
   */
  default int receiveShort(ByteBuffer into) {
    return receive(into);
  }

  /**
   * Receives a datagram like {@link #receive}, and perhaps the one behind it, which the next call
   * of either method then returns. For dumps: they end with a datagram that is there as soon as the
   * one before has been received.
   *
   * @param into a direct buffer, filled from 0 on; its position and limit are left alone
   * @return as {@link #receive}
   */
  default int receiveAhead(ByteBuffer into) {
    return receive(into);
  }

  /**
   * Waits until there is something to receive.
   *
   * @param milliseconds how long at most
   * @return false if the time passed first
   */
  boolean await(int milliseconds);

  /** Closes the socket. The kernel drops what was queued. */
  @Override
  void close();
}
