// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.ForeignText;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.Persistence;
import io.lvstun.ProtocolException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.rules.ListingTable;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes states of tables that list the same services and servers in the same order. */
final class Assembler {

  private static final long MAX_U32 = 0xffff_ffffL;
  private static final long MAX_U64 = -1L;
  private static final int FIGURES = 5;

  /** Stands for a tunnel type that ipvsadm cannot name. */
  private static final Encapsulation UNKNOWN_TUNNEL = new Encapsulation(255, 0, 0);

  /** What ipvsadm prints as (null): local bypass is the only such method with a meaning. */
  private static final Forwarding UNKNOWN_FORWARDING = new Forwarding.Other(4);

  private final View base;
  private final Map<View, ListingTable> tables;

  Assembler(View base, Map<View, ListingTable> tables) {
    this.base = base;
    this.tables = tables;
  }

  List<ServiceState> states() {
    List<ServiceState> states = new ArrayList<>();
    int count = table(base).services().size();
    for (int i = 0; i < count; i++) {
      states.add(state(i));
    }
    return List.copyOf(states);
  }

  private ListingTable table(View view) {
    ListingTable table = tables.get(view);
    if (table == null) {
      throw new IllegalStateException("the list " + view + " was not read");
    }
    return table;
  }

  private ServiceState state(int service) {
    ListingTable.Row row = table(base).services().get(service);
    List<RealServer> definitions = new ArrayList<>();
    List<ServerState> servers = new ArrayList<>();
    for (int i = 0; i < row.servers().size(); i++) {
      ServerState server = server(service, i);
      servers.add(server);
      definitions.add(server.definition());
    }
    long[] stats = figures(table(View.STATS).services().get(service).columns(), MAX_U64);
    long[] rates = figures(table(View.RATE).services().get(service).columns(), MAX_U64);
    return new ServiceState(
        definition(row, definitions),
        servers,
        Counters.of(stats[0], stats[1], stats[2], stats[3], stats[4]),
        Rates.of(rates[0], rates[1], rates[2], rates[3], rates[4]));
  }

  private ServerState server(int service, int index) {
    List<String> main = columns(base, service, index);
    List<String> persistent = columns(View.PERSISTENT, service, index);
    List<String> thresholds = columns(View.THRESHOLDS, service, index);
    int afterForwarding = base.serverColumns() - 3;
    ServerKey key = table(base).services().get(service).servers().get(index).key();
    RealServer definition =
        new RealServer(
            key.address(),
            key.port(),
            forwarding(main),
            (int) number(main.get(afterForwarding), Integer.MAX_VALUE),
            number(thresholds.get(0), MAX_U32),
            number(thresholds.get(1), MAX_U32));
    long[] stats = figures(columns(View.STATS, service, index), MAX_U64);
    long[] rates = figures(columns(View.RATE, service, index), MAX_U64);
    return new ServerState(
        definition,
        number(main.get(afterForwarding + 1), MAX_U32),
        number(main.get(afterForwarding + 2), MAX_U32),
        number(persistent.get(1), MAX_U32),
        Counters.of(stats[0], stats[1], stats[2], stats[3], stats[4]),
        Rates.of(rates[0], rates[1], rates[2], rates[3], rates[4]));
  }

  private List<String> columns(View view, int service, int server) {
    List<String> columns = table(view).services().get(service).servers().get(server).columns();
    if (columns.size() != view.serverColumns()) {
      throw malformed("a real server of the list " + view + " has " + columns.size() + " columns");
    }
    return columns;
  }

  private static long[] figures(List<String> columns, long most) {
    if (columns.size() != FIGURES) {
      throw malformed("there are " + columns.size() + " figures instead of " + FIGURES);
    }
    long[] figures = new long[FIGURES];
    for (int i = 0; i < FIGURES; i++) {
      figures[i] = number(columns.get(i), most);
    }
    return figures;
  }

  private static long number(String text, long most) {
    return ListingTable.number(text, most)
        .orElseThrow(() -> malformed("a number is malformed: " + ForeignText.printable(text)));
  }

  private Forwarding forwarding(List<String> columns) {
    return switch (columns.get(0)) {
      case "Masq" -> Forwarding.MASQUERADE;
      case "Route" -> Forwarding.DIRECT_ROUTING;
      case "Local" -> new Forwarding.Other(1);
      case "Tunnel" ->
          base == View.TUNNELS
              ? Forwarding.observed(2, encapsulation(columns.get(1)))
              : Forwarding.TUNNEL;
      case "(null)" -> UNKNOWN_FORWARDING;
      default ->
          throw malformed(
              "a forwarding method is unknown: " + ForeignText.printable(columns.get(0)));
    };
  }

