// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.RealServer;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import io.lvstun.health.Health;
import io.lvstun.health.PoolPolicy;
import io.lvstun.health.ServerHealth;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a service's table entry should be at a moment, given health, load and intents. A pure
 * function.
 *
 * @param service what should be in the table
 * @param quorum whether the quorum is there
 * @param panic whether all servers are used because too few are healthy
 * @param held servers whose drain waits because nobody else would serve
 */
record Effective(VirtualService service, boolean quorum, boolean panic, Set<ServerKey> held) {

  private static final double SLOWEST = 0.1;

  /** What decides about one server. */
  private static final class Seat {
    final RealServer server;
    final boolean serves;
    final boolean inhibits;
    final boolean draining;

    /** What it counts for the quorum: its weight without a slow start. */
    final int strength;

    final int weight;

    Seat(
        RealServer server,
        boolean serves,
        boolean inhibits,
        boolean draining,
        int strength,
        int weight) {
      this.server = server;
      this.serves = serves;
      this.inhibits = inhibits;
      this.draining = draining;
      this.strength = strength;
      this.weight = weight;
    }
  }

  static Effective of(
      ManagedService wanted,
      Map<ServerKey, ManagedServer> members,
      Map<Destination, Intent> intents,
      boolean hadQuorum,
      long now,
      Set<SafetyRule> rules) {
    List<Seat> seats = new ArrayList<>(wanted.service().realServers().size());
    for (RealServer server : wanted.service().realServers()) {
      Intent intent =
          intents.isEmpty() ? null : intents.get(new Destination(wanted.key(), server.key()));
      if (intent == null || intent.kind() == Intent.Kind.DRAINING) {
        seats.add(seat(wanted, server, members.get(server.key()), intent != null, now, rules));
      }
    }
    return seated(wanted, seats, hadQuorum, rules);
  }

  private static Seat seat(
      ManagedService wanted,
      RealServer server,
      @Nullable ManagedServer member,
      boolean draining,
      long now,
      Set<SafetyRule> rules) {
    if (member == null || server.weight() == 0) {
      // A wish for weight 0 keeps the connections of the server: it stays in the table.
      int weight = server.weight();
      return new Seat(server, true, false, draining, weight, weight);
    }
    int base = server.weight();
    if (member.load != null) {
      base = Math.min(member.load, RealServer.MAX_WEIGHT);
      base = Math.max(base, rules.contains(SafetyRule.WEIGHT_FLOOR) ? 1 : 0);
    }
    boolean serves = true;
    boolean inhibits = false;
    if (!member.checks.isEmpty()) {
      ServerHealth health = ServerHealth.of(base, member.checks.values());
      base = health.weight();
      inhibits = health.inhibits();
      boolean unknown = health.health() == Health.UNKNOWN;
      serves = health.serving() || unknown && member.adopted;
      if (unknown && !rules.contains(SafetyRule.UNKNOWN_IS_NOT_DOWN)) {
        serves = false;
      }
    }
    int weight = base;
    if (member.slowFrom >= 0 && base > 0) {
      double share = (double) (now - member.slowFrom) / wanted.slowStart().toMillis();
      weight = (int) Math.max(1, Math.floor(base * Math.max(SLOWEST, Math.min(1, share))));
    }
    return new Seat(server, serves, inhibits, draining, base, weight);
  }

  private static Effective seated(
      ManagedService wanted, List<Seat> seats, boolean hadQuorum, Set<SafetyRule> rules) {
    PoolPolicy pool = wanted.pool();
    int all = 0;
    int serving = 0;
    long configured = 0;
    long weight = 0;
    for (Seat seat : seats) {
      if (seat.server.weight() > 0 && !seat.draining) {
        all++;
        configured += seat.server.weight();
        if (seat.serves) {
          serving++;
          weight += seat.strength;
        }
      }
    }
    boolean nothingWanted = wanted.service().realServers().isEmpty() && pool.sorry().isEmpty();
    boolean quorum = nothingWanted || pool.hasQuorum(hadQuorum, weight, configured);
    // The last servers that are healthy go on serving although they were to drain.
    boolean holds = serving == 0 && rules.contains(SafetyRule.KEEP_SERVING);
    Set<ServerKey> held = new LinkedHashSet<>();
    if (holds) {
      for (Seat seat : seats) {
        if (seat.draining && seat.serves && seat.server.weight() > 0) {
          held.add(seat.server.key());
        }
      }
    }
    boolean sorry = pool.sorry().isPresent() && !quorum && held.isEmpty();
    boolean panic =
        pool.sorry().isEmpty()
            && held.isEmpty()
            && pool.panics(serving, all)
            && rules.contains(SafetyRule.PANIC);
    return new Effective(
        table(wanted, seats, sorry, panic, held, rules), quorum, panic, Set.copyOf(held));
  }

  private static VirtualService table(
      ManagedService wanted,
      List<Seat> seats,
      boolean sorry,
      boolean panic,
      Set<ServerKey> held,
      Set<SafetyRule> rules) {
    boolean zeroHelps = zeroHelps(wanted.service()) || !rules.contains(SafetyRule.MH_FALLBACK);
    List<RealServer> servers = new ArrayList<>(seats.size() + 1);
    boolean weighty = false;
    for (Seat seat : seats) {
      boolean stays = seat.serves || panic;
      int weight = seat.weight;
      if (seat.draining && !held.contains(seat.server.key())) {
        weight = zeroHelps ? 0 : weight;
      } else if (weight == 0 && seat.server.weight() == 0 && !zeroHelps) {
        continue;
      } else if (!stays || sorry) {
        if (!seat.inhibits || !zeroHelps) {
          continue;
        }
        weight = 0;
      }
      weighty |= weight > 0;
      servers.add(seat.server.weight(weight));
    }
    if (!weighty && !sorry && rules.contains(SafetyRule.KEEP_SERVING)) {
      // Checks shifted every weight to 0: that is for drains alone.
      for (int i = 0; i < seats.size(); i++) {
        Seat seat = seats.get(i);
        if (seat.serves && !seat.draining && seat.server.weight() > 0) {
          servers.replaceAll(
              server -> server.key().equals(seat.server.key()) ? server.weight(1) : server);
        }
      }
    }
    if (wanted.pool().sorry().isPresent()) {
      RealServer server = wanted.pool().sorry().get();
      if (sorry) {
        servers.add(server);
      } else if (wanted.pool().sorryInhibits() && zeroHelps) {
        servers.add(server.weight(0));
      }
    }
    return servers.equals(wanted.service().realServers())
        ? wanted.service()
        : wanted.service().withoutRealServers().addRealServers(servers);
  }

  /** With mh, a server of weight 0 keeps its share of the clients unless the flag is set. */
  static boolean zeroHelps(VirtualService service) {
    return !service.scheduler().name().equals("mh")
        || service.scheduler().flags().contains(SchedulerFlag.MH_FALLBACK);
  }
}
