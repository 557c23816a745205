// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.probe.PacketExchange.Outgoing;
import io.lvstun.diagnostics.probe.PacketExchange.Problem;
import io.lvstun.spi.PacketSocketProvider;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Puts an echo request for the VIP into a tunnel's packet, as the director's kernel does with what
 * clients send, and looks at what comes back. Where the service is TCP, the beginning of a
 * connection goes the same way, as many packet filters let nothing else in; it is reset at once.
 */
final class EchoProbe implements Probe {

  static final String ECHO = "probe.echo";
  static final String BEFORE = "probe.echo.before";
  static final String AFTER = "probe.echo.after";

  /**
   * Packets that are sent again to each server that said nothing, between two looks at counters.
   */
  static final int AGAIN = 5;

  private static final int MOST_TUNNELS = 128;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Duration wait;
  private final Supplier<PacketSocketProvider> sockets;

  EchoProbe(Duration wait, Supplier<PacketSocketProvider> sockets) {
    this.wait = wait;
    this.sockets = sockets;
  }

  @Override
  public String code() {
    return Codes.TUNNEL_ECHO;
  }

  /** A way from a director to a real server that is to be tried. */
  record Tunnel(InetAddress server, InetAddress virtualAddress, Encapsulation kind, int port) {}

  @Override
  public List<Observation> observe(Cluster cluster) {
    List<Observation> observations = new ArrayList<>();
    for (Member director : cluster.members(Role.DIRECTOR)) {
      if (director.facts().failure().isEmpty()) {
        observations.addAll(observe(cluster, director));
      }
    }
    return observations;
  }

  private List<Observation> observe(Cluster cluster, Member director) {
    List<Observation> observations = new ArrayList<>();
    List<EchoAttempt> attempts = new ArrayList<>();
    List<TunnelEcho> echoes = new ArrayList<>();
    int identifier = RANDOM.nextInt(1 << 16);
    int firstPort = 20000 + RANDOM.nextInt(10000);
    for (Tunnel tunnel : tunnels(cluster, director)) {
      Optional<InetAddress> outer =
          cluster
              .outerSource(director, tunnel.server())
              .known()
              .or(() -> ownAddress(cluster, director, tunnel.server()));
      Optional<InetAddress> inner =
          sameFamily(tunnel.server(), tunnel.virtualAddress())
              ? outer
              : ownAddress(cluster, director, tunnel.virtualAddress());
      if (outer.isEmpty() || inner.isEmpty()) {
        echoes.add(
            echo(
                tunnel,
                TunnelEcho.Outcome.NOT_SENT,
                "-",
                "the director has no address of the packets' family besides the VIP"));
        continue;
      }
      int number = attempts.size();
      attempts.add(
          new EchoAttempt(
              tunnel, outer.get(), inner.get(), identifier, number, firstPort + number));
    }
    if (attempts.isEmpty() && echoes.isEmpty()) {
      return List.of(
          new Observation(
              director.name(), Section.absent(ECHO, "no server is reached through a tunnel")));
    }
    String source = "packets sent from " + director.name();
    try {
      PacketExchange exchange = new PacketExchange(director.node().host(), sockets);
      List<TunnelEcho> tried = attempt(exchange, attempts);
      List<EchoAttempt> silent = new ArrayList<>();
      for (int i = 0; i < tried.size(); i++) {
        if (tried.get(i).outcome() == TunnelEcho.Outcome.SILENT) {
          silent.add(attempts.get(i));
        }
      }
      observations.addAll(again(cluster, exchange, silent));
      echoes.addAll(tried);
      StringBuilder text = new StringBuilder();
      echoes.forEach(each -> text.append(each.line()).append('\n'));
      observations.add(
          new Observation(director.name(), Section.read(ECHO, source, text.toString())));
    } catch (LvsException e) {
      observations.add(
          new Observation(
              director.name(),
              Section.unreadable(
                  ECHO, source, e.reason() + (e.hint().isEmpty() ? "" : ". " + e.hint()))));
    }
    return observations;
  }

