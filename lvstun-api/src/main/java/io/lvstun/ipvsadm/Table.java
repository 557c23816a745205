// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.state.IpvsInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What one run of {@code ipvsadm -L -n} printed, cut into its parts but not yet understood. */
record Table(Optional<IpvsInfo> info, List<Row> services) {

  /** A service: what follows its name, and its servers. */
  record Row(ServiceKey key, String rest, List<ServerRow> servers) {
    List<String> columns() {
      return Table.columns(rest);
    }
  }

  /** A server: what follows its name. Cut up when it is needed, to save memory. */
  record ServerRow(ServerKey key, String rest) {
    List<String> columns() {
      return Table.columns(rest);
    }
  }

  /** Splits at blanks. */
  static List<String> columns(String text) {
    List<String> columns = new ArrayList<>(8);
    int from = 0;
    while (true) {
      while (from < text.length() && text.charAt(from) == ' ') {
        from++;
      }
      if (from == text.length()) {
        return columns;
      }
      int end = from;
      while (end < text.length() && text.charAt(end) != ' ') {
        end++;
      }
      columns.add(text.substring(from, end));
      from = end;
    }
  }

  /** Whether both list the same services and servers in the same order. */
  boolean sameStructure(Table that) {
    if (services.size() != that.services.size()) {
      return false;
    }
    for (int i = 0; i < services.size(); i++) {
      Row row = services.get(i);
      Row other = that.services.get(i);
      if (!row.key().equals(other.key()) || row.servers().size() != other.servers().size()) {
        return false;
      }
      for (int j = 0; j < row.servers().size(); j++) {
        if (!row.servers().get(j).key().equals(other.servers().get(j).key())) {
          return false;
        }
      }
    }
    return true;
  }

  /** Whether a name comes twice: the kernel repeats entries when others are added meanwhile. */
  boolean hasRepetitions() {
    Set<ServiceKey> keys = new HashSet<>();
    for (Row row : services) {
      Set<ServerKey> servers = new HashSet<>();
      boolean named =
          !(row.key() instanceof ServiceKey.Endpoint endpoint)
              || !endpoint.protocol().equals(TableParser.UNKNOWN);
      if (!keys.add(row.key()) && named
          || !row.servers().stream().allMatch(server -> servers.add(server.key()))) {
        return true;
      }
    }
    return false;
  }
}
