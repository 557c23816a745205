// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.List;
import java.util.Objects;

/**
 * The complete IPVS configuration of a network namespace: enough to restore it. Counters and
 * connections are not included.
 *
 * @param services the virtual services with their real servers
 * @param timeouts the connection time-outs
 * @param syncDaemons none, one, or one of each role
 * @since 0.1.0
 */
public record Snapshot(
    List<VirtualService> services, Timeouts timeouts, List<SyncDaemon> syncDaemons) {

  /** Copies the lists. */
  public Snapshot {
    Objects.requireNonNull(services, "services");
    Objects.requireNonNull(syncDaemons, "syncDaemons");
    Objects.requireNonNull(timeouts, "timeouts");
    services = List.copyOf(services);
    syncDaemons = List.copyOf(syncDaemons);
  }
}
