// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.Consistency;
import io.lvstun.ForeignSettings;
import io.lvstun.ProtocolException;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.TimeoutException;
import io.lvstun.rules.ListingTable;
import io.lvstun.state.ServiceState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads services and servers with several runs of ipvsadm, because no list has everything, and
 * makes sure that they speak of the same table.
 */
final class ListingReader {

  private static final String OPERATION = "read services";
  private static final int MOST_ROUNDS = 16;

  private final Program ipvsadm;
  private final View first;
  private final List<View> views;
  private final EngineListing engines;
  private final Supplier<List<ServiceKey.Endpoint>> foreignServices;

  /**
   * Makes a reader.
   *
   * @param ipvsadm the program
   * @param tunnels whether it knows {@code --tun-info}
   * @param foreignServices reads the services whose protocol ipvsadm cannot name
   */
  ListingReader(
      Program ipvsadm, boolean tunnels, Supplier<List<ServiceKey.Endpoint>> foreignServices) {
    this.ipvsadm = ipvsadm;
    this.first = tunnels ? View.TUNNELS : View.CONNECTIONS;
    this.views = List.of(first, View.PERSISTENT, View.THRESHOLDS, View.STATS, View.RATE);
    this.engines = new EngineListing(ipvsadm);
    this.foreignServices = foreignServices;
  }

