// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import io.lvstun.memory.MemoryDriver;
import io.lvstun.spi.IpvsDriver;
import org.junit.jupiter.api.AfterEach;

final class MemoryDriverContractTest extends IpvsDriverContract {

  private final MemoryDriver driver = MemoryDriver.open();

  @AfterEach
  void close() {
    driver.close();
  }

  @Override
  public IpvsDriver driver() {
    return driver;
  }

  @Override
  public IpvsDriver another() {
    return driver.sibling();
  }

  @Override
  public boolean hasScheduler(String name) {
    return true;
  }

  @Override
  public String networkInterface() {
    return "eth0";
  }

  @Override
  public boolean reportsErrno() {
    return true;
  }
}
