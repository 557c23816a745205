// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import io.lvstun.ServerKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The weights of a service's servers, which follow the reported loads. Immutable: {@link #report}
 * and {@link #decide} return the next state. Pure functions of their arguments.
 *
 * <p>All times must come from the same monotonic clock.
 *
 * @param damping the settings
 * @param servers the servers, in their order
 * @param panic whether all have their configured weights because too few reports can be used
 * @since 0.1.0
 */
public record WeightLoop(Damping damping, Map<ServerKey, Server> servers, boolean panic) {

  /**
   * One server.
   *
   * @param base its configured weight, 1 to 65535
   * @param exact the weight that is aimed at
   * @param weight the weight in the table, 1 to 65535
   * @param joined since when it has been there
   * @param changed when its weight changed last
   * @param load its smoothed load; empty without a report
   * @since 0.1.0
   */
  public record Server(
      int base, double exact, int weight, Instant joined, Instant changed, Optional<Load> load) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a weight is out of range
     */
    public Server {
      WeightArgument.of("base", base, 1, 65535);
      WeightArgument.of("weight", weight, 1, 65535);
      Objects.requireNonNull(joined, "joined");
      Objects.requireNonNull(changed, "changed");
      Objects.requireNonNull(load, "load");
    }

    Server with(double exact, int weight, Instant changed) {
      return new Server(base, exact, weight, joined, changed, load);
    }
  }

  /**
   * A smoothed load.
   *
   * @param mean the mean
   * @param at when the last report came
   * @since 0.1.0
   */
  public record Load(double mean, Instant at) {
    /** Checks that nothing is missing. */
    public Load {
      Objects.requireNonNull(at, "at");
    }
  }

  /**
   * A change of one weight.
   *
   * @param server which server
   * @param from the weight before
   * @param to the weight after
   * @param reason why, for people
   * @since 0.1.0
   */
  public record Change(ServerKey server, int from, int to, String reason) {
    /** Checks that nothing is missing. */
    public Change {
      Objects.requireNonNull(server, "server");
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * A decision.
   *
   * @param next the state after it
   * @param changes the weights to change; empty for none
   * @since 0.1.0
   */
  public record Decision(WeightLoop next, List<Change> changes) {
    /** Copies the list. */
    public Decision {
      Objects.requireNonNull(changes, "changes");
      Objects.requireNonNull(next, "next");
      changes = List.copyOf(changes);
    }
  }

  /** Copies the map. */
  public WeightLoop {
    Objects.requireNonNull(servers, "servers");
    Objects.requireNonNull(damping, "damping");
    servers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(servers));
  }

  /**
   * Returns a loop without servers.
   *
   * @param damping the settings
   * @return the loop
   */
  public static WeightLoop start(Damping damping) {
    return new WeightLoop(damping, Map.of(), false);
  }

  /**
   * Returns the state after a server joined. One that is there already starts anew.
   *
   * @param now the present time
   * @param server which server
   * @param base its configured weight, 1 to 65535
   * @return the next state
   * @throws IllegalArgumentException if the weight is out of range
   */
  public WeightLoop join(Instant now, ServerKey server, int base) {
    Objects.requireNonNull(now, "now");
    Objects.requireNonNull(server, "server");
    Map<ServerKey, Server> next = new LinkedHashMap<>(servers);
    next.put(server, new Server(base, base, base, now, now, Optional.empty()));
    return new WeightLoop(damping, next, panic);
  }

  /**
   * Returns the state after a server left.
   *
   * @param server which server
   * @return the next state
   */
  public WeightLoop leave(ServerKey server) {
    Objects.requireNonNull(server, "server");
    Map<ServerKey, Server> next = new LinkedHashMap<>(servers);
    next.remove(server);
    return new WeightLoop(damping, next, panic);
  }

  /**
   * Returns the state after a report. A report of a server that is not there changes nothing.
   *
   * @param now the present time
   * @param server which server
   * @param load its load
   * @return the next state
   * @throws IllegalArgumentException if {@link LoadReport} does not accept the load
   */
  public WeightLoop report(Instant now, ServerKey server, double load) {
    Objects.requireNonNull(now, "now");
    Objects.requireNonNull(server, "server");
    LoadReport.requireValid(load);
    Server present = servers.get(server);
    if (present == null) {
      return this;
    }
    boolean fresh = present.load().isPresent() && !stale(present, now);
    double mean =
        fresh
            ? damping.smooth(
                present.load().get().mean(), load, Duration.between(present.load().get().at(), now))
            : load;
    Map<ServerKey, Server> next = new LinkedHashMap<>(servers);
    next.put(
        server,
        new Server(
            present.base(),
            present.exact(),
            present.weight(),
            present.joined(),
            present.changed(),
            Optional.of(new Load(mean, now))));
    return new WeightLoop(damping, next, panic);
  }

  private boolean stale(Server server, Instant now) {
    return server.load().isEmpty()
        || server.load().get().at().plus(damping.staleAfter()).isBefore(now);
  }

  private boolean dark(Server server, Instant now) {
    return now.isBefore(server.joined().plus(damping.blackout()));
  }

  /**
   * Decides which weights change now.
   *
   * @param now the present time
   * @return the decision
   */
  public Decision decide(Instant now) {
    Objects.requireNonNull(now, "now");
    int unusable = 0;
    int judged = 0;
    double sum = 0;
    int fresh = 0;
    for (Server each : servers.values()) {
      if (dark(each, now)) {
        continue;
      }
      judged++;
      boolean old = stale(each, now);
      if (old || (each.base() > 1 && each.exact() <= 1)) {
        unusable++;
      }
      if (!old) {
        sum += each.load().orElseThrow().mean();
        fresh++;
      }
    }
    boolean panics = judged > 0 && unusable > damping.panicShare() * judged;
    double mean = fresh == 0 ? 0 : sum / fresh;
    Map<ServerKey, Server> next = new LinkedHashMap<>();
    List<Change> changes = new ArrayList<>();
    servers.forEach((key, each) -> next.put(key, decide(now, key, each, panics, mean, changes)));
    return new Decision(
        new WeightLoop(damping, normal(next, servers, now, panics), panics), changes);
  }

  private Server decide(
      Instant now,
      ServerKey key,
      Server server,
      boolean panics,
      double mean,
      List<Change> changes) {
    Objects.requireNonNull(now, "now");
    boolean old = stale(server, now);
    if (dark(server, now) || now.isBefore(server.changed().plus(damping.period()))) {
      return server;
    }
    if (panics) {
      return change(now, key, server, server.base(), server.base(), "too few loads known", changes);
    }
    if (old) {
      Instant since =
          server.load().map(load -> load.at().plus(damping.staleAfter())).orElse(server.joined());
      double back = damping.walkBack(server.exact(), server.base(), Duration.between(since, now));
      // The end is exact, so that the deadband does not keep a weight from getting there.
      boolean arrived = !now.isBefore(since.plus(damping.walkBack()));
      int weight = arrived ? server.base() : damping.publish(server.weight(), back);
      double exact = arrived ? server.base() : server.exact();
      return change(now, key, server, exact, weight, "no report, back to the base", changes);
    }
    double load = server.load().orElseThrow().mean();
    double target = damping.target(server.exact(), load, mean);
    double exact = damping.bound(damping.slew(server.exact(), target), server.base());
    int weight = damping.publish(server.weight(), exact);
    // Without a change in the table, what is aimed at must not run away from it.
    double kept = weight == server.weight() ? near(exact, weight) : exact;
    String reason = String.format(Locale.ROOT, "load %.2f, mean %.2f", load, mean);
    return change(now, key, server, kept, weight, reason, changes);
  }

  /** Within what the deadband holds back: a persistent difference gets there, noise does not. */
  private double near(double exact, int weight) {
    double most = Math.max(1, damping.deadband() * weight);
    return Math.max(weight - most, Math.min(weight + most, exact));
  }

  private static Server change(
      Instant now,
      ServerKey key,
      Server server,
      double exact,
      int weight,
      String reason,
      List<Change> changes) {
    if (weight == server.weight()) {
      return server.with(exact, weight, server.changed());
    }
    changes.add(new Change(key, server.weight(), weight, reason));
    return server.with(exact, weight, now);
  }

  /** Weights count relative to each other: what all have too much or too little is taken out. */
  private Map<ServerKey, Server> normal(
      Map<ServerKey, Server> next, Map<ServerKey, Server> before, Instant now, boolean panics) {
    if (panics) {
      return next;
    }
    double wanted = 0;
    double present = 0;
    for (Server each : next.values()) {
      if (!dark(each, now) && !stale(each, now)) {
        wanted += each.base();
        present += each.exact();
      }
    }
    if (present <= 0) {
      return next;
    }
    // Slowly: a twentieth of the difference in each decision that moves something.
    double factor = Math.pow(wanted / present, 0.05);
    Map<ServerKey, Server> result = new LinkedHashMap<>();
    next.forEach(
        (key, each) -> {
          boolean moved = !each.equals(before.get(key));
          double exact = damping.bound(each.exact() * factor, each.base());
          result.put(
              key,
              moved && !dark(each, now) && !stale(each, now)
                  ? each.with(exact, each.weight(), each.changed())
                  : each);
        });
    return result;
  }
}
