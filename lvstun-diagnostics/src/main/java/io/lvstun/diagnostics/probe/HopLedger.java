// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.IpAddress;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Member;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the requests of one vantage host stop: the steps of their way to one real server, from
 * counters that were read on all hosts before and after.
 *
 * @param vantage the host that the requests came from
 * @param server the real server that they went to; empty if they came to none
 * @param requests how many of them were not answered
 * @param hops the steps, in order
 * @since 0.1.0
 */
public record HopLedger(String vantage, String server, int requests, List<Hop> hops) {

  /** What the vantage host noted of its requests. */
  public static final String REQUESTS = "probe.ledger";

  static final String IDLE = "probe.ledger.idle";
  static final String BEFORE = "probe.ledger.before";
  static final String AFTER = "probe.ledger.after";

  private static final List<String> DECAPSULATION =
      List.of(
          Codes.IPIP_MODULE,
          Codes.FALLBACK_DEVICE,
          Codes.TUNNEL_UP,
          Codes.TUNNEL_WINNER,
          Codes.CALICO_DEVICE,
          Codes.TUNL0_OWNER,
          Codes.VIP_PREFIX,
          Codes.SERVICE_LISTENS,
          Codes.FILTER_INPUT,
          Codes.ALL_WINS,
          Codes.RP_FILTER_STAYS,
          Codes.FILTER_RULE,
          Codes.OUTER_SOURCE,
          Codes.OVER_IPV6,
          Codes.IPV6_IN_IPV4);
  private static final List<String> DELIVERY =
      List.of(
          Codes.STRICT_FILTER,
          Codes.ALL_WINS,
          Codes.RP_FILTER_STAYS,
          Codes.FILTER_RULE,
          Codes.OUTER_SOURCE,
          Codes.TUNNEL_VIP,
          Codes.TUNNEL_LOOP,
          Codes.TUNNEL_ADDRESS,
          Codes.FILTER_INNER,
          Codes.IPV6_VIP_USABLE,
          Codes.TUNNEL_OFFLOAD_WORKS);

  /** Copies the list. */
  public HopLedger {
    hops = List.copyOf(hops);
  }

  /**
   * Returns the first step that the requests did not take.
   *
   * @return empty if none is known
   */
  public Optional<Hop> firstBroken() {
    return hops.stream().filter(hop -> hop.state() == Hop.State.BROKEN).findFirst();
  }

  /**
   * Reads the ledgers of a vantage host: one for each real server that some of its requests went to
   * without an answer.
   *
   * @param cluster the hosts, with what the probe noted
   * @param vantage the vantage host
   * @return the ledgers; none if all requests were answered; unknown if the notes cannot be read
   */
  public static Fact<List<HopLedger>> of(Cluster cluster, Member vantage) {
    Fact<List<ConnectionAttempt>> attempts =
        vantage.facts().understand(REQUESTS, ConnectionAttempt::parse);
    return attempts.map(
        all -> {
          List<ConnectionAttempt> failed =
              all.stream().filter(attempt -> !attempt.outcome().opened()).toList();
          return failed.isEmpty() ? List.of() : ledgers(cluster, vantage, failed);
        });
  }

  private static List<HopLedger> ledgers(
      Cluster cluster, Member vantage, List<ConnectionAttempt> failed) {
    List<CounterGrowth> directors = new ArrayList<>();
    for (Member director : cluster.members(Role.DIRECTOR)) {
      CounterGrowth.of(director).ifPresent(directors::add);
    }
    Map<String, Integer> byServer = new LinkedHashMap<>();
    Map<String, CounterGrowth> scheduledBy = new LinkedHashMap<>();
    int scheduled = 0;
    for (ConnectionAttempt attempt : failed) {
      for (CounterGrowth director : directors) {
        Optional<InetAddress> server = director.connection(attempt);
        if (server.isPresent()) {
          scheduled++;
          byServer.merge(IpAddress.format(server.get()), 1, Integer::sum);
          scheduledBy.putIfAbsent(IpAddress.format(server.get()), director);
          break;
        }
      }
    }
    List<HopLedger> ledgers = new ArrayList<>();
    int lost = failed.size() - scheduled;
    if (lost > 0) {
      ledgers.add(new HopLedger(vantage.name(), "", lost, toDirector(directors, failed, lost)));
    }
    byServer.forEach(
        (address, requests) ->
            ledgers.add(
                toServer(
                    cluster,
                    vantage,
                    failed,
                    Optional.ofNullable(scheduledBy.get(address)).orElseThrow(),
                    IpAddress.parse(address),
                    requests)));
    return ledgers;
  }

