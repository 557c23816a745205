// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink;

import io.lvstun.netlink.socket.KernelSocketSource;
import io.lvstun.netlink.socket.KernelStreamSocket;
import io.lvstun.spi.MarkedSocket;
import io.lvstun.spi.MarkedSocketProvider;
import java.time.Duration;

/**
 * Opens TCP connections with a firewall mark or bound to a device, natively. Needs CAP_NET_ADMIN
 * for a mark, and CAP_NET_RAW for a device. Found by {@link java.util.ServiceLoader}. Stateless and
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class KernelMarkedSockets implements MarkedSocketProvider {

  /** Makes a provider. */
  public KernelMarkedSockets() {}

  @Override
  public MarkedSocket connect(Request request, Duration deadline) {
    try {
      KernelSocketSource.load();
    } catch (LinkageError e) {
      throw NativeLibraryFailure.explain(e);
    }
    return new KernelStreamSocket(request, deadline);
  }
}