  /** Reads {@code ipip}, {@code gue:6080:+c}, {@code gre:-c} or {@code n/a}. */
  private static Encapsulation encapsulation(String text) {
    if (text.equals("ipip")) {
      return Encapsulation.ipip();
    }
    if (text.equals("n/a")) {
      return UNKNOWN_TUNNEL;
    }
    String[] parts = text.split(":", -1);
    if (parts.length == 3 && parts[0].equals("gue")) {
      return new Encapsulation(
          Encapsulation.TYPE_GUE, (int) number(parts[1], 65535), flags(parts[2]));
    }
    if (parts.length == 2 && parts[0].equals("gre")) {
      return new Encapsulation(Encapsulation.TYPE_GRE, 0, flags(parts[1]));
    }
    throw malformed("a tunnel is malformed: " + ForeignText.printable(text));
  }

  private static int flags(String text) {
    return switch (text) {
      case "-c" -> 0;
      case "+c" -> Encapsulation.FLAG_CHECKSUM;
      case "r+c" -> Encapsulation.FLAG_REMOTE_CHECKSUM;
      // Both flags at once: ipvsadm prints what lies behind its table of names.
      default -> Encapsulation.FLAG_CHECKSUM | Encapsulation.FLAG_REMOTE_CHECKSUM;
    };
  }

  private static VirtualService definition(ListingTable.Row row, List<RealServer> servers) {
    return new Settings(row.key(), row.columns()).service(servers);
  }

  /** The words behind a service's name: scheduler, flags, persistence, one-packet. */
  private static final class Settings {

    private final ServiceKey key;
    private final List<String> words;
    private int position;

    Settings(ServiceKey key, List<String> words) {
      this.key = key;
      this.words = words;
    }

    VirtualService service(List<RealServer> servers) {
      Scheduler scheduler = scheduler();
      Persistence persistence = persistence();
      boolean onePacket = take("ops");
      if (position != words.size()) {
        throw malformed(
            "a service has an unknown setting: " + ForeignText.printable(words.get(position)));
      }
      return VirtualService.observed(key, scheduler, persistence, onePacket, servers);
    }

    private Scheduler scheduler() {
      String name = next("a scheduler");
      Set<SchedulerFlag> flags = Set.of();
      if (position < words.size() && words.get(position).startsWith("(")) {
        flags = flags(words.get(position++));
      }
      try {
        return new Scheduler(name, flags);
      } catch (IllegalArgumentException e) {
        throw malformed("a scheduler is malformed: " + ForeignText.printable(name));
      }
    }

    private static Set<SchedulerFlag> flags(String text) {
      if (!text.endsWith(")")) {
        throw malformed("scheduler flags are malformed: " + ForeignText.printable(text));
      }
      Set<SchedulerFlag> flags = EnumSet.noneOf(SchedulerFlag.class);
      String names = text.substring(1, text.length() - 1);
      if (names.isEmpty()) {
        // Of sh and mh, ipvsadm names only the first two flags.
        return EnumSet.of(SchedulerFlag.FLAG_3);
      }
      for (String flag : names.split(",", -1)) {
        flags.add(
            switch (flag) {
              case "sh-fallback", "mh-fallback", "flag-1" -> SchedulerFlag.FLAG_1;
              case "sh-port", "mh-port", "flag-2" -> SchedulerFlag.FLAG_2;
              case "flag-3" -> SchedulerFlag.FLAG_3;
              default ->
                  throw malformed("a scheduler flag is unknown: " + ForeignText.printable(flag));
            });
      }
      return flags;
    }

    private @Nullable Persistence persistence() {
      if (!take("persistent")) {
        return null;
      }
      long seconds = number(next("a time-out"), MAX_U32);
      int mask = key.family() == AddressFamily.IPV6 ? 128 : -1;
      if (take("mask")) {
        mask = mask(next("a mask"));
      }
      String engine = take("pe") ? next("a persistence engine") : null;
      return Persistence.observed(seconds, key.family(), mask, engine);
    }

    private int mask(String text) {
      if (key.family() == AddressFamily.IPV6) {
        return (int) number(text, 128);
      }
      InetAddress mask;
      try {
        mask = IpAddress.parse(text);
      } catch (IllegalArgumentException e) {
        throw malformed("a mask is malformed: " + ForeignText.printable(text));
      }
      if (!(mask instanceof Inet4Address)) {
        throw malformed("a mask is malformed: " + ForeignText.printable(text));
      }
      byte[] b = mask.getAddress();
      return (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | b[3] & 0xff;
    }

    private boolean take(String word) {
      if (position < words.size() && words.get(position).equals(word)) {
        position++;
        return true;
      }
      return false;
    }

    private String next(String what) {
      if (position == words.size()) {
        throw malformed("a service ends before " + what);
      }
      return words.get(position++);
    }
  }

  private static ProtocolException malformed(String what) {
    LvsException.Failure failure =
        Program.failure(
            new Program.Purpose("read services", ""),
            "in what ipvsadm printed, " + what,
            "Check that the program is ipvsadm 1.28 to 1.31 (ipvsadm --version)");
    return new ProtocolException(failure);
  }
}
