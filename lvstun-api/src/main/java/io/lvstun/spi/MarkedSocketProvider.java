// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Opens TCP connections that carry a firewall mark or are bound to a device, which the JDK cannot;
 * found by {@link java.util.ServiceLoader}. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public interface MarkedSocketProvider {

  /**
   * A connection that is wanted.
   *
   * @param target where to
   * @param source from which address; empty for what routing chooses
   * @param sourcePort from which port, 0 for any
   * @param device by which device, empty for what routing chooses
   * @param mark the firewall mark of its packets, 0 for none
   * @since 0.1.0
   */
  record Request(
      InetSocketAddress target,
      Optional<InetAddress> source,
      int sourcePort,
      String device,
      long mark) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the port, the device's name or the mark is out of range
     */
    public Request {
      if (sourcePort < 0 || sourcePort > 65535) {
        throw new IllegalArgumentException("source port must be 0 to 65535, not " + sourcePort);
      }
      if (device.length() > 15) {
        throw new IllegalArgumentException(
            "device must have at most 15 characters, not \"" + device + '"');
      }
      if (mark < 0 || mark > 0xffff_ffffL) {
        throw new IllegalArgumentException("mark must be 0 to 4294967295, not " + mark);
      }
    }
  }

  /**
   * Connects in the calling thread's network namespace.
   *
   * @param request the connection
   * @param deadline how long it may take
   * @return the connection
   * @throws io.lvstun.PermissionException without CAP_NET_ADMIN for a mark, or CAP_NET_RAW for a
   *     device
   * @throws io.lvstun.LvsException with the error's number if there is no connection
   */
  MarkedSocket connect(Request request, Duration deadline);
}
