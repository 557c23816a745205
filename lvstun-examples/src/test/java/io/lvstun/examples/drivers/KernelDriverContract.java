// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.spi.DriverOptions;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import io.lvstun.spi.contract.IpvsDriverContract;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * The contract on the lab's kernel. The tests of a driver share a network namespace, which takes an
 * emulated processor about a second to make; each begins with a new driver on emptied tables.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KernelDriverContract extends IpvsDriverContract {

  private static final Map<String, Boolean> SCHEDULERS = new ConcurrentHashMap<>();

  private final DirectorNamespace namespace = new DirectorNamespace();
  private final IpvsDriverProvider provider;
  private IpvsDriver driver;

  KernelDriverContract(IpvsDriverProvider provider) {
    this.provider = provider;
    this.driver = another();
    driver.close();
  }

  @BeforeEach
  final void openDriver() {
    driver = another();
    Tables.reset(driver);
  }

  @AfterEach
  final void closeDriver() {
    driver.close();
  }

  @AfterAll
  final void deleteNamespace() {
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
