// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink;

import io.lvstun.LvsException;
import io.lvstun.NetworkNamespace;
import io.lvstun.PermissionException;
import io.lvstun.netlink.socket.KernelSocketSource;
import io.lvstun.netlink.socket.SystemCallException;
import io.lvstun.spi.FilterInstruction;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.PacketSocket;
import io.lvstun.spi.PacketSocketProvider;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Opens packet sockets of Linux ({@code AF_PACKET}). Needs CAP_NET_RAW, and CAP_SYS_ADMIN too to
 * enter another network namespace. Found by {@link java.util.ServiceLoader}. Stateless and
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class KernelPacketSockets implements PacketSocketProvider {

  private static final String NAME = "packet socket";
  private static final String OPERATION = "open a packet socket";
  private static final int MIN_KEPT = 64;
  private static final int MAX_KEPT = 65535;

  /** Makes a provider. */
  public KernelPacketSockets() {}

  @Override
  public PacketSocket open(
      Optional<NetworkNamespace> namespace, List<FilterInstruction> filter, int kept) {
    if (filter.isEmpty() || filter.size() > MAX_INSTRUCTIONS) {
      throw new IllegalArgumentException(
          "filter must have 1 to " + MAX_INSTRUCTIONS + " instructions, not " + filter.size());
    }
    if (kept < MIN_KEPT || kept > MAX_KEPT) {
      throw new IllegalArgumentException(
          "kept must be " + MIN_KEPT + " to " + MAX_KEPT + ", not " + kept);
    }
    if (!System.getProperty("os.name", "").equals("Linux")) {
      throw new LvsException(
          NetlinkDriverProvider.failure(
              "packet sockets need Linux", "Run this on a Linux host, or on a host over ssh"));
    }
    try {
      KernelSocketSource.load();
    } catch (LinkageError e) {
      throw NativeLibraryFailure.explain(e);
    }
    try (KernelSocketSource source = NetlinkDriverProvider.source(namespace, 0)) {
      return source.openPacketSocket(filter, kept);
    } catch (SystemCallException e) {
      boolean permission = e.errno() == KernelError.EPERM.number();
      LvsException.Failure failure =
          new LvsException.Failure(
              OPERATION,
              namespace.map(NetworkNamespace::toString).orElse(""),
              NAME,
              permission ? "not permitted" : String.valueOf(e.getMessage()),
              OptionalInt.of(e.errno()),
              permission ? "It needs CAP_NET_RAW: run as root." : "");
      throw permission ? new PermissionException(failure) : new LvsException(failure, e);
    }
  }
}
