// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import io.lvstun.Command;
import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable.ConnectionCount;
import io.lvstun.diagnostics.facts.section.Lines;
import io.lvstun.rules.ListingTable;
import io.lvstun.rules.Rule;
import io.lvstun.rules.Rules;
import io.lvstun.spi.ConnectionTable;
import io.lvstun.state.Connection;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * What the sections about IPVS say. The forms of {@code ipvsadm} and of the kernel's files are read
 * by {@code io.lvstun.rules}; here they are only taken out of their sections.
 */
final class IpvsText {

  private IpvsText() {}

  static ServiceState state(ServiceKey key, VirtualService definition, List<ServerState> servers) {
    return new ServiceState(
        VirtualService.observed(
            key,
            definition.scheduler(),
            definition.persistence().orElse(null),
            definition.onePacket(),
            servers.stream().map(ServerState::definition).toList()),
        servers,
        Counters.ZERO,
        Rates.ZERO);
  }

  /**
   * The commands of {@code ipvsadm -S -n}. A server that no option of ipvsadm describes (it is
   * written without its forwarding method) is left out.
   */
  static List<ServiceState> saved(String text) {
    Map<ServiceKey, VirtualService> services = new LinkedHashMap<>();
    Map<ServiceKey, List<ServerState>> servers = new HashMap<>();
    for (String line : Lines.of(text)) {
      boolean server = line.startsWith("-a");
      if (!server && !line.startsWith("-A")) {
        continue;
      }
      List<Rule> rules;
      try {
        rules = Rules.parse(line);
      } catch (IllegalArgumentException e) {
        if (server && !Lines.words(line).contains("-i")) {
          continue;
        }
        throw e;
      }
      Command command = rules.get(0).command();
      if (command instanceof Command.AddService add) {
        services.put(add.service().key(), add.service());
      } else if (command instanceof Command.AddServer add) {
        servers
            .computeIfAbsent(add.service(), unused -> new ArrayList<>())
            .add(new ServerState(add.server(), 0, 0, 0, Counters.ZERO, Rates.ZERO));
      }
    }
    List<ServiceState> states = new ArrayList<>();
    services.forEach(
        (key, service) -> states.add(state(key, service, servers.getOrDefault(key, List.of()))));
    return List.copyOf(states);
  }

  /** {@code ipvsadm -Ln --stats --exact}. */
  static Map<ServiceKey, Map<ServerKey, Counters>> statistics(String text) {
    return listed(
        text,
        columns ->
            Counters.of(
                at(columns, 0), at(columns, 1), at(columns, 2), at(columns, 3), at(columns, 4)));
  }

  /** {@code ipvsadm -Ln --thresholds}: upper and lower of each server. */
  static Map<ServiceKey, Map<ServerKey, long[]>> thresholds(String text) {
    return listed(text, columns -> new long[] {at(columns, 0), at(columns, 1)});
  }

  private static <T> Map<ServiceKey, Map<ServerKey, T>> listed(
      String text, Function<List<String>, T> reader) {
    Map<ServiceKey, Map<ServerKey, T>> values = new LinkedHashMap<>();
    for (ListingTable table : tables(text)) {
      for (ListingTable.Row row : table.services()) {
        for (ListingTable.ServerRow server : row.servers()) {
          values
              .computeIfAbsent(row.key(), unused -> new LinkedHashMap<>())
              .put(server.key(), reader.apply(server.columns()));
        }
      }
    }
    return values;
  }

  private static List<ListingTable> tables(String text) {
    try {
      return ListingTable.read(
          new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "read a section");
    } catch (LvsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static long at(List<String> columns, int index) {
    OptionalLong number =
        index < columns.size() ? ListingTable.number(columns.get(index), -1) : OptionalLong.empty();
    return number.orElseThrow(
        () ->
            new IllegalArgumentException(
                "no number: " + ForeignText.printable(String.join(" ", columns))));
  }

  /**
   * {@code COUNT PROTOCOL VIP VPORT RIP RPORT STATE}, counted from {@code /proc/net/ip_vs_conn},
   * whose lines have the client before the VIP and the seconds to live behind the state.
   */
  static List<ConnectionCount> connections(String text) {
    List<ConnectionCount> counts = new ArrayList<>();
    for (String line : Lines.of(text)) {
      List<String> words = Lines.words(line);
      if (words.size() == 7 && Lines.number(words.get(0), 18)) {
        Connection one =
            connection(
                words.get(1) + " 00000000 0000 " + String.join(" ", words.subList(2, 7)) + " 0");
        counts.add(
            new ConnectionCount(
                one.protocol() + " " + IpAddress.format(one.virtual(), one.virtualPort()),
                new ServerKey(one.server(), one.serverPort()),
                one.state(),
                Long.parseLong(words.get(0))));
      }
    }
    return List.copyOf(counts);
  }

  private static Connection connection(String line) {
    try {
      return ConnectionTable.parse(line, "facts");
    } catch (LvsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
