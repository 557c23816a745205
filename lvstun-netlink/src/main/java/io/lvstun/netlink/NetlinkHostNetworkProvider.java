// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink;

import io.lvstun.DriverOptions;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.netlink.route.NetlinkHostNetwork;
import io.lvstun.network.HostNetwork;
import io.lvstun.network.HostNetworkProvider;

/**
 * Opens the network of a host through rtnetlink: links, addresses, tunnels, routes and rules
 * without a program to start.
 *
 * <p>It needs Linux on a 64-bit machine and JNA's library, as {@link NetlinkDriverProvider} does,
 * but not IPVS.
 *
 * <p>Stateless and thread-safe. Found by {@link java.util.ServiceLoader}; applications call {@link
 * HostNetwork#open()}.
 *
 * @since 0.1.0
 */
public final class NetlinkHostNetworkProvider implements HostNetworkProvider {

  /** Makes a provider. */
  public NetlinkHostNetworkProvider() {}

  /**
   * Opens the network of a namespace. No socket is opened yet: reading needs no privilege.
   *
   * @param options namespace and deadline
   * @return the network
   * @throws PermissionException without CAP_SYS_ADMIN for another namespace
   * @throws NotFoundException if there is no such namespace
   * @throws LvsException if this is not Linux or JNA's library cannot be loaded; the hint says how
   *     to go on
   */
  @Override
  public HostNetwork open(DriverOptions options) {
    return new NetlinkHostNetwork(NetlinkDriverProvider.source(options), options.deadline());
  }
}
