// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import io.lvstun.RealServer;
import java.util.Objects;
import java.util.Optional;

/**
 * What a virtual service does as its servers fail: quorum, sorry server, panic.
 *
 * @param quorum the least sum of weights of serving servers, 1 to 2147483647; what exceeds the sum
 *     of all weights counts as that sum
 * @param hysteresis by how much the sum must exceed the quorum to gain it, and may fall below it
 *     before it is lost, 0 to the quorum - 1
 * @param sorry the server that takes over without quorum; empty for none
 * @param sorryInhibits whether the sorry server stays in the table with weight 0 while it is not
 *     needed: keepalived's {@code sorry_server_inhibit}
 * @param sorryFirst whether the sorry server is added before the others are removed, and removed
 *     after they return. keepalived does the reverse, with a gap in both directions
 * @param panicShare the least share of serving servers, 0 (never) to 1; with fewer, all servers are
 *     used, since the checks rather than the servers are likely to be wrong
 * @param omega whether the service counts as lost when the program stops: keepalived's {@code
 *     omega}
 * @param suspends whether checks rest while the virtual address is not on this host: keepalived's
 *     {@code ha_suspend}
 * @since 0.1.0
 */
public record PoolPolicy(
    int quorum,
    int hysteresis,
    Optional<RealServer> sorry,
    boolean sorryInhibits,
    boolean sorryFirst,
    double panicShare,
    boolean omega,
    boolean suspends) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public PoolPolicy {
    HealthArgument.of("quorum", quorum, 1, Integer.MAX_VALUE);
    HealthArgument.of("hysteresis", hysteresis, 0, quorum - 1);
    Objects.requireNonNull(sorry, "sorry");
    HealthArgument.of("panic share", panicShare, 0, 1);
  }

  /**
   * Returns the library's default: quorum 1 without hysteresis, no sorry server, and all servers
   * are used when fewer than half of them serve (Envoy's panic threshold).
   *
   * @return the policy
   */
  public static PoolPolicy standard() {
    return new PoolPolicy(1, 0, Optional.empty(), false, true, 0.5, false, false);
  }

  /**
   * Returns keepalived's default: quorum 1 without hysteresis, no sorry server, no panic.
   *
   * @return the policy
   */
  public static PoolPolicy keepalived() {
    return new PoolPolicy(1, 0, Optional.empty(), false, false, 0, false, false);
  }

  /**
   * Returns a copy with another quorum. A hysteresis that is not below the quorum counts as the
   * quorum - 1, as in keepalived.
   *
   * @param quorum sum of weights, 1 to 2147483647
   * @param hysteresis 0 or more
   * @return a copy
   */
  public PoolPolicy quorum(int quorum, int hysteresis) {
    HealthArgument.of("hysteresis", hysteresis, 0, Integer.MAX_VALUE);
    HealthArgument.of("quorum", quorum, 1, Integer.MAX_VALUE);
    int bounded = Math.min(hysteresis, quorum - 1);
    return new PoolPolicy(
        quorum, bounded, sorry, sorryInhibits, sorryFirst, panicShare, omega, suspends);
  }

  /**
   * Returns a copy with a sorry server.
   *
   * @param server the server that takes over without quorum
   * @return a copy
   */
  public PoolPolicy sorry(RealServer server) {
    Objects.requireNonNull(server, "server");
    return new PoolPolicy(
        quorum,
        hysteresis,
        Optional.of(server),
        sorryInhibits,
        sorryFirst,
        panicShare,
        omega,
        suspends);
  }

  /**
   * Returns a copy with another panic share.
   *
   * @param share 0 (never) to 1
   * @return a copy
   */
  public PoolPolicy panicShare(double share) {
    return new PoolPolicy(
        quorum, hysteresis, sorry, sorryInhibits, sorryFirst, share, omega, suspends);
  }

  /**
   * Returns whether the service has its quorum. It gains it at quorum + hysteresis, and loses it
   * below quorum - hysteresis or without any server. Source: keepalived, {@code ipwrapper.c}.
   *
   * @param had whether it had it before
   * @param serving the sum of the weights of serving servers, 0 or more
   * @param configured the sum of the configured weights of all servers, 0 or more
   * @return whether it has it
   */
  public boolean hasQuorum(boolean had, long serving, long configured) {
    if (serving <= 0) {
      return false;
    }
    long effective = Math.max(1, Math.min(quorum, configured));
    long slack = Math.min(hysteresis, effective - 1);
    return had
        ? serving >= effective - slack
        : serving >= Math.min(effective + slack, Math.max(effective, configured));
  }

  /**
   * Returns whether so few servers serve that all are to be used.
   *
   * @param serving how many serve, 0 or more
   * @param all how many there are, 0 or more
   * @return whether it is a panic
   */
  public boolean panics(int serving, int all) {
    return all > 0 && panicShare > 0 && serving < Math.ceil(panicShare * all);
  }
}
