// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.cluster.ClusterDocument;
import io.lvstun.cluster.ClusterStatement;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as its facts show it: the hosts, and what follows from all of them together. Immutable;
 * it computes from facts and speaks to no host.
 *
 * @since 0.1.0
 */
public final class Cluster {

  private final Topology topology;
  private final List<Member> members;

  // What every check asks for, worked out once: a cluster may have hundreds of hosts.
  private final Map<String, Set<InetAddress>> realAddresses = new ConcurrentHashMap<>();
  private volatile @Nullable Set<InetAddress> virtualAddresses;
  private volatile @Nullable List<Use> uses;
  private volatile @Nullable Map<InetAddress, Member> servers;

  private Cluster(Topology topology, List<Member> members) {
    this.topology = topology;
    this.members = List.copyOf(members);
  }

  /**
   * Returns the cluster of a topology and the facts of its hosts.
   *
   * @param topology the hosts
   * @param members each host with its facts
   * @return the cluster
   */
  public static Cluster of(Topology topology, List<Member> members) {
    return new Cluster(topology, members);
  }

  /**
   * Returns what was stated of the cluster.
   *
   * @return the topology
   */
  public Topology topology() {
    return topology;
  }

  /**
   * Returns what is stated beside the hosts: by the topology, or else by the section {@value
   * ClusterStatement#SECTION} of a director's facts.
   *
   * @return the statement; unknown if the section cannot be understood
   */
  public Fact<ClusterStatement> statement() {
    if (topology.statement().stated()) {
      return Fact.of(topology.statement());
    }
    for (Member director : members(Role.DIRECTOR)) {
      if (director.facts().section(ClusterStatement.SECTION).isPresent()) {
        return director
            .facts()
            .understand(
                ClusterStatement.SECTION,
                text -> ClusterDocument.readStatement(ClusterStatement.SECTION, text));
      }
    }
    return Fact.of(ClusterStatement.UNSTATED);
  }

  /**
   * Returns the hosts.
   *
   * @return in the order of the topology
   */
  public List<Member> members() {
    return members;
  }

  /**
   * Returns the hosts that have a role.
   *
   * @param role the role
   * @return in the order of the topology
   */
  public List<Member> members(Role role) {
    return members.stream().filter(member -> member.is(role)).toList();
  }

  /**
   * Returns a host.
   *
   * @param name its name
   * @return empty if there is none
   */
  public Optional<Member> member(String name) {
    return members.stream().filter(member -> member.name().equals(name)).findFirst();
  }

  /**
   * Tells whether the table of one director at least could be read.
   *
   * @return true if it is known what the directors do
   */
  public boolean tablesKnown() {
    return members(Role.DIRECTOR).stream()
        .anyMatch(
            director -> director.facts().ipvs().known().filter(IpvsTable::present).isPresent());
  }

  /**
   * Returns those services of a director that are judged: if services or virtual addresses were
   * stated, these; or else those that a tunnel leads from. A service without any server is judged
   * if it shares its address with one of these, or if no other service is somebody else's. All else
   * in the table belongs to somebody else, for example kube-proxy, and is left alone.
   *
   * @param director the director
   * @return its services; none if its table is not known
   */
  public List<ServiceState> services(Member director) {
    List<ServiceState> all = table(director);
    if (!topology.services().isEmpty() || !topology.addresses().isEmpty()) {
      return all.stream().filter(service -> stated(service.key())).toList();
    }
    boolean unshared =
        all.stream().allMatch(service -> service.servers().isEmpty() || tunnelled(service));
    Set<InetAddress> tunnelled = new HashSet<>();
    for (ServiceState service : all) {
      if (tunnelled(service) && service.key() instanceof ServiceKey.Endpoint endpoint) {
        tunnelled.add(endpoint.address());
      }
    }
    return all.stream()
        .filter(
            service ->
                service.servers().isEmpty()
                    ? unshared
                        || (service.key() instanceof ServiceKey.Endpoint endpoint
                            && tunnelled.contains(endpoint.address()))
                    : tunnelled(service))
        .toList();
  }

  /** All that is in a director's table, whosever it is. */
  private static List<ServiceState> table(Member director) {
    return director.facts().ipvs().known().map(IpvsTable::services).orElse(List.of());
  }

  private static boolean tunnelled(ServiceState service) {
    return service.servers().stream()
        .anyMatch(server -> server.definition().forwarding() instanceof Forwarding.Tunnel);
  }

  /** Whether a service, or an address alone with all its services, was stated. */
  private boolean stated(ServiceKey key) {
    if (topology.services().contains(key)) {
      return true;
    }
    return key instanceof ServiceKey.Endpoint endpoint
        ? topology.addresses().contains(endpoint.address())
            && topology.services().stream()
                .noneMatch(
                    service ->
                        service instanceof ServiceKey.Endpoint other
                            && other.address().equals(endpoint.address()))
        // The addresses of a service by mark are in no table.
        : topology.services().isEmpty();
  }

