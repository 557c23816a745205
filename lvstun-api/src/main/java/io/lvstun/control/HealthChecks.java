// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.RealServer;
import io.lvstun.health.CheckState;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.ServerHealth;
import io.lvstun.health.runner.CheckRunner;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Runs health checks for a controller: their results add and remove servers and adjust weights.
 *
 * <p>Thread-safe. It uses a runner and a controller that stay the caller's to close, in any order:
 * once the controller is closed, results are dropped. Services that ask the same of the same server
 * share one check, which runs once for all of them. Want a service before its servers are watched:
 * the controller passes over what it hears of servers that it does not know.
 *
 * @since 0.1.0
 */
public final class HealthChecks implements AutoCloseable {

  private record Name(Destination destination, String check) {}

  private final Controller controller;
  private final CheckRunner runner;
  private final Map<Name, CheckRunner.Subscription> running = new HashMap<>();
  private boolean closed;

  /**
   * Connects a runner to a controller.
   *
   * @param controller whom to tell
   * @param runner what runs the checks
   */
  public HealthChecks(Controller controller, CheckRunner runner) {
    this.controller = Objects.requireNonNull(controller, "controller");
    this.runner = Objects.requireNonNull(runner, "runner");
  }

  /**
   * Checks all real servers that a service has now, in place of a check of the same name. Want the
   * service first: what is told of servers that are not wanted is passed over until the next
   * result.
   *
   * @param service the service
   * @param name the check's name; all checks of a server must find it up
   * @param check what to ask; its path is relative to each server
   * @param policy when, and how results count
   * @throws IllegalStateException after {@link #close()}
   */
  public void watch(ManagedService service, String name, HealthCheck check, HealthPolicy policy) {
    for (RealServer server : service.service().realServers()) {
      watch(new Destination(service.key(), server.key()), name, check, policy);
    }
  }

  /**
   * Checks a real server, in place of a check of the same name.
   *
   * @param destination the real server in its service
   * @param name the check's name; all checks of a server must find it up
   * @param check what to ask
   * @param policy when, and how results count
   * @throws IllegalStateException after {@link #close()}
   */
  public synchronized void watch(
      Destination destination, String name, HealthCheck check, HealthPolicy policy) {
    Objects.requireNonNull(check, "check");
    Objects.requireNonNull(policy, "policy");
    Name key =
        new Name(
            Objects.requireNonNull(destination, "destination"),
            Objects.requireNonNull(name, "name"));
    if (closed) {
      throw new IllegalStateException("the health checks are closed");
    }
    CheckRunner.Subscription before = running.remove(key);
    if (before != null) {
      before.close();
    }
    Route route = new Route(key, policy);
    controller.checked(
        destination,
        name,
        new ServerHealth.Checked(policy, CheckState.start(policy, Instant.EPOCH, 0)));
    route.subscription =
        runner.watch(
            destination.server(), check, policy, (server, asked, step) -> tell(route, step));
    running.put(key, route.subscription);
  }

  private static final class Route {
    final Name name;
    final HealthPolicy policy;
    CheckRunner.Subscription subscription;

    Route(Name name, HealthPolicy policy) {
      this.name = name;
      this.policy = policy;
      this.subscription = () -> {};
    }
  }

  private synchronized void tell(Route route, CheckState.Step step) {
    if (closed || running.get(route.name) != route.subscription) {
      return;
    }
    try {
      controller.checked(
          route.name.destination(),
          route.name.check(),
          new ServerHealth.Checked(route.policy, step.state()));
    } catch (IllegalStateException e) {
      close(); // the controller is closed: there is nobody to tell
    }
  }

  /**
   * Ends a check: it has no say any more. Nothing happens if there is none of the name.
   *
   * @param destination the real server in its service
   * @param name the check's name
   */
  public synchronized void unwatch(Destination destination, String name) {
    CheckRunner.Subscription subscription = running.remove(new Name(destination, name));
    if (subscription != null) {
      subscription.close();
      controller.unchecked(destination, name);
    }
  }

  /** Ends all checks. What they said last goes on to count. A second call does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    running.values().forEach(CheckRunner.Subscription::close);
    running.clear();
  }
}
