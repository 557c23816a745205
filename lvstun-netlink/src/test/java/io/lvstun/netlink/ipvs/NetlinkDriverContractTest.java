// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.contract.IpvsDriverContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/** The driver's contract on a kernel in memory: every command and read through real messages. */
final class NetlinkDriverContractTest extends IpvsDriverContract {

  private final FakeKernel kernel = new FakeKernel();
  private final NetlinkDriver driver = new NetlinkDriver(kernel, Duration.ofSeconds(5), "6.12.1");

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
    return new NetlinkDriver(kernel, Duration.ofSeconds(5), "6.12.1");
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