  /**
   * Returns what identifies the services of the cluster: those that were stated, and those in the
   * directors' tables.
   *
   * @return the keys
   */
  public Set<ServiceKey> serviceKeys() {
    Set<ServiceKey> keys = new LinkedHashSet<>(topology.services());
    for (Member director : members(Role.DIRECTOR)) {
      services(director).forEach(service -> keys.add(service.key()));
    }
    return keys;
  }

  /**
   * Returns the virtual addresses: those that were stated, and those in the directors' tables.
   *
   * @return the addresses; those of services by firewall mark only if they were stated
   */
  public Set<InetAddress> virtualAddresses() {
    Set<InetAddress> known = virtualAddresses;
    if (known == null) {
      Set<InetAddress> addresses = new LinkedHashSet<>(topology.addresses());
      for (ServiceKey key : serviceKeys()) {
        if (key instanceof ServiceKey.Endpoint endpoint) {
          addresses.add(endpoint.address());
        }
      }
      known = Collections.unmodifiableSet(addresses);
      virtualAddresses = known;
    }
    return known;
  }

  /**
   * Returns the virtual addresses that a real server needs: those of which a tunnel leads to it, in
   * a director's table or as desired, and those that were stated and have no service with an
   * address.
   *
   * @param server the real server
   * @return the addresses; all of the cluster if it is in no table and nothing is desired of it
   */
  public Set<InetAddress> virtualAddresses(Member server) {
    Set<InetAddress> own = realAddresses(server);
    Set<ServiceKey> keys = new LinkedHashSet<>();
    List<Use> known = uses(server);
    known.stream()
        .filter(use -> use.encapsulation().isPresent())
        .forEach(use -> keys.add(use.service().key()));
    boolean desired = false;
    for (VirtualService service : topology.desired()) {
      for (RealServer entry : service.realServers()) {
        if (own.contains(entry.address())) {
          desired = true;
          if (entry.forwarding() instanceof Forwarding.Tunnel) {
            keys.add(service.key());
          }
        }
      }
    }
    if (known.isEmpty() && !desired) {
      return strangersOnly(server) ? Set.of() : virtualAddresses();
    }
    Set<InetAddress> addresses = new LinkedHashSet<>(topology.addresses());
    for (ServiceKey key : serviceKeys()) {
      if (key instanceof ServiceKey.Endpoint endpoint) {
        addresses.remove(endpoint.address());
      }
    }
    for (ServiceKey key : keys) {
      if (key instanceof ServiceKey.Endpoint endpoint) {
        addresses.add(endpoint.address());
      }
    }
    return Collections.unmodifiableSet(addresses);
  }

  /**
   * Returns the addresses that the directors send a real server's packets to.
   *
   * @param server the real server
   * @return those that were stated; or else those of its addresses that are in a director's table;
   *     or else, if no table is known, all of its own that are not virtual
   */
  public Set<InetAddress> realAddresses(Member server) {
    return realAddresses.computeIfAbsent(
        server.name(), name -> Collections.unmodifiableSet(findRealAddresses(server)));
  }

  private Set<InetAddress> findRealAddresses(Member server) {
    if (!server.node().addresses().isEmpty()) {
      return new LinkedHashSet<>(server.node().addresses());
    }
    Set<InetAddress> own = new LinkedHashSet<>();
    for (Address address : server.facts().addresses().known().orElse(List.of())) {
      if (!address.address().isLoopbackAddress() && !address.address().isLinkLocalAddress()) {
        own.add(address.address());
      }
    }
    own.removeAll(virtualAddresses());
    Set<InetAddress> listed = new LinkedHashSet<>();
    for (Member director : members(Role.DIRECTOR)) {
      for (ServiceState service : table(director)) {
        service.servers().forEach(entry -> listed.add(entry.definition().address()));
      }
    }
    Set<InetAddress> known = new LinkedHashSet<>(own);
    known.retainAll(listed);
    return known.isEmpty() ? own : known;
  }

  /**
   * How a director sends packets to a real server.
   *
   * @param director the director
   * @param service the service
   * @param server the entry of the real server
   * @param encapsulationKnown whether the kind of tunnel is known
   * @since 0.1.0
   */
  public record Use(
      Member director, ServiceState service, ServerState server, boolean encapsulationKnown) {

    /**
     * Returns the kind of tunnel.
     *
     * @return empty if the server is not reached through a tunnel
     */
    public Optional<Encapsulation> encapsulation() {
      return server.definition().forwarding() instanceof Forwarding.Tunnel tunnel
          ? Optional.of(tunnel.encapsulation())
          : Optional.empty();
    }

    /**
     * Returns the real server's address.
     *
     * @return the outer destination
     */
    public InetAddress realAddress() {
      return server.definition().address();
    }
  }

