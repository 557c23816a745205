// SPDX-License-Identifier: Apache-2.0
package io.lvstun.memory;

import io.lvstun.DriverOptions;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;

/**
 * Makes in-memory drivers, if one is asked for by the name {@code memory}. Each has empty tables of
 * its own.
 *
 * @since 0.1.0
 */
public final class MemoryDriverProvider implements IpvsDriverProvider {

  /** Called by {@link java.util.ServiceLoader}. */
  public MemoryDriverProvider() {}

  @Override
  public String name() {
    return MemoryDriver.NAME;
  }

  @Override
  public int priority() {
    return -1;
  }

  @Override
  public IpvsDriver open(DriverOptions options) {
    return MemoryDriver.builder().deadline(options.deadline()).open();
  }
}