  /** The steps of requests that no director made a connection of. */
  private static List<Hop> toDirector(
      List<CounterGrowth> directors, List<ConnectionAttempt> failed, int lost) {
    boolean refused =
        failed.stream().anyMatch(attempt -> attempt.outcome() == ConnectionAttempt.Outcome.REFUSED);
    List<Hop> hops = new ArrayList<>();
    for (CounterGrowth director : directors) {
      String name = director.member().name();
      hops.add(
          director.hop(
              name + " gets packets",
              List.of("Ip.InReceives", "Ip6InReceives"),
              lost,
              List.of(),
              List.of(
                  Codes.ARP_IGNORE,
                  Codes.VIP_HAS_ONE_MAC,
                  Codes.ONE_OWNER_OF_THE_ADDRESS,
                  Codes.ANSWERS_ARRIVE)));
      hops.add(
          new Hop(
              name,
              name + " makes connections of them",
              "/proc/net/ip_vs_conn",
              lost,
              0,
              Hop.State.BROKEN,
              director.clues("TcpExt.IPReversePathFilter", "Ip.ForwDatagrams", "Tcp.OutRsts"),
              refused
                  ? List.of(
                      Codes.SOME_WEIGHT_ABOVE_ZERO,
                      Codes.VIP_LOCAL_ON_DIRECTOR,
                      Codes.TABLE_DRIFT,
                      Codes.NO_MARK_BY_PAYLOAD_FOR_TCP,
                      Codes.MARK_IS_SET)
                  : List.of(
                      Codes.VIP_LOCAL_ON_DIRECTOR,
                      Codes.TABLE_DRIFT,
                      Codes.FILTER_STATEFUL,
                      Codes.FILTER_OUTPUT,
                      Codes.MARK_IS_SET,
                      Codes.NO_DEFENCE_ACTIVE)));
    }
    return hops;
  }

  private static HopLedger toServer(
      Cluster cluster,
      Member vantage,
      List<ConnectionAttempt> failed,
      CounterGrowth director,
      InetAddress address,
      int requests) {
    List<Hop> hops = new ArrayList<>();
    String directorName = director.member().name();
    hops.add(
        new Hop(
            directorName,
            directorName + " makes connections of them",
            "/proc/net/ip_vs_conn",
            requests,
            requests,
            Hop.State.PASSED,
            List.of(),
            List.of()));
    director
        .deviceTo(address)
        .ifPresent(
            device ->
                hops.add(
                    director.hop(
                        directorName + " sends them through the tunnel",
                        List.of("dev." + device + ".tx_packets"),
                        requests,
                        List.of("Ip.OutDiscards", "Ip.OutNoRoutes", "Ip.FragFails"),
                        List.of(Codes.FILTER_OUTPUT, Codes.FORWARDING_METHOD, Codes.PATH_MTU))));
    Optional<Member> member = cluster.server(address);
    Optional<CounterGrowth> server = member.flatMap(CounterGrowth::of);
    String name = member.map(Member::name).orElse(IpAddress.format(address));
    if (server.isPresent()) {
      serverHops(hops, server.get(), failed, address, requests);
    }
    hops.add(answers(vantage, failed, requests));
    return new HopLedger(vantage.name(), name, requests, hops);
  }