  /**
   * Returns how the directors send packets to a real server.
   *
   * @param server the real server
   * @return one for each entry of each director's table; none if it is in no table
   */
  public List<Use> uses(Member server) {
    Set<InetAddress> own = realAddresses(server);
    return uses().stream().filter(use -> own.contains(use.realAddress())).toList();
  }

  /**
   * Returns how the directors reach a real server, for any service, whosever it is.
   *
   * @param server the real server
   * @return the methods in the tables; none if it is in no table
   */
  public Set<Forwarding> forwardings(Member server) {
    Set<InetAddress> own = realAddresses(server);
    Set<Forwarding> found = new LinkedHashSet<>();
    for (Member director : members(Role.DIRECTOR)) {
      for (ServiceState service : table(director)) {
        for (ServerState entry : service.servers()) {
          if (own.contains(entry.definition().address())) {
            found.add(entry.definition().forwarding());
          }
        }
      }
    }
    return found;
  }

  /**
   * Tells whether the directors send packets to a real server for services of somebody else alone.
   *
   * @param server the real server
   * @return true if no service was stated, and none of those that lead to it is LVS-TUN's; false if
   *     it is in no table
   */
  public boolean strangersOnly(Member server) {
    return topology.services().isEmpty()
        && topology.addresses().isEmpty()
        && uses(server).isEmpty()
        && listedBy(server).isPresent();
  }

  /**
   * Tells in which director's table a real server is, in any service, whosever it is.
   *
   * @param server the real server
   * @return the first such director; empty if there is none
   */
  public Optional<Member> listedBy(Member server) {
    Set<InetAddress> own = realAddresses(server);
    return members(Role.DIRECTOR).stream()
        .filter(
            director ->
                table(director).stream()
                    .flatMap(service -> service.servers().stream())
                    .anyMatch(entry -> own.contains(entry.definition().address())))
        .findFirst();
  }

  /**
   * Returns how a director sends packets to its real servers.
   *
   * @param director the director
   * @return one for each entry of its table
   */
  public List<Use> usesBy(Member director) {
    return uses().stream().filter(use -> use.director().name().equals(director.name())).toList();
  }

  private List<Use> uses() {
    List<Use> known = uses;
    if (known == null) {
      known = findUses();
      uses = known;
    }
    return known;
  }

  private List<Use> findUses() {
    List<Use> uses = new ArrayList<>();
    for (Member director : members(Role.DIRECTOR)) {
      Optional<IpvsTable> table = director.facts().ipvs().known();
      for (ServiceState service : services(director)) {
        for (ServerState entry : service.servers()) {
          uses.add(
              new Use(
                  director,
                  service,
                  entry,
                  table.map(IpvsTable::encapsulationKnown).orElse(false)));
        }
      }
    }
    return List.copyOf(uses);
  }

  /**
   * Returns the host that has an address which the directors send to.
   *
   * @param realAddress the address
   * @return empty if no host of the topology has it
   */
  public Optional<Member> server(InetAddress realAddress) {
    Map<InetAddress, Member> known = servers;
    if (known == null) {
      known = new HashMap<>();
      for (Member member : members(Role.REAL_SERVER)) {
        for (InetAddress address : realAddresses(member)) {
          known.putIfAbsent(address, member);
        }
      }
      servers = known;
    }
    return Optional.ofNullable(known.get(realAddress));
  }

  /**
   * Returns the outer source addresses of the packets that a director sends to an address.
   *
   * @param director the director
   * @param realAddress the real server's address
   * @return the address that the director's route prefers; unknown if the route is
   */
  public Fact<InetAddress> outerSource(Member director, InetAddress realAddress) {
    Fact<RouteFacts> route = director.facts().routeTo(realAddress);
    if (route.known().isEmpty()) {
      return Fact.unknown(route.reason());
    }
    return route
        .get()
        .source()
        .map(Fact::of)
        .orElseGet(
            () -> Fact.unknown("the route to it from " + director.name() + " has no source"));
  }

  /**
   * Returns the outer source addresses of all packets that a real server gets.
   *
   * @param server the real server
   * @return the addresses that are known
   */
  public Set<InetAddress> outerSources(Member server) {
    Set<InetAddress> sources = new LinkedHashSet<>();
    for (Member director : members(Role.DIRECTOR)) {
      for (InetAddress address : realAddresses(server)) {
        outerSource(director, address).known().ifPresent(sources::add);
      }
    }
    return sources;
  }
}
