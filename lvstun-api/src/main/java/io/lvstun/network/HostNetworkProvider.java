// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import io.lvstun.DriverOptions;

/**
 * Opens the network of a host; found by {@link java.util.ServiceLoader}.
 *
 * @since 0.1.0
 */
public interface HostNetworkProvider {

  /**
   * Opens the network of a namespace.
   *
   * @param options namespace and deadline
   * @return the network
   * @throws io.lvstun.LvsException if it does not work here: the reason says why, the hint how to
   *     go on
   */
  HostNetwork open(DriverOptions options);
}
