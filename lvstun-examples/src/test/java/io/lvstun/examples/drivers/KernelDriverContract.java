// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.DriverOptions;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import io.lvstun.spi.contract.IpvsDriverContract;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;

/** The contract on the lab's kernel, each test in a network namespace of its own. */
abstract class KernelDriverContract extends IpvsDriverContract {

  private static final Map<String, Boolean> SCHEDULERS = new ConcurrentHashMap<>();

  private final DirectorNamespace namespace = new DirectorNamespace();
  private final IpvsDriverProvider provider;
  private final IpvsDriver driver;

  KernelDriverContract(IpvsDriverProvider provider) {
    this.provider = provider;
    this.driver = another();
  }

  @AfterEach
  final void close() {
    driver.close();
    namespace.close();
  }

  @Override
  public final IpvsDriver driver() {
    return driver;
  }

  @Override
  public final IpvsDriver another() {
    return provider.open(
        new DriverOptions(Optional.of(namespace.namespace()), Duration.ofSeconds(20)));
  }

  @Override
  public final boolean hasScheduler(String name) {
    return SCHEDULERS.computeIfAbsent(name, n -> DirectorNamespace.hasModule("ip_vs_" + n));
  }

  @Override
  public final String networkInterface() {
    return DirectorNamespace.INTERFACE;
  }
}
