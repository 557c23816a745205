// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What to collect of a host, and within what limits.
 *
 * @param routeTargets addresses to ask the host's routes for: virtual addresses and real servers
 * @param marks firewall marks to ask the same routes for, 1 to 4294967295
 * @param returns the ways back to ask for, each from a virtual address to a client
 * @param sample time between the two samples of the counters, 0 to 10 minutes, whole seconds; 2
 *     seconds by default, as IPVS refreshes its figures every 2 seconds
 * @param deadline how long all of it may take, besides the sample; 30 seconds by default
 * @param maxOutput bytes that are taken from the host; 32 MiB by default
 * @since 0.1.0
 */
public record CollectionRequest(
    Set<InetAddress> routeTargets,
    Set<Long> marks,
    Set<WayBack> returns,
    Duration sample,
    Duration deadline,
    int maxOutput) {

  /** No routes, the default limits. */
  public static final CollectionRequest DEFAULTS =
      new CollectionRequest(
          Set.of(), Set.of(), Set.of(), Duration.ofSeconds(2), Duration.ofSeconds(30), 32 << 20);

  /**
   * Checks the request and copies the sets, keeping their order.
   *
   * @throws IllegalArgumentException if a limit or a mark is out of range
   */
  public CollectionRequest {
    routeTargets = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(routeTargets));
    marks = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(marks));
    returns = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(returns));
    for (long mark : marks) {
      if (mark < 1 || mark > 0xffff_ffffL) {
        throw new IllegalArgumentException("mark must be 1 to 4294967295, not " + mark);
      }
    }
    if (sample.isNegative()
        || sample.compareTo(Duration.ofMinutes(10)) > 0
        || sample.toNanosPart() != 0) {
      throw new IllegalArgumentException(
          "sample must be 0 to 10 min, in whole seconds, not " + sample);
    }
    if (deadline.compareTo(Duration.ofMillis(100)) < 0
        || deadline.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("deadline must be 100 ms to 1 h, not " + deadline);
    }
    if (maxOutput < 4096) {
      throw new IllegalArgumentException("maxOutput must be at least 4096, not " + maxOutput);
    }
  }

  /**
   * Returns a copy with other routes to ask for.
   *
   * @param targets the addresses
   * @return the copy
   */
  public CollectionRequest routeTargets(Collection<InetAddress> targets) {
    return new CollectionRequest(
        new LinkedHashSet<>(targets), marks, returns, sample, deadline, maxOutput);
  }

  /**
   * Returns a copy with other marks.
   *
   * @param marks the firewall marks
   * @return the copy
   * @throws IllegalArgumentException if a mark is out of range
   */
  public CollectionRequest marks(Collection<Long> marks) {
    return new CollectionRequest(
        routeTargets, new LinkedHashSet<>(marks), returns, sample, deadline, maxOutput);
  }

  /**
   * Returns a copy with another time between the samples.
   *
   * @param sample the time
   * @return the copy
   * @throws IllegalArgumentException if it is out of range
   */
  public CollectionRequest sample(Duration sample) {
    return new CollectionRequest(routeTargets, marks, returns, sample, deadline, maxOutput);
  }

  /**
   * Returns a copy with another deadline.
   *
   * @param deadline how long collecting may take, besides the sample
   * @return the copy
   * @throws IllegalArgumentException if it is out of range
   */
  public CollectionRequest deadline(Duration deadline) {
    return new CollectionRequest(routeTargets, marks, returns, sample, deadline, maxOutput);
  }

  /**
   * Returns a copy with another bound of what is taken from the host.
   *
   * @param bytes the bound
   * @return the copy
   * @throws IllegalArgumentException if it is below 4096
   */
  public CollectionRequest maxOutput(int bytes) {
    return new CollectionRequest(routeTargets, marks, returns, sample, deadline, bytes);
  }

  /**
   * Returns a copy with other ways back to ask for.
   *
   * @param ways each from a virtual address to a client
   * @return the copy
   */
  public CollectionRequest returns(Collection<WayBack> ways) {
    return new CollectionRequest(
        routeTargets, marks, new LinkedHashSet<>(ways), sample, deadline, maxOutput);
  }

  /**
   * The way of an answer: how the host routes a packet with this source to this destination.
   *
   * @param virtual the source, a virtual address
   * @param client the destination
   * @since 0.1.0
   */
  public record WayBack(InetAddress virtual, InetAddress client) {}
}
