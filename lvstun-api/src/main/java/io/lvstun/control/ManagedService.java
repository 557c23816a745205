// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.health.PoolPolicy;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A virtual service as desired while every real server is healthy, and the policy for when some are
 * not.
 *
 * <p>Immutable: each method returns a copy. Equality is by content.
 *
 * @since 0.1.0
 */
public final class ManagedService {

  private static final Duration LONGEST_SLOW_START = Duration.ofHours(1);

  /** Small enough that one serving server is no panic in pools of up to a hundred. */
  private static final double NONE_SERVES = 0.01;

  private static final PoolPolicy DEFAULT_POOL = PoolPolicy.standard().panicShare(NONE_SERVES);

  private final VirtualService service;
  private final PoolPolicy pool;
  private final Duration slowStart;

  private ManagedService(VirtualService service, PoolPolicy pool, Duration slowStart) {
    this.service = service;
    this.pool = pool;
    this.slowStart = slowStart;
  }

  /**
   * Returns a service without sorry server and slow start, whose real servers are all used when
   * none is healthy.
   *
   * @param service the service with its real servers at the weights they have when healthy
   * @return the managed service
   */
  public static ManagedService of(VirtualService service) {
    return new ManagedService(
        Objects.requireNonNull(service, "service"), DEFAULT_POOL, Duration.ZERO);
  }

  /**
   * Returns a copy of another virtual service with the same options.
   *
   * @param service the service
   * @return a copy
   * @throws IllegalArgumentException if a real server of it is the sorry server
   */
  public ManagedService service(VirtualService service) {
    return new ManagedService(Objects.requireNonNull(service, "service"), pool, slowStart)
        .pool(pool);
  }

  /**
   * Returns a copy with another policy for quorum, sorry server and panic. The sorry server is
   * always added before the others are removed, and removed after they are back, whatever {@link
   * PoolPolicy#sorryFirst()} says: the other order has a moment without any server.
   *
   * @param policy the policy; by default no sorry server, and all servers are used when none serves
   * @return a copy
   * @throws IllegalArgumentException if the sorry server does not fit the service, has weight 0, or
   *     is one of the service's real servers
   */
  public ManagedService pool(PoolPolicy policy) {
    Optional<RealServer> sorry = policy.sorry();
    if (sorry.isEmpty()) {
      return new ManagedService(service, policy, slowStart);
    }
    if (sorry.get().weight() == 0) {
      throw new IllegalArgumentException(
          "sorry server " + sorry.get().key() + " must have a weight of at least 1, not 0");
    }
    RealServer whole = service.withoutRealServers().addRealServer(sorry.get()).realServers().get(0);
    for (RealServer other : service.realServers()) {
      if (other.key().equals(whole.key())) {
        throw new IllegalArgumentException(
            "sorry server " + whole.key() + " is a real server of " + service.key() + " already");
      }
    }
    return new ManagedService(service, policy.sorry(whole), slowStart);
  }

  /**
   * Returns a copy whose real servers, when they join or come back, start at a tenth of their
   * weight, at least 1, and rise to all of it in a straight line.
   *
   * @param window how long that takes, 0 to 1 hour, default 0: at once
   * @return a copy
   * @throws IllegalArgumentException if out of range
   */
  public ManagedService slowStart(Duration window) {
    if (window.isNegative() || window.compareTo(LONGEST_SLOW_START) > 0) {
      throw new IllegalArgumentException("slow start must take 0 to 1 hour, not " + window);
    }
    return new ManagedService(service, pool, window);
  }

  /**
   * Returns what identifies the service.
   *
   * @return the key
   */
  public ServiceKey key() {
    return service.key();
  }

  /**
   * Returns the service as it is when every real server is healthy.
   *
   * @return the service
   */
  public VirtualService service() {
    return service;
  }

  /**
   * Returns the policy for quorum, sorry server and panic.
   *
   * @return the policy
   */
  public PoolPolicy pool() {
    return pool;
  }

  /**
   * Returns how long a new or returned real server takes to get its whole weight.
   *
   * @return 0 by default
   */
  public Duration slowStart() {
    return slowStart;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ManagedService that
        && service.equals(that.service)
        && pool.equals(that.pool)
        && slowStart.equals(that.slowStart);
  }

  @Override
  public int hashCode() {
    return Objects.hash(service, pool, slowStart);
  }

  /** Returns the service's line, with the sorry server and the slow start if there are. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(service.toString());
    pool.sorry().ifPresent(sorry -> text.append(" sorry ").append(sorry));
    if (!slowStart.isZero()) {
      text.append(" slow start ").append(slowStart.toSeconds()).append(" s");
    }
    return text.toString();
  }
}
