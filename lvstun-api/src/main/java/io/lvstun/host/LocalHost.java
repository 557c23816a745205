// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.DriverOptions;
import java.util.Optional;

/** The machine and network namespace of this process. */
final class LocalHost implements Host {

  static final LocalHost INSTANCE = new LocalHost();

  private LocalHost() {}

  @Override
  public String specification() {
    return "local";
  }

  @Override
  public String label() {
    return "local";
  }

  @Override
  public CommandResult run(HostCommand command) {
    return BoundedProcess.run(this, command, command.arguments(), command.inputBytes());
  }

  @Override
  public Optional<DriverOptions> driverOptions() {
    return Optional.of(DriverOptions.defaults());
  }

  @Override
  public String toString() {
    return specification();
  }
}