  /** No such service. */
  private static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    Missing() {
      super("missing", null, false, false);
    }
  }

  /** Reads every service. */
  List<ServiceState> all(Consistency consistency) {
    try {
      return consistency == Consistency.VERIFIED
          ? verified(Optional.empty())
          : EngineListing.complete(
              singlePass(common(byView(read(views, Optional.empty())))),
              engines.read(purpose(Optional.empty())));
    } catch (Missing e) {
      throw new AssertionError("only a list of one service can miss it", e);
    }
  }

  private List<ServiceState> singlePass(Map<View, ListingTable> tables) {
    try {
      return assembled(tables);
    } catch (ForeignService.Changed e) {
      return new Assembler(first, tables)
          .states().stream().filter(state -> !ForeignService.isUnnamed(state)).toList();
    }
  }

  /** Reads one service, verified. */
  Optional<ServiceState> one(ServiceKey key) {
    try {
      return verified(Optional.of(key)).stream().findFirst();
    } catch (Missing e) {
      return Optional.empty();
    }
  }

  /**
   * Reads until two lists of the first view, and the other views between them, show the same
   * services and servers with the same settings: then nothing was missed, nor changed meanwhile.
   * Likewise the engines, before and after.
   */
  private List<ServiceState> verified(Optional<ServiceKey> key) throws Missing {
    List<View> sequence = new ArrayList<>(views);
    sequence.add(first);
    long start = System.nanoTime();
    Map<ServiceKey, ForeignSettings> before = engines.read(purpose(key));
    for (int i = 0; i < MOST_ROUNDS; i++) {
      List<ListingTable> tables = read(sequence, key);
      Map<ServiceKey, ForeignSettings> after = engines.read(purpose(key));
      boolean sameEngines = after.equals(before);
      before = after;
      Map<View, ListingTable> between = byView(tables.subList(0, views.size()));
      if (sameEngines && agree(between) && unchanged(tables.get(0), tables.get(views.size()))) {
        try {
          return EngineListing.complete(assembled(between), after);
        } catch (ForeignService.Changed e) {
          // Like any other change between two lists.
        }
      }
      if (Duration.ofNanos(System.nanoTime() - start).compareTo(ipvsadm.deadline()) > 0) {
        break;
      }
    }
    throw new TimeoutException(
        Program.failure(
            purpose(key),
            "services or real servers changed during each of the attempts to read them",
            "Try again when the other program has finished, or allow a longer deadline"));
  }

  private static Program.Purpose purpose(Optional<ServiceKey> key) {
    return new Program.Purpose(OPERATION, key.map(ServiceKey::toString).orElse(""));
  }

  private Map<View, ListingTable> byView(List<ListingTable> tables) {
    Map<View, ListingTable> byView = new EnumMap<>(View.class);
    for (int i = 0; i < tables.size(); i++) {
      byView.put(views.get(i), tables.get(i));
    }
    return byView;
  }

  /** Prints lists in one run: {@code ipvsadm -R} carries out commands that list, too. */
  private List<ListingTable> read(List<View> sequence, Optional<ServiceKey> key) throws Missing {
    StringBuilder commands = new StringBuilder();
    for (View view : sequence) {
      List<String> words = new ArrayList<>(List.of("-L", "-n", "--nosort"));
      words.add(view.options());
      key.ifPresent(service -> words.addAll(ServiceOptions.of(service)));
      commands.append(String.join(" ", words)).append('\n');
    }
    Program.Result result =
        ipvsadm.runWithInput(
            purpose(key), List.of("-R"), commands.toString().getBytes(StandardCharsets.US_ASCII));
    if (result.exitCode() != 0) {
      if (key.isPresent() && Refusals.isMissingService(result.error())) {
        throw new Missing();
      }
      throw Refusals.of(purpose(key), result.exitCode(), result.error());
    }
    List<ListingTable> tables = ListingTable.read(result.output().stream(), OPERATION);
    if (tables.size() != sequence.size()) {
      throw new ProtocolException(
          Program.failure(
              purpose(key),
              "ipvsadm printed " + tables.size() + " lists instead of " + sequence.size(),
              "Check that the program is ipvsadm 1.28 to 1.31 (ipvsadm --version)"));
    }
    return tables;
  }

  private boolean agree(Map<View, ListingTable> tables) {
    ListingTable base = tables.getOrDefault(first, EMPTY);
    return !base.hasRepetitions()
        && tables.values().stream().allMatch(table -> table.sameStructure(base));
  }

  private static final ListingTable EMPTY = new ListingTable(Optional.empty(), List.of());

  /** Whether two lists of the first view show the same settings; connections come and go. */
  private boolean unchanged(ListingTable before, ListingTable after) {
    if (!before.sameStructure(after)) {
      return false;
    }
    for (int i = 0; i < before.services().size(); i++) {
      ListingTable.Row old = before.services().get(i);
      ListingTable.Row now = after.services().get(i);
      if (!old.rest().equals(now.rest())) {
        return false;
      }
      for (int j = 0; j < old.servers().size(); j++) {
        if (!settings(old.servers().get(j)).equals(settings(now.servers().get(j)))) {
          return false;
        }
      }
    }
    return true;
  }

  /** All columns but the last two, which count connections. */
  private static List<String> settings(ListingTable.ServerRow server) {
    List<String> columns = server.columns();
    return columns.subList(0, Math.max(columns.size() - 2, 0));
  }

  /** Reduces the tables to what all of them have: entries that came or went are left out. */
  private Map<View, ListingTable> common(Map<View, ListingTable> tables) {
    if (agree(tables)) {
      return tables;
    }
    Map<ServiceKey, Set<ServerKey>> common = null;
    for (ListingTable table : tables.values()) {
      Map<ServiceKey, Set<ServerKey>> keys = new HashMap<>();
      for (ListingTable.Row row : table.services()) {
        Set<ServerKey> servers = keys.computeIfAbsent(row.key(), key -> new HashSet<>());
        row.servers().forEach(server -> servers.add(server.key()));
      }
      if (common == null) {
        common = keys;
      } else {
        common.keySet().retainAll(keys.keySet());
        common.forEach((key, servers) -> servers.retainAll(keys.getOrDefault(key, Set.of())));
      }
    }
    Map<View, ListingTable> reduced = new EnumMap<>(View.class);
    List<ServiceKey> order =
        tables.getOrDefault(first, EMPTY).services().stream()
            .map(ListingTable.Row::key)
            .distinct()
            .toList();
    for (Map.Entry<View, ListingTable> entry : tables.entrySet()) {
      reduced.put(
          entry.getKey(), reduced(entry.getValue(), order, common == null ? Map.of() : common));
    }
    // The servers' order may differ too, if one was removed and added again.
    return sameOrder(reduced);
  }

  private static ListingTable reduced(
      ListingTable table, List<ServiceKey> order, Map<ServiceKey, Set<ServerKey>> common) {
    Map<ServiceKey, ListingTable.Row> rows = new HashMap<>();
    table.services().forEach(row -> rows.putIfAbsent(row.key(), row));
    List<ListingTable.Row> kept = new ArrayList<>();
    for (ServiceKey key : order) {
      Set<ServerKey> servers = common.get(key);
      ListingTable.Row row = rows.get(key);
      if (servers != null && row != null) {
        Map<ServerKey, ListingTable.ServerRow> distinct = new LinkedHashMap<>();
        for (ListingTable.ServerRow server : row.servers()) {
          if (servers.contains(server.key())) {
            distinct.putIfAbsent(server.key(), server);
          }
        }
        kept.add(new ListingTable.Row(key, row.rest(), List.copyOf(distinct.values())));
      }
    }
    return new ListingTable(table.info(), kept);
  }

  private Map<View, ListingTable> sameOrder(Map<View, ListingTable> tables) {
    ListingTable base = tables.getOrDefault(first, EMPTY);
    tables.replaceAll((view, table) -> view == first ? table : ordered(table, base));
    return tables;
  }

  private static ListingTable ordered(ListingTable table, ListingTable base) {
    List<ListingTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < base.services().size(); i++) {
      ListingTable.Row row = table.services().get(i);
      Map<ServerKey, ListingTable.ServerRow> servers = new HashMap<>();
      row.servers().forEach(server -> servers.put(server.key(), server));
      List<ListingTable.ServerRow> ordered = new ArrayList<>();
      for (ListingTable.ServerRow server : base.services().get(i).servers()) {
        ListingTable.ServerRow found = servers.get(server.key());
        if (found != null) {
          ordered.add(found);
        }
      }
      rows.add(new ListingTable.Row(row.key(), row.rest(), ordered));
    }
    return new ListingTable(table.info(), rows);
  }

  private List<ServiceState> assembled(Map<View, ListingTable> tables)
      throws ForeignService.Changed {
    List<ServiceState> states = new Assembler(first, tables).states();
    return states.stream().anyMatch(ForeignService::isUnnamed)
        ? ForeignService.name(states, foreignServices.get())
        : states;
  }
}