  private List<TunnelEcho> attempt(PacketExchange exchange, List<EchoAttempt> attempts) {
    List<Outgoing> packets = new ArrayList<>();
    // What is begun is ended: the servers need not wait for it.
    List<Outgoing> resets = new ArrayList<>();
    Set<Integer> ports = new LinkedHashSet<>();
    for (EchoAttempt each : attempts) {
      packets.add(each.echo());
      each.syn().ifPresent(packets::add);
      each.reset().ifPresent(resets::add);
      if (each.tunnel().port() != 0) {
        ports.add(each.port());
      }
    }
    PacketExchange.Result result =
        exchange.exchange(
            packets,
            resets,
            ports,
            wait,
            received -> attempts.stream().allMatch(each -> each.settled(received)));
    List<TunnelEcho> echoes = new ArrayList<>();
    int at = 0;
    for (EchoAttempt each : attempts) {
      Problem problem = result.problems().get(at);
      at += each.tunnel().port() == 0 ? 1 : 2;
      echoes.add(each.judge(problem, result.received()));
    }
    return echoes;
  }

  /** Sends to silent servers once more, between two looks at their counters. */
  private List<Observation> again(
      Cluster cluster, PacketExchange exchange, List<EchoAttempt> silent) {
    Map<String, Member> servers = new LinkedHashMap<>();
    for (EchoAttempt each : silent) {
      cluster
          .server(each.tunnel().server())
          .filter(member -> member.facts().failure().isEmpty())
          .ifPresent(member -> servers.put(member.name(), member));
    }
    if (servers.isEmpty()) {
      return List.of();
    }
    List<Member> members = List.copyOf(servers.values());
    List<Observation> observations =
        new ArrayList<>(CounterSamples.read(members, BEFORE, List.of()));
    List<Outgoing> packets = new ArrayList<>();
    for (int i = 0; i < AGAIN; i++) {
      silent.forEach(each -> packets.add(each.echo()));
    }
    PacketExchange.Result unused =
        exchange.exchange(packets, List.of(), Set.of(), Duration.ofMillis(300), received -> false);
    observations.addAll(CounterSamples.read(members, AFTER, List.of()));
    return observations;
  }

  static TunnelEcho echo(Tunnel tunnel, TunnelEcho.Outcome outcome, String tcp, String detail) {
    return new TunnelEcho(
        IpAddress.format(tunnel.server()),
        IpAddress.format(tunnel.virtualAddress()),
        tunnel.kind().toString(),
        outcome,
        tunnel.port(),
        tcp,
        detail);
  }

  /** The tunnels of a director's table, to servers that are to get something. */
  static List<Tunnel> tunnels(Cluster cluster, Member director) {
    Set<Tunnel> tunnels = new LinkedHashSet<>();
    for (Cluster.Use use : cluster.usesBy(director)) {
      Optional<Encapsulation> kind = use.encapsulation();
      if (kind.isEmpty() || use.server().definition().weight() == 0) {
        continue;
      }
      if (use.service().key() instanceof ServiceKey.Endpoint endpoint) {
        int port = endpoint.protocol().equals(Protocol.TCP) ? endpoint.port() : 0;
        tunnels.add(new Tunnel(use.realAddress(), endpoint.address(), kind.get(), port));
      } else {
        for (InetAddress address : cluster.topology().addresses()) {
          if ((address instanceof Inet4Address)
              == (use.service().key().family() == io.lvstun.AddressFamily.IPV4)) {
            tunnels.add(new Tunnel(use.realAddress(), address, kind.get(), 0));
          }
        }
      }
    }
    return tunnels.stream().limit(MOST_TUNNELS).toList();
  }

  private static boolean sameFamily(InetAddress a, InetAddress b) {
    return a instanceof Inet4Address == b instanceof Inet4Address;
  }

  /** An address of a director, of the family of another, that is no VIP. */
  private static Optional<InetAddress> ownAddress(
      Cluster cluster, Member director, InetAddress like) {
    return director.facts().addresses().known().orElse(List.of()).stream()
        .map(Address::address)
        .filter(address -> sameFamily(address, like))
        .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
        .filter(address -> !cluster.virtualAddresses().contains(address))
        .findFirst();
  }
}
