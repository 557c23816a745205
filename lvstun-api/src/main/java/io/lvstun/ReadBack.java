// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import io.lvstun.spi.Aftermath;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.state.ServiceState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells from the table whether commands without an answer were carried out; reads once. */
final class ReadBack implements Aftermath.Readings {

  private final IpvsDriver driver;
  private final Map<ServiceKey, Optional<ServiceState>> present = new HashMap<>();

  ReadBack(IpvsDriver driver) {
    this.driver = driver;
  }

  /**
   * Looks at what a command changes.
   *
   * @return whether the table is as the command wants it; empty if that cannot be seen
   */
  Optional<Boolean> holds(Command command) {
    return switch (Aftermath.of(command, this)) {
      case DONE -> Optional.of(true);
      case NOT_DONE -> Optional.of(false);
      case UNKNOWN, WITHOUT_TRACE -> Optional.empty();
    };
  }

  @Override
  public List<ServiceState> services() {
    return driver.services(Consistency.VERIFIED);
  }

  @Override
  public Optional<ServiceState> service(ServiceKey key) {
    return present.computeIfAbsent(key, driver::service);
  }

  @Override
  public Timeouts timeouts() {
    return driver.timeouts();
  }

  @Override
  public List<SyncDaemon> syncDaemons() {
    return driver.syncDaemons();
  }
}
