// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.state.Counters;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Prints services and real servers as {@code ipvsadm -L -n} does, byte for byte.
 *
 * <p>Marks above 2^31 - 1 come out as negative numbers, and forwarding methods that {@code ipvsadm}
 * cannot name as {@code (null)}, as from the program itself. Only the figures of real servers above
 * 2^32 differ: ipvsadm 1.31 cuts them off, this class does not. The methods are pure functions.
 * Source: runs of ipvsadm 1.31.
 *
 * @since 0.1.0
 */
public final class Listing {

  /**
   * What is printed of each real server.
   *
   * @since 0.1.0
   */
  public enum View {
    /** Forwarding, weight and connections: {@code ipvsadm -L -n}. */
    CONNECTIONS,
    /** The same with the tunnel: {@code --tun-info}. */
    TUNNELS,
    /** Totals, shortened to K, M, G and T from 100 million on: {@code --stats}. */
    STATS,
    /** Totals in full: {@code --stats --exact}. */
    STATS_EXACT,
    /** Figures a second: {@code --rate}. */
    RATE,
    /** Figures a second in full: {@code --rate --exact}. */
    RATE_EXACT,
    /** Thresholds and connections: {@code --thresholds}. */
    THRESHOLDS,
    /** Weight and connections, persistent ones too: {@code --persistent-conn}. */
    PERSISTENT_CONNECTIONS;

    private boolean exact() {
      return this == STATS_EXACT || this == RATE_EXACT;
    }

    private boolean figures() {
      return this == STATS || this == RATE || exact();
    }
  }

  private final View view;
  private final StringBuilder text = new StringBuilder();

  private Listing(View view) {
    this.view = view;
  }

  /**
   * Prints as {@code ipvsadm -L -n}.
   *
   * @param info for the first line
   * @param services the services in the kernel's order; they are printed in that of {@code ipvsadm}
   * @return the lines
   */
  public static String of(IpvsInfo info, List<ServiceState> services) {
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(services, "services");
    return of(info, services, View.CONNECTIONS);
  }

  /**
   * Prints as {@code ipvsadm -L -n} with the option of a view.
   *
   * @param info for the first line
   * @param services the services in the kernel's order; they are printed in that of {@code ipvsadm}
   * @param view what to print
   * @return the lines
   */
  public static String of(IpvsInfo info, List<ServiceState> services, View view) {
    Objects.requireNonNull(info, "info");
    Objects.requireNonNull(services, "services");
    Listing listing = new Listing(view);
    listing.text.append(info).append('\n');
    listing.addTitle();
    for (ServiceState service : ListingOrder.ofServices(services, ServiceState::key)) {
      listing.add(service);
    }
    return listing.text.toString();
  }

  private void addTitle() {
    String local = "Prot LocalAddress:Port";
    String remote = "  -> RemoteAddress:Port";
    switch (view) {
      case STATS, STATS_EXACT ->
          format(
              "%-33s %8s %8s %8s %8s %8s\n%s\n",
              local, "Conns", "InPkts", "OutPkts", "InBytes", "OutBytes", remote);
      case RATE, RATE_EXACT ->
          format(
              "%-33s %8s %8s %8s %8s %8s\n%s\n",
              local, "CPS", "InPPS", "OutPPS", "InBPS", "OutBPS", remote);
      case THRESHOLDS ->
          format(
              "%-33s %-10s %-10s %-10s %-10s\n%s\n",
              local, "Uthreshold", "Lthreshold", "ActiveConn", "InActConn", remote);
      case PERSISTENT_CONNECTIONS ->
          format(
              "%-33s %-9s %-11s %-10s %-10s\n%s\n",
              local, "Weight", "PersistConn", "ActiveConn", "InActConn", remote);
      case TUNNELS ->
          format(
              "%s Scheduler Flags\n"
                  + "%s           Forward TunnelInfo    Weight ActiveConn InActConn\n",
              local, remote);
      case CONNECTIONS ->
          format(
              "%s Scheduler Flags\n%s           Forward Weight ActiveConn InActConn\n",
              local, remote);
    }
  }

  private void add(ServiceState service) {
    String name = name(service.key());
    Counters counters = service.counters();
    Rates rates = service.rates();
    switch (view) {
      case STATS, STATS_EXACT -> {
        format("%-33s", name);
        addFigures(
            counters.connections(),
            counters.inPackets(),
            counters.outPackets(),
            counters.inBytes(),
            counters.outBytes());
      }
      case RATE, RATE_EXACT -> {
        format("%-33s", name);
        addFigures(
            rates.connections(),
            rates.inPackets(),
            rates.outPackets(),
            rates.inBytes(),
            rates.outBytes());
      }
      default -> text.append(name).append(' ').append(settings(service.definition()));
    }
    text.append('\n');
    for (ServerState server : ListingOrder.ofServers(service.servers(), ServerState::key)) {
      add(server);
    }
  }

