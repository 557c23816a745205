// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.bundle;

import io.lvstun.LvsException;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import java.util.OptionalInt;

/** A host of which only the facts in a bundle are left. */
record BundledHost(String specification, String label) implements Host {

  @Override
  public CommandResult run(HostCommand command) {
    throw new HostException(
        new LvsException.Failure(
            "run a command",
            specification,
            "host",
            "these are facts from a bundle",
            OptionalInt.empty(),
            "Examine the host itself to do something on it."));
  }
}
