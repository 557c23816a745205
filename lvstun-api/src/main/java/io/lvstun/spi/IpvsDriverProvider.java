// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.DriverOptions;

/**
 * Opens drivers of one kind; found by {@link java.util.ServiceLoader}.
 *
 * @since 0.1.0
 */
public interface IpvsDriverProvider {

  /**
   * Returns the name that applications choose the driver by.
   *
   * @return for example {@code "netlink"}
   */
  String name();

  /**
   * Ranks the driver: of those that work, the highest is chosen.
   *
   * @return 100 for netlink, 50 for ipvsadm; negative for a driver that is used only if named
   */
  int priority();

  /**
   * Opens a driver, after a request that proves that it works here.
   *
   * @param options namespace and deadline
   * @return the driver
   * @throws io.lvstun.LvsException if it does not work here: the reason says why, the hint how to
   *     go on
   */
  IpvsDriver open(DriverOptions options);
}
