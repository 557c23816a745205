// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.RealServer;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Limits that kernels of the same version enforce or not, depending on their patch level. Every
 * driver applies them before it asks the kernel, so that a command has the same outcome, in the
 * same words, on every kernel.
 *
 * <p>Today there is one: an upper threshold above 2<sup>31</sup>-1. Linux 6.1.176 takes it and
 * 6.1.192 refuses it with EINVAL, as does 6.12 ({@code ip_vs_add_dest} and {@code ip_vs_edit_dest}
 * in {@code net/netfilter/ipvs/ip_vs_ctl.c}).
 *
 * @since 0.1.0
 */
public final class KernelLimits {

  private KernelLimits() {}

  /**
   * Returns the refusal of a command that only some patch levels of a kernel take.
   *
   * @param driver the driver's name
   * @param command the command
   * @return the refusal, which has no {@link LvsException#code()} because no kernel was asked;
   *     empty if the command may be sent
   */
  public static Optional<LvsException> refusal(String driver, Command command) {
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(driver, "driver");
    RealServer server =
        command instanceof Command.AddServer add
            ? add.server()
            : command instanceof Command.EditServer edit ? edit.server() : null;
    if (server == null || server.upperThreshold() <= Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return Optional.of(
        new LvsException(
            new LvsException.Failure(
                command.operation(),
                command.target(),
                driver,
                "upper threshold must be 0 to 2147483647, not " + server.upperThreshold(),
                OptionalInt.empty(),
                "Some kernel patch levels accept a higher value, others refuse it: use at most"
                    + " 2147483647")));
  }
}
