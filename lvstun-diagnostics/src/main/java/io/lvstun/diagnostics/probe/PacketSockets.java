// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.LvsException;
import io.lvstun.spi.PacketSocketProvider;
import java.util.OptionalInt;
import java.util.ServiceLoader;

/**
 * Where packet sockets come from.
 *
 * @since 0.1.0
 */
public final class PacketSockets {

  private PacketSockets() {}

  /**
   * Returns the provider that is there.
   *
   * @throws LvsException if there is none
   */
  public static PacketSocketProvider provider() {
    return ServiceLoader.load(PacketSocketProvider.class)
        .findFirst()
        .orElseThrow(
            () ->
                new LvsException(
                    new LvsException.Failure(
                        "open a packet socket",
                        "",
                        "doctor",
                        "there is nothing that opens packet sockets",
                        OptionalInt.empty(),
                        "Add lvstun-netlink to the application.")));
  }
}
