// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A virtual service with the checks of its real servers, as keepalived manages it.
 *
 * <p>Immutable.
 *
 * @param service the service and its real servers
 * @param checks the checks by real server; one that is missing is always up
 * @param timers the timers that real servers inherit
 * @param quorum the least sum of weights of the servers that are up, 1 to 4294967295; by default 1
 * @param hysteresis how much more it takes to gain the quorum, and less to lose it; less than the
 *     quorum
 * @param omega whether the end of keepalived counts as the end of servers and quorum for commands
 * @param inhibitOnFailure whether a failure makes a server's weight 0 instead of removing it
 * @param sorryServer the server that serves while there is no quorum
 * @param sorryServerInhibit whether the sorry server stays with weight 0 while it is not needed
 * @since 0.1.0
 */
public record VirtualServer(
    VirtualService service,
    Map<ServerKey, ServerChecks> checks,
    CheckTimers timers,
    long quorum,
    long hysteresis,
    boolean omega,
    boolean inhibitOnFailure,
    Optional<RealServer> sorryServer,
    boolean sorryServerInhibit) {

  /**
   * Copies the map and checks the values.
   *
   * @throws IllegalArgumentException if a value is out of range, checks belong to a server that the
   *     service does not have, or the sorry server does not fit the service
   */
  public VirtualServer {
    Objects.requireNonNull(checks, "checks");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(sorryServer, "sorryServer");
    timers.retry().ifPresent(value -> Checked.range("retry", value, 1, Integer.MAX_VALUE));
    Checked.range("quorum", quorum, 1, 0xffff_ffffL);
    Checked.range("hysteresis", hysteresis, 0, quorum - 1);
    Set<ServerKey> servers =
        service.realServers().stream().map(RealServer::key).collect(Collectors.toSet());
    checks =
        checks.entrySet().stream()
            .filter(entry -> !entry.getValue().equals(ServerChecks.NONE))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    for (ServerKey key : checks.keySet()) {
      if (!servers.contains(key)) {
        throw new IllegalArgumentException(
            "checks are given for " + key + ", which " + service.key() + " does not have");
      }
    }
    sorryServer = sorryServer.map(server -> fitted(service, server));
  }

  private static RealServer fitted(VirtualService service, RealServer server) {
    VirtualService alone =
        VirtualService.observed(
            service.key(), Scheduler.WLC, service.persistence().orElse(null), false, List.of());
    return alone.addRealServer(server).realServers().get(0);
  }

  /**
   * Returns a service without checks.
   *
   * @param service the service and its real servers
   * @return the value
   */
  public static VirtualServer of(VirtualService service) {
    return new VirtualServer(
        service, Map.of(), CheckTimers.INHERITED, 1, 0, false, false, Optional.empty(), false);
  }

  /**
   * Returns the checks of a real server.
   *
   * @param server its address and port
   * @return the checks, {@link ServerChecks#NONE} if there are none
   */
  public ServerChecks checks(ServerKey server) {
    Objects.requireNonNull(server, "server");
    return checks.getOrDefault(server, ServerChecks.NONE);
  }

  /**
   * Returns a copy in which every real server of now has the same checks.
   *
   * @param checkers the checks; all of them must pass
   * @return a copy
   */
  public VirtualServer checkEach(Checker... checkers) {
    Objects.requireNonNull(checkers, "checkers");
    return checks(
        service.realServers().stream()
            .collect(Collectors.toMap(RealServer::key, server -> ServerChecks.of(checkers))));
  }

  /**
   * Returns a copy with other timers.
   *
   * @param edit makes the new value from the old one
   * @return a copy
   */
  public VirtualServer timers(UnaryOperator<CheckTimers> edit) {
    return timers(edit.apply(timers));
  }

  /**
   * Returns a copy with another service.
   *
   * @param service the service and its real servers
   * @return a copy
   * @throws IllegalArgumentException if checks belong to a server that it does not have
   */
  public VirtualServer service(VirtualService service) {
    return new VirtualServer(
        service,
        checks,
        timers,
        quorum,
        hysteresis,
        omega,
        inhibitOnFailure,
        sorryServer,
        sorryServerInhibit);
  }

  /**
   * Returns a copy with another set of checks.
   *
   * @param checks the checks by real server
   * @return a copy
   * @throws IllegalArgumentException if checks belong to a server that the service does not have
   */
  public VirtualServer checks(Map<ServerKey, ServerChecks> checks) {
    return new VirtualServer(
        service,
        checks,
        timers,
        quorum,
        hysteresis,
        omega,
        inhibitOnFailure,
        sorryServer,
        sorryServerInhibit);
  }

  /**
   * Returns a copy with another set of timers.
   *
   * @param timers the timers that real servers inherit
   * @return a copy
   */
  public VirtualServer timers(CheckTimers timers) {
    return new VirtualServer(
        service,
        checks,
        timers,
        quorum,
        hysteresis,
        omega,
        inhibitOnFailure,
        sorryServer,
        sorryServerInhibit);
  }

  /**
   * Returns a copy with another quorum.
   *
   * @param quorum 1 to 4294967295
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public VirtualServer quorum(long quorum) {
    return new VirtualServer(
        service,
        checks,
        timers,
        quorum,
        hysteresis,
        omega,
        inhibitOnFailure,
        sorryServer,
        sorryServerInhibit);
  }

  /**
   * Returns a copy with another hysteresis.
   *
   * @param hysteresis 0 to less than the quorum
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public VirtualServer hysteresis(long hysteresis) {
    return new VirtualServer(
        service,
        checks,
        timers,
        quorum,
        hysteresis,
        omega,
        inhibitOnFailure,
        sorryServer,
        sorryServerInhibit);
  }

  /**
   * Returns a copy with another choice.
   *
   * @param omega whether commands are run at the end too
   * @return a copy
   */
  public VirtualServer omega(boolean omega) {
    return new VirtualServer(
        service,
        checks,
        timers,
        quorum,
        hysteresis,
        omega,
        inhibitOnFailure,
        sorryServer,
        sorryServerInhibit);
  }

  /**
   * Returns a copy with another reaction to failures.
   *
   * @param inhibitOnFailure true for weight 0, false for removal
   * @return a copy
   */
  public VirtualServer inhibitOnFailure(boolean inhibitOnFailure) {
    return new VirtualServer(
        service,
        checks,
        timers,
        quorum,
        hysteresis,
        omega,
        inhibitOnFailure,
        sorryServer,
        sorryServerInhibit);
  }

  /**
   * Returns a copy with another sorry server.
   *
   * @param sorryServer the server that serves while there is no quorum
   * @return a copy
   * @throws IllegalArgumentException if it does not fit the service
   */
  public VirtualServer sorryServer(RealServer sorryServer) {
    Objects.requireNonNull(sorryServer, "sorryServer");
    return new VirtualServer(
        service,
        checks,
        timers,
        quorum,
        hysteresis,
        omega,
        inhibitOnFailure,
        Optional.of(sorryServer),
        sorryServerInhibit);
  }

  /**
   * Returns a copy with another choice.
   *
   * @param sorryServerInhibit whether the sorry server stays with weight 0 while it is not needed
   * @return a copy
   */
  public VirtualServer sorryServerInhibit(boolean sorryServerInhibit) {
    return new VirtualServer(
        service,
        checks,
        timers,
        quorum,
        hysteresis,
        omega,
        inhibitOnFailure,
        sorryServer,
        sorryServerInhibit);
  }
}
