// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Describes a topology before it is made. {@link Topology#tutorial()}, {@link Topology#routed} and
 * {@link Topology#flat} give one. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class TopologyBuilder {
  private static final String DEVICE = "eth0";
  private static final String ROUTER = "router";
  private static final String SWITCH = "switch";

  private final boolean flat;
  private int servers;
  private int directors = 1;
  private boolean vipOnDirector = true;
  private boolean repliesThroughDirector;
  private boolean httpServers = true;
  private List<Integer> ports = List.of(80, 8080);
  private Preparation preparation;
  private final Map<String, Preparation> preparations = new HashMap<>();
  private final Map<String, LinkQuality> qualities = new HashMap<>();

  TopologyBuilder(boolean flat, int servers) {
    this.flat = flat;
    this.preparation = flat ? Preparation.directRouting() : Preparation.tunnel();
    realServers(servers);
  }

  /**
   * How many real servers there are: rs1, rs2 and so on.
   *
   * @throws IllegalArgumentException if not within 0 to 4000 (flat: 99)
   */
  @CanIgnoreReturnValue
  public TopologyBuilder realServers(int count) {
    int most = flat ? AddressPlan.MOST_FLAT_SERVERS : AddressPlan.MOST_ROUTED_SERVERS;
    servers = checked("realServers", count, 0, most);
    return this;
  }

  /**
   * How many directors there are: director, director2, director3 and so on, all in one network.
   * Default: 1.
   *
   * @throws IllegalArgumentException if not within 1 to 50
   */
  @CanIgnoreReturnValue
  public TopologyBuilder directors(int count) {
    directors = checked("directors", count, 1, AddressPlan.MOST_DIRECTORS);
    return this;
  }

  /** Whether the first director has the VIP (IPv4 and IPv6) on its eth0. Default: true. */
  @CanIgnoreReturnValue
  public TopologyBuilder vipOnDirector(boolean wanted) {
    vipOnDirector = wanted;
    return this;
  }

  /**
   * Whether real servers of a flat topology send their answers to the first director, which
   * forwards them, as masquerading needs. Default: false, they send them straight to the client.
   *
   * @throws IllegalStateException in a routed topology
   */
  @CanIgnoreReturnValue
  public TopologyBuilder repliesThroughDirector(boolean wanted) {
    if (!flat) {
      throw new IllegalStateException("only a flat topology can reply through the director");
    }
    repliesThroughDirector = wanted;
    return this;
  }

  /** How the real servers are made ready. Default: for tunnels; in a flat topology, for routing. */
  @CanIgnoreReturnValue
  public TopologyBuilder prepare(Preparation wanted) {
    preparation = Objects.requireNonNull(wanted, "wanted");
    return this;
  }

  /** How one real server is made ready. */
  @CanIgnoreReturnValue
  public TopologyBuilder prepare(String server, Preparation wanted) {
    preparations.put(server, Objects.requireNonNull(wanted, "wanted"));
    return this;
  }

  /** Whether the real servers run HTTP servers. Default: true. */
  @CanIgnoreReturnValue
  public TopologyBuilder httpServers(boolean wanted) {
    httpServers = wanted;
    return this;
  }

  /** The ports, TCP and UDP, that real servers answer on. Default: 80 and 8080. */
  @CanIgnoreReturnValue
  public TopologyBuilder ports(int... wanted) {
    List<Integer> list = new ArrayList<>();
    for (int port : wanted) {
      list.add(checked("port", port, 1, 65535));
    }
    ports = List.copyOf(list);
    return this;
  }

  /** The MTU of a host's cable in bytes. Default: 1500. */
  @CanIgnoreReturnValue
  public TopologyBuilder mtu(String host, int bytes) {
    return quality(host, quality -> quality.withMtu(bytes));
  }

  /** How much of what passes a host's cable is lost, each way, in percent. Default: 0. */
  @CanIgnoreReturnValue
  public TopologyBuilder loss(String host, double percent) {
    return quality(host, quality -> quality.withLoss(percent));
  }

  /** How long packets take on a host's cable, each way. Default: no time. */
  @CanIgnoreReturnValue
  public TopologyBuilder delay(String host, Duration time) {
    return quality(host, quality -> quality.withDelay(time));
  }

  private TopologyBuilder quality(String host, UnaryOperator<LinkQuality> change) {
    qualities.put(host, change.apply(qualities.getOrDefault(host, LinkQuality.PERFECT)));
    return this;
  }

  private static int checked(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          what + ": " + value + " is not within " + least + " to " + most);
    }
    return value;
  }

  // -----------------------------------------------------------------------------------------
  // making

  /**
   * Makes the topology and starts its servers; when this returns, packets flow.
   *
   * @throws LabException if this is not the lab, a host of this topology is there already, or
   *     something cannot be made; nothing is left behind
   */
  public Topology start() {
    Lab.require();
    Map<String, LabHost> hosts = new LinkedHashMap<>();
    List<String> namespaces = new ArrayList<>();
    NetworkScript script = new NetworkScript();
    describe(script, hosts, namespaces);
    loadModules();
    Topology topology = new Topology(hosts, namespaces, servers, directors);
    topology.refuseIfPresent();
    try {
      script.execute();
      if (httpServers) {
        startServers(topology);
      }
    } catch (RuntimeException | Error e) {
      topology.close();
      throw e;
    }
    return topology;
  }

  private void loadModules() {
    TreeSet<String> modules = new TreeSet<>(preparation.modules());
    modules.add("ip_vs");
    preparations.values().forEach(each -> modules.addAll(each.modules()));
    if (qualities.values().stream().anyMatch(LinkQuality::needsNetem)) {
      modules.add("sch_netem");
    }
    List<String> command = new ArrayList<>(List.of("modprobe", "-a"));
    command.addAll(modules);
    Commands.run(command, "", Duration.ofSeconds(60)).orThrow();
  }

  private void startServers(Topology topology) {
    for (LabHost host : topology.realServers()) {
      host.startServer(
          List.of(host.address(), host.address6(), topology.vip(), topology.vip6()), ports);
    }
    topology.realServers().forEach(LabHost::awaitServer);
  }

  private void describe(NetworkScript script, Map<String, LabHost> hosts, List<String> namespaces) {
    String centre = flat ? SWITCH : ROUTER;
    namespaces.add(centre);
    NetworkScript.Namespace middle = script.namespace(centre);
    middle.ip("link set lo up");
    if (flat) {
      middle.ip("link add bridge type bridge");
      middle.ip("link set bridge up");
    } else {
      settle(middle);
      middle.sysctl("net.ipv4.ip_forward", 1);
      middle.sysctl("net.ipv6.conf.all.forwarding", 1);
      // Directors share a network, so that a VIP can move from one to the other.
      middle.ip("link add directors type bridge");
      middle.ip("link set directors up");
      addresses(middle, "directors", AddressPlan.gatewayOf(AddressPlan.VIP));
    }

    NetworkScript.Namespace client = host(script, hosts, centre, "client", AddressPlan.CLIENT);
    for (int i = 1; i <= directors; i++) {
      String name = i == 1 ? "director" : "director" + i;
      String address = AddressPlan.director(i);
      NetworkScript.Namespace director = host(script, hosts, centre, name, address);
      // Else a client that uses a port again waits for the server of before, if that was removed.
      director.sysctl("net.ipv4.vs.expire_nodest_conn", 1);
      if (flat) {
        addresses(director, DEVICE, AddressPlan.directorOutside(i));
        director.sysctl("net.ipv4.ip_forward", 1);
        director.sysctl("net.ipv6.conf.all.forwarding", 1);
      }
      if (i == 1 && vipOnDirector) {
        director.ip("address add " + AddressPlan.VIP + "/32 dev " + DEVICE);
        // Deprecated, so that the kernel does not take the VIP for the source of tunnel packets: a
        // real server drops an outer header that claims to come from one of its own addresses.
        director.ip(
            "address add "
                + AddressPlan.v6(AddressPlan.VIP)
                + "/128 dev eth0 nodad preferred_lft 0");
      }
    }
    for (int i = 1; i <= servers; i++) {
      String name = "rs" + i;
      String address = flat ? AddressPlan.flatServer(i) : AddressPlan.routedServer(i);
      NetworkScript.Namespace server = host(script, hosts, centre, name, address);
      server.sysctl("net.ipv4.conf.all.rp_filter", 1);
      server.sysctl("net.ipv4.conf.default.rp_filter", 1);
      server.sysctl("net.ipv4.conf.eth0.rp_filter", 1);
      // A director on the same wire tells servers of a shorter way to the client, around itself.
      server.sysctl("net.ipv6.conf.eth0.accept_redirects", 0);
      if (flat) {
        flatRoute(server, AddressPlan.CLIENT, repliesThroughDirector);
      }
      Preparation own = preparations.getOrDefault(name, preparation);
      own.addTo(server, AddressPlan.VIP, AddressPlan.v6(AddressPlan.VIP));
    }
    if (flat) {
      flatRoute(client, AddressPlan.VIP, false);
    }
    namespaces.addAll(hosts.keySet());
    refuseUnknown(hosts, preparations.keySet(), "prepare");
    refuseUnknown(hosts, qualities.keySet(), "mtu, loss or delay");
  }

  private static void refuseUnknown(
      Map<String, LabHost> hosts, Iterable<String> names, String what) {
    for (String name : names) {
      if (!hosts.containsKey(name)) {
        throw new IllegalArgumentException(
            what + ": there is no host " + name + " among " + hosts.keySet());
      }
    }
  }

  /** Adds a host, its cable to the middle, its addresses and its way out. */
  private NetworkScript.Namespace host(
      NetworkScript script,
      Map<String, LabHost> hosts,
      String centre,
      String name,
      String address) {
    LinkQuality quality = qualities.getOrDefault(name, LinkQuality.PERFECT);
    script.cable(name, DEVICE, centre, name);
    NetworkScript.Namespace middle = script.namespace(centre);
    NetworkScript.Namespace host = script.namespace(name);
    settle(host);
    host.ip("link set lo up");
    host.ip("link set eth0 mtu " + quality.mtu() + " up");
    addresses(host, DEVICE, address);
    if (flat) {
      middle.ip("link set " + name + " master bridge");
    } else {
      String gateway = AddressPlan.gatewayOf(address);
      host.ip("route add default via " + gateway);
      host.ip6("route add default via " + AddressPlan.v6(gateway));
      if (name.startsWith("director")) {
        middle.ip("link set " + name + " master directors");
      } else {
        addresses(middle, name, gateway);
      }
    }
    middle.ip("link set " + name + " mtu " + quality.mtu() + " up");
    if (quality.needsNetem()) {
      host.tc("qdisc add dev eth0 root " + quality.netem());
      middle.tc("qdisc add dev " + name + " root " + quality.netem());
    }
    hosts.put(name, new LabHost(name, address, centre, name, quality));
    return host;
  }

  /** Settings that differ between kernels and distributions, put where all tests expect them. */
  private static void settle(NetworkScript.Namespace host) {
    for (String scope : List.of("all", "default")) {
      host.sysctl("net.ipv4.conf." + scope + ".rp_filter", 0);
      host.sysctl("net.ipv4.conf." + scope + ".send_redirects", 0);
      host.sysctl("net.ipv4.conf." + scope + ".accept_redirects", 0);
      host.sysctl("net.ipv6.conf." + scope + ".accept_ra", 0);
      host.sysctl("net.ipv6.conf." + scope + ".accept_dad", 0);
    }
    host.sysctl("net.ipv4.ip_forward", 0);
  }

  private static void addresses(NetworkScript.Namespace host, String device, String address) {
    host.ip("address add " + address + "/24 dev " + device);
    host.ip("address add " + AddressPlan.v6(address) + "/64 dev " + device + " nodad");
  }

  /** The way to the other network on the same wire. */
  private static void flatRoute(
      NetworkScript.Namespace host, String target, boolean throughDirector) {
    String gateway = AddressPlan.director(1);
    String via = throughDirector ? " via " + gateway : "";
    String via6 = throughDirector ? " via " + AddressPlan.v6(gateway) : "";
    host.ip("route add " + AddressPlan.network(target) + via + " dev eth0");
    host.ip6("route add " + AddressPlan.network6(target) + via6 + " dev eth0");
  }
}
