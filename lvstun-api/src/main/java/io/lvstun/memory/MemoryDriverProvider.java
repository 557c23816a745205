// SPDX-License-Identifier: Apache-2.0
package io.lvstun.memory;

import io.lvstun.DriverOptions;
import io.lvstun.LvsException;
import io.lvstun.UnsupportedException;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import java.util.OptionalInt;

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
    if (options.namespace().isPresent()) {
      throw new UnsupportedException(
          new LvsException.Failure(
              "open",
              options.namespace().get().toString(),
              MemoryDriver.NAME,
              "the memory driver has no network namespaces: each driver has tables of its own",
              OptionalInt.empty(),
              "Open it without a namespace, once for each namespace to simulate"));
    }
    return MemoryDriver.builder().deadline(options.deadline()).open();
  }
}
