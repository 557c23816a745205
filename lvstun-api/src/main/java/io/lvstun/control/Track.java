// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the core keeps of one desired service. Mutable; of the core's thread. */
final class Track {

  private static final int MOST_CAUSES = 5;

  ManagedService wanted;
  final Map<ServerKey, ManagedServer> members = new LinkedHashMap<>();
  final Fight fight = new Fight();

  boolean quorum = true;
  boolean panic;
  Set<ServerKey> held = Set.of();

  /** What should be in the table; null when it must be computed anew. */
  @Nullable Effective effective;

  /** What the table was left as; null when that is not known. */
  @Nullable VirtualService settled;

  /** What the last write was to bring about. */
  @Nullable VirtualService target;

  /** The difference that is seen and not yet repaired, and since when. */
  @Nullable String drift;

  long driftSince;

  /** What was wanted when adding was tried last. */
  @Nullable VirtualService raising;

  /**
   * What was wanted when adding failed in part, since the last reading of all; what is wanted
   * otherwise meanwhile is added before anything is taken away.
   */
  @Nullable VirtualService unraised;

  /** Whether the steps under way leave others to do. */
  boolean more;

  /** Whether the table has been compared once. */
  boolean met;

  /** Why the table is to change; a few at most. */
  final List<String> causes = new ArrayList<>();

  String pretended = "";
  String lastFailure = "";
  String lastHold = "";

  Track(ManagedService wanted) {
    this.wanted = wanted;
  }

  /** Takes a new value; members of servers that are no longer in it are forgotten. */
  void want(ManagedService service) {
    wanted = service;
    effective = null;
    Set<ServerKey> present = new HashSet<>();
    service.service().realServers().forEach(server -> present.add(server.key()));
    members.keySet().removeIf(key -> !present.contains(key));
  }

  ManagedServer member(ServerKey key) {
    return members.computeIfAbsent(key, absent -> new ManagedServer());
  }

  boolean has(ServerKey key) {
    for (RealServer server : wanted.service().realServers()) {
      if (server.key().equals(key)) {
        return true;
      }
    }
    return false;
  }

  void because(String cause) {
    if (causes.size() < MOST_CAUSES && !causes.contains(cause)) {
      causes.add(cause);
    }
  }

  /** Computes anew what should be in the table; tells whether it is another thing than before. */
  boolean effectiveChanges(DesiredState state, long now, Set<SafetyRule> rules) {
    Effective before = effective;
    effective = null;
    return !effective(state, now, rules).equals(before);
  }

  Effective effective(DesiredState state, long now, Set<SafetyRule> rules) {
    Effective known = effective;
    if (known == null) {
      known = Effective.of(wanted, members, state.intents(), quorum, now, rules);
      effective = known;
    }
    return known;
  }

  /** Takes the connection counts of a reading for the members that are known. */
  void count(@Nullable ServiceState state) {
    if (members.isEmpty()) {
      return;
    }
    Map<ServerKey, ServerState> present = new HashMap<>();
    if (state != null) {
      state.servers().forEach(server -> present.put(server.key(), server));
    }
    for (Map.Entry<ServerKey, ManagedServer> entry : members.entrySet()) {
      ManagedServer member = entry.getValue();
      ServerState server = present.get(entry.getKey());
      member.listed = server != null;
      member.quiesced = server != null && server.definition().weight() == 0;
      member.connections =
          server == null ? 0 : server.activeConnections() + server.inactiveConnections();
      member.templates = server == null ? 0 : server.persistentConnections();
    }
  }
}
