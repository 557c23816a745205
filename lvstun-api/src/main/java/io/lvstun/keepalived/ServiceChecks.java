// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.PoolPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The checks of a {@link VirtualServer} as the health checks of this library, with keepalived's
 * times, retries, quorum and sorry server.
 *
 * <p>Immutable.
 *
 * @param checks the checks of each real server, in the order of the file; a server that is missing
 *     has none and is always up
 * @param pool quorum, hysteresis, sorry server and omega
 * @param gaps what has no exact counterpart, in the order of the file
 * @since 0.1.0
 */
public record ServiceChecks(
    Map<ServerKey, List<ServerCheck>> checks, PoolPolicy pool, List<Gap> gaps) {

  /**
   * A check of a real server.
   *
   * @param check what is asked
   * @param policy when, and how often it must fail
   * @since 0.1.0
   */
  public record ServerCheck(HealthCheck check, HealthPolicy policy) {
    /** Checks that nothing is missing. */
    public ServerCheck {
      Objects.requireNonNull(policy, "policy");
      Objects.requireNonNull(check, "check");
    }
  }

  /**
   * Something of keepalived's checks that this library does not do, or does differently.
   *
   * @param server the real server
   * @param checker the checker as keepalived has it
   * @param reason what differs
   * @since 0.1.0
   */
  public record Gap(ServerKey server, Checker checker, String reason) {
    /** Checks that nothing is missing. */
    public Gap {
      Objects.requireNonNull(server, "server");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(checker, "checker");
    }

    /** Returns one line: server, kind of checker and reason. */
    @Override
    public String toString() {
      return server + ": " + checker.getClass().getSimpleName() + ": " + reason;
    }
  }

  /** Copies map and lists. */
  public ServiceChecks {
    Objects.requireNonNull(gaps, "gaps");
    Objects.requireNonNull(pool, "pool");
    Map<ServerKey, List<ServerCheck>> copy = new LinkedHashMap<>();
    checks.forEach((server, list) -> copy.put(server, List.copyOf(list)));
    checks = Collections.unmodifiableMap(copy);
    gaps = List.copyOf(gaps);
  }

  /**
   * Returns the checks of a virtual server.
   *
   * @param server the virtual server as keepalived manages it
   * @return the checks; what cannot be checked the same way is among the gaps
   */
  public static ServiceChecks of(VirtualServer server) {
    Map<ServerKey, List<ServerCheck>> all = new LinkedHashMap<>();
    List<Gap> gaps = new ArrayList<>();
    for (RealServer real : server.service().realServers()) {
      ServerKey key = real.key();
      List<ServerCheck> own = new ArrayList<>();
      for (Checker checker : server.checks(key).checkers()) {
        CheckTranslation translation =
            new CheckTranslation(
                server, key, checker, reason -> gaps.add(new Gap(key, checker, reason)));
        translation
            .check()
            .map(check -> new ServerCheck(check, translation.policy()))
            .ifPresent(own::add);
      }
      if (!own.isEmpty()) {
        all.put(key, own);
      }
    }
    return new ServiceChecks(all, pool(server), gaps);
  }

  /** A quorum above every possible sum of 32-bit weights is as far away as the greatest one. */
  private static PoolPolicy pool(VirtualServer server) {
    PoolPolicy base = PoolPolicy.keepalived();
    return new PoolPolicy(
        (int) Math.min(server.quorum(), Integer.MAX_VALUE),
        (int) Math.min(server.hysteresis(), Math.min(server.quorum(), Integer.MAX_VALUE) - 1),
        server.sorryServer(),
        server.sorryServerInhibit(),
        base.sorryFirst(),
        base.panicShare(),
        server.omega(),
        base.suspends());
  }
}