  private static void serverHops(
      List<Hop> hops,
      CounterGrowth server,
      List<ConnectionAttempt> failed,
      InetAddress address,
      int requests) {
    String name = server.member().name();
    server
        .deviceOf(address)
        .ifPresent(
            device ->
                hops.add(
                    server.hop(
                        name + " gets them",
                        List.of("dev." + device + ".rx_packets"),
                        requests,
                        List.of(),
                        List.of(
                            Codes.FILTER_OUTPUT,
                            Codes.AZURE_CARRIES_TUNNELS,
                            Codes.DIGITALOCEAN_CARRIES_TUNNELS,
                            Codes.AWS_CARRIES_TUNNELS_AND_ANSWERS,
                            Codes.GOOGLE_CARRIES_TUNNELS_AND_ANSWERS))));
    Hop decapsulation =
        server.hop(
            name + " takes them out of the tunnel",
            server.tunnelCounters(),
            requests,
            List.of(
                "Icmp.OutDestUnreachs",
                "TcpExt.IPReversePathFilter",
                "rt_cache.in_martian_src",
                "Ip.InAddrErrors",
                "Udp.NoPorts",
                "Udp.InErrors"),
            DECAPSULATION);
    long halfOpen = server.halfOpen(failed);
    if (decapsulation.state() == Hop.State.PASSED || halfOpen > 0) {
      // Only tunnels' packets pass a tunnel device: what comes before worked, whatever other
      // traffic made of its counters.
      hops.replaceAll(hop -> hop.as(Hop.State.PASSED));
      decapsulation = decapsulation.as(Hop.State.PASSED);
    }
    hops.add(decapsulation);
    hops.add(delivery(server, name, requests, halfOpen));
    hops.add(answer(server, name, requests, halfOpen));
    if (!server.wires().isEmpty()) {
      hops.add(
          server.hop(
              name + " sends the answers",
              server.wires(),
              requests,
              List.of("Ip.OutNoRoutes", "Ip.OutDiscards"),
              List.of(Codes.FILTER_OUTPUT, Codes.WAY_BACK, Codes.ARP_ANNOUNCE)));
    }
  }

  private static Hop delivery(CounterGrowth server, String name, int requests, long halfOpen) {
    List<String> drops =
        List.of(
            "TcpExt.IPReversePathFilter",
            "Ip.InAddrErrors",
            "rt_cache.in_martian_src",
            "rt_cache.in_martian_dst",
            "Ip.ForwDatagrams",
            "Tcp.InCsumErrors");
    Hop delivery =
        server.hop(name + " hands them to TCP", List.of("Tcp.InSegs"), requests, drops, DELIVERY);
    if (halfOpen > 0) {
      return delivery.as(Hop.State.PASSED);
    }
    boolean dropped =
        drops.stream().anyMatch(counter -> server.growth(counter).orElse(0L) >= requests);
    return dropped ? delivery.as(Hop.State.BROKEN) : delivery;
  }

  private static Hop answer(CounterGrowth server, String name, int requests, long halfOpen) {
    Hop answer =
        server.hop(
            name + " answers them",
            List.of("Tcp.OutSegs"),
            requests,
            List.of(
                "Tcp.OutRsts", "TcpExt.ListenDrops", "TcpExt.ListenOverflows", "Ip.OutNoRoutes"),
            List.of(Codes.ACCEPT_QUEUE_LARGE_ENOUGH, Codes.WAY_BACK));
    if (halfOpen > 0) {
      return answer.as(Hop.State.PASSED);
    }
    if (server.growth("Ip.OutNoRoutes").orElse(0L) >= requests) {
      return answer.as(Hop.State.BROKEN).saying(name + " finds a route for its answers");
    }
    // A reset is an answer too, but not the one that is wanted.
    return server.growth("Tcp.OutRsts").orElse(0L) >= requests
        ? answer
            .as(Hop.State.BROKEN)
            .saying(name + " answers them with a reset: nothing listens on the port")
        : answer;
  }

  private static Hop answers(Member vantage, List<ConnectionAttempt> failed, int requests) {
    Set<String> outcomes = new LinkedHashSet<>();
    failed.forEach(
        attempt -> outcomes.add(attempt.outcome().name().toLowerCase(java.util.Locale.ROOT)));
    return new Hop(
        vantage.name(),
        vantage.name() + " gets the answers",
        "connections that opened",
        requests,
        0,
        Hop.State.BROKEN,
        List.copyOf(outcomes),
        List.of(
            Codes.ANSWERS_ARRIVE,
            Codes.AWS_CARRIES_TUNNELS_AND_ANSWERS,
            Codes.GOOGLE_CARRIES_TUNNELS_AND_ANSWERS,
            Codes.OPENSTACK_CARRIES_TUNNELS_AND_ANSWERS,
            Codes.FILTER_STATEFUL,
            Codes.ARP_IGNORE));
  }

  /** The device that a member's route to an address leaves by. */
  static Optional<String> deviceTo(Member member, InetAddress address) {
    return member
        .facts()
        .routeTo(address)
        .known()
        .map(RouteFacts::device)
        .filter(device -> !device.isEmpty());
  }

  static Optional<String> deviceOf(Member member, InetAddress address) {
    return member.facts().addresses().known().orElse(List.of()).stream()
        .filter(own -> own.address().equals(address))
        .map(Address::device)
        .findFirst();
  }

  static List<LinkFacts> links(Member member) {
    return member.facts().links().known().orElse(List.of());
  }
}
