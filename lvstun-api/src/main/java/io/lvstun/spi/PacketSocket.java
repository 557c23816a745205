// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * Captures packets on the devices of one network namespace, and sends packets built from the IP
 * header up. It stays in the namespace it was opened in, whichever thread uses it. Not thread-safe.
 *
 * @since 0.1.0
 */
public interface PacketSocket extends AutoCloseable {

  /**
   * Waits for a packet that the filter lets through.
   *
   * @param wait how long, at most
   * @return the packet; empty if there was none
   * @throws io.lvstun.LvsException if the system refuses
   */
  Optional<CapturedPacket> receive(Duration wait);

  /**
   * Sends a packet. The kernel finds the way; its packet filter sees it as it sees all that leaves
   * the host.
   *
   * @param destination where to, as in the packet
   * @param packet from the IP header on, from the buffer's position to its limit. The kernel fills
   *     the header's checksum in, for IPv4
   * @throws io.lvstun.PermissionException if the packet filter of this host drops it
   * @throws io.lvstun.LvsException if there is no way there, or the system refuses otherwise
   */
  void send(InetAddress destination, ByteBuffer packet);

  /**
   * Returns the name of a device.
   *
   * @param index its index, as in {@link CapturedPacket#device()}
   * @return its name; empty if there is no such device any more
   */
  Optional<String> deviceName(int index);

  /**
   * Returns how many packets were lost since the last call because they came faster than they were
   * taken.
   *
   * @return 0 or more
   */
  long lost();

  /** Closes the socket. Doing it twice does no harm. */
  @Override
  void close();
}
