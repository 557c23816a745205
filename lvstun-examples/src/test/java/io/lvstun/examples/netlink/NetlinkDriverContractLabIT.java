// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.netlink;

import io.lvstun.examples.lab.Lab;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.contract.IpvsDriverContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract of drivers, kept by the netlink driver on the lab's kernel. */
final class NetlinkDriverContractLabIT extends IpvsDriverContract {

  private LabNamespace namespace;
  private IpvsDriver driver;

  @BeforeEach
  void open() {
    namespace = new LabNamespace();
    driver = namespace.driver();
  }

  @AfterEach
  void close() {
    driver.close();
    namespace.close();
  }

  @Override
  public IpvsDriver driver() {
    return driver;
  }

  @Override
  public IpvsDriver another() {
    return namespace.driver();
  }

  @Override
  public boolean hasScheduler(String name) {
    // The newest of them came with Linux 5.12; the lab's kernels have all.
    return Lab.here();
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
