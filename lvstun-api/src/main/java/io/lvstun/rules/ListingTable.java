// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.Protocol;
import io.lvstun.ProtocolException;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.state.IpvsInfo;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The output of one run of {@code ipvsadm -L -n}, with any option: split into its parts but not yet
 * interpreted. Immutable, if its lists are. Source: runs of ipvsadm 1.28 to 1.31.
 *
 * @param info what the first line tells; empty for a list of one service, which has no such line
 * @param services the services, in the order of the list
 * @since 0.1.0
 */
public record ListingTable(Optional<IpvsInfo> info, List<Row> services) {

  /** Stands for protocols that ipvsadm prints as a question mark. */
  public static final Protocol UNNAMED = Protocol.of(0);

  private static final int MOST_DIGITS = 20;

  /** Checks that nothing is missing. */
  public ListingTable {
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(services, "services");
  }

  /**
   * A service.
   *
   * @param key what identifies it
   * @param rest what follows its name
   * @param servers its servers
   * @since 0.1.0
   */
  public record Row(ServiceKey key, String rest, List<ServerRow> servers) {
    /** Checks that nothing is missing. */
    public Row {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(rest, "rest");
      Objects.requireNonNull(servers, "servers");
    }

    /**
     * Returns the columns behind the name.
     *
     * @return a new list
     */
    public List<String> columns() {
      return ListingTable.columns(rest);
    }
  }

  /**
   * A server. Cut up when it is needed, to save memory.
   *
   * @param key what identifies it
   * @param rest what follows its name
   * @since 0.1.0
   */
  public record ServerRow(ServerKey key, String rest) {
    /** Checks that nothing is missing. */
    public ServerRow {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(rest, "rest");
    }

    /**
     * Returns the columns behind the name.
     *
     * @return a new list
     */
    public List<String> columns() {
      return ListingTable.columns(rest);
    }
  }

  /**
   * Reads lists to their end.
   *
   * @param input what the program printed, one list behind the other
   * @param operation for messages
   * @return the lists
   * @throws ProtocolException if they are not lists of ipvsadm
   */
  public static List<ListingTable> read(InputStream input, String operation) {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(operation, "operation");
    return new ListingParser(input, operation).tables();
  }

  /**
   * Reads the first line of a list of all services.
   *
   * @param input what the program printed
   * @param operation for messages
   * @return what the line tells
   * @throws ProtocolException if it is not such a line
   */
  public static IpvsInfo readInfo(InputStream input, String operation) {
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(operation, "operation");
    return new ListingParser(input, operation).info();
  }

  /**
   * Reads a number of the kernel.
   *
   * @param text decimal digits
   * @param most the highest that is allowed, as an unsigned number
   * @return the number, unsigned; empty if the text is none or it is too high
   */
  public static OptionalLong number(String text, long most) {
    if (text.isEmpty()
        || text.length() > MOST_DIGITS
        || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    try {
      long value = Long.parseUnsignedLong(text);
      return Long.compareUnsigned(value, most) > 0 ? OptionalLong.empty() : OptionalLong.of(value);
    } catch (NumberFormatException e) {
      // 20 digits beyond 2^64 - 1.
      return OptionalLong.empty();
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

  /**
   * Tells whether both list the same services and servers in the same order.
   *
   * @param that the other list
   * @return true if so
   */
  public boolean sameStructure(ListingTable that) {
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

  /**
   * Tells whether a name comes twice: the kernel repeats entries when others are added meanwhile.
   *
   * @return true if so
   */
  public boolean hasRepetitions() {
    Set<ServiceKey> keys = new HashSet<>();
    for (Row row : services) {
      Set<ServerKey> servers = new HashSet<>();
      boolean named =
          !(row.key() instanceof ServiceKey.Endpoint endpoint)
              || !endpoint.protocol().equals(UNNAMED);
      if (!keys.add(row.key()) && named
          || !row.servers().stream().allMatch(server -> servers.add(server.key()))) {
        return true;
      }
    }
    return false;
  }
}