  private void add(ServerState server) {
    format("  -> %-28s", server.key());
    if (view.figures()) {
      addFigures(server);
    } else {
      addConnections(server);
    }
    text.append('\n');
  }

  private void addFigures(ServerState server) {
    if (view == View.STATS || view == View.STATS_EXACT) {
      Counters counters = server.counters();
      addFigures(
          counters.connections(),
          counters.inPackets(),
          counters.outPackets(),
          counters.inBytes(),
          counters.outBytes());
      return;
    }
    Rates rates = server.rates();
    format(" %8d %8d %8d", rates.connections(), rates.inPackets(), rates.outPackets());
    addFigures(rates.inBytes(), rates.outBytes());
  }

  private void addConnections(ServerState server) {
    long active = server.activeConnections();
    long inactive = server.inactiveConnections();
    int weight = server.definition().weight();
    Forwarding forwarding = server.definition().forwarding();
    switch (view) {
      case THRESHOLDS ->
          format(
              " %-10d %-10d %-10d %-10d",
              server.definition().upperThreshold(),
              server.definition().lowerThreshold(),
              active,
              inactive);
      case PERSISTENT_CONNECTIONS ->
          format(
              " %-9d %-11d %-10d %-10d", weight, server.persistentConnections(), active, inactive);
      case TUNNELS ->
          format(
              " %-7s %-13s %-6d %-10d %-10d",
              name(forwarding), tunnel(forwarding), weight, active, inactive);
      default -> format(" %-7s %-6d %-10d %-10d", name(forwarding), weight, active, inactive);
    }
  }

  private void addFigures(long... figures) {
    for (long figure : figures) {
      if (view.exact() || figure < 100_000_000L) {
        String digits = Long.toUnsignedString(figure);
        text.append(" ".repeat(Math.max(9 - digits.length(), 1))).append(digits);
      } else if (figure < 1_000_000_000L) {
        format("%8dK", figure / 1000);
      } else if (figure < 100_000_000_000L) {
        format("%8dM", figure / 1_000_000);
      } else if (figure < 100_000_000_000_000L) {
        format("%8dG", figure / 1_000_000_000L);
      } else {
        format("%8dT", figure / 1_000_000_000_000L);
      }
    }
  }

  private static String name(ServiceKey key) {
    if (key instanceof ServiceKey.Mark mark) {
      return "FWM  " + (int) mark.mark() + (mark.family() == AddressFamily.IPV6 ? " IPv6" : "");
    }
    ServiceKey.Endpoint endpoint = (ServiceKey.Endpoint) key;
    boolean known =
        endpoint.protocol().equals(Protocol.TCP)
            || endpoint.protocol().equals(Protocol.UDP)
            || endpoint.protocol().equals(Protocol.SCTP);
    return String.format(
        Locale.ROOT,
        "%-4s %s",
        known ? endpoint.protocol() : "?",
        IpAddress.format(endpoint.address(), endpoint.port()));
  }

  private static String settings(VirtualService service) {
    StringBuilder settings = new StringBuilder(service.scheduler().name());
    if (!service.scheduler().flags().isEmpty()) {
      settings.append(" (").append(flags(service.scheduler())).append(')');
    }
    Optional<Persistence> persistence = service.persistence();
    if (persistence.isPresent()) {
      settings.append(" persistent ").append(persistence.get().timeout().getSeconds());
      persistence
          .get()
          .maskText(service.key().family())
          .ifPresent(mask -> settings.append(" mask ").append(mask));
      persistence.get().engine().ifPresent(engine -> settings.append(" pe ").append(engine));
    }
    if (service.onePacket()) {
      settings.append(" ops");
    }
    return settings.toString();
  }

  /** The third flag of sh and mh has no name for ipvsadm. */
  private static String flags(Scheduler scheduler) {
    boolean hashing = scheduler.name().equals("sh") || scheduler.name().equals("mh");
    List<String> names = new ArrayList<>();
    if (scheduler.flags().contains(SchedulerFlag.FLAG_1)) {
      names.add(hashing ? scheduler.name() + "-fallback" : "flag-1");
    }
    if (scheduler.flags().contains(SchedulerFlag.FLAG_2)) {
      names.add(hashing ? scheduler.name() + "-port" : "flag-2");
    }
    if (scheduler.flags().contains(SchedulerFlag.FLAG_3) && !hashing) {
      names.add("flag-3");
    }
    return String.join(",", names);
  }

  private static String name(Forwarding forwarding) {
    return forwarding instanceof Forwarding.Other other && other.code() != 1
        ? "(null)"
        : forwarding.toString();
  }

  private static String tunnel(Forwarding forwarding) {
    return forwarding instanceof Forwarding.Tunnel tunnel
            && tunnel.encapsulation().type() <= Encapsulation.TYPE_GRE
        ? tunnel.encapsulation().type() == Encapsulation.TYPE_IPIP
            ? "ipip"
            : tunnel.encapsulation().toString()
        : "n/a";
  }

  private void format(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }
}
