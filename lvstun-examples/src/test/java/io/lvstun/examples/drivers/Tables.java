// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import java.util.ArrayList;
import java.util.List;

/** Puts tables back to what they are when the kernel makes them. */
final class Tables {

  private static final Timeouts KERNELS_TIMEOUTS = Timeouts.ofSeconds(900, 120, 300);

  private Tables() {}

  static void reset(IpvsDriver driver) {
    List<Command> commands = new ArrayList<>();
    commands.add(new Command.Flush());
    commands.add(new Command.SetTimeouts(KERNELS_TIMEOUTS));
    for (SyncDaemon daemon : driver.syncDaemons()) {
      commands.add(new Command.StopDaemon(daemon.role()));
    }
    for (Outcome outcome : driver.execute(commands)) {
      LvsException error = outcome.error();
      if (error != null) {
        throw error;
      }
    }
  }
}
