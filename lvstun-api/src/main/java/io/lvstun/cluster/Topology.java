// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.host.Host;
import io.lvstun.host.SshOptions;
import io.lvstun.steering.SteeringReport;
import io.lvstun.weight.WeightReport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The hosts of a cluster, their roles, and its services. Immutable.
 *
 * <p>What is left out is discovered: services from the director's IPVS table, a real server's
 * address by comparing its addresses with that table.
 *
 * @since 0.1.0
 */
public final class Topology {

  /** Stands in reports for the cluster as a whole; no host may have this name. */
  private static final String RESERVED = Role.CLUSTER.toString();

  private final List<Node> nodes;
  private final List<ServiceKey> services;
  private final Set<InetAddress> addresses;
  private final ClusterStatement statement;

  private Topology(
      List<Node> nodes,
      List<ServiceKey> services,
      Set<InetAddress> addresses,
      ClusterStatement statement) {
    this.nodes = List.copyOf(nodes);
    this.services = List.copyOf(services);
    this.addresses = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(addresses));
    this.statement = statement;
  }

  /**
   * Begins a topology.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads a topology from YAML; {@link ClusterDocument} has the form.
   *
   * @param yaml the text
   * @return the topology
   * @throws IllegalArgumentException if it is not YAML, or not of that form; the message names the
   *     line or the key
   */
  public static Topology parse(String yaml) {
    Objects.requireNonNull(yaml, "yaml");
    return parse(yaml, SshOptions.DEFAULTS);
  }

  /**
   * Reads a topology from YAML.
   *
   * @param yaml the text
   * @param options for hosts that are reached through OpenSSH
   * @return the topology
   * @throws IllegalArgumentException if it is not YAML, or not of that form
   */
  public static Topology parse(String yaml, SshOptions options) {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(yaml, "yaml");
    return ClusterDocument.read("topology", yaml, options);
  }

  /**
   * Returns the hosts.
   *
   * @return in the order they were added
   */
  public List<Node> nodes() {
    return nodes;
  }

  /**
   * Returns the hosts that have a role.
   *
   * @param role the role
   * @return in the order they were added
   */
  public List<Node> nodes(Role role) {
    return nodes.stream().filter(node -> node.roles().contains(role)).toList();
  }

  /**
   * Returns a host.
   *
   * @param name its name
   * @return empty if there is none of that name
   */
  public Optional<Node> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /**
   * Returns the services that were stated.
   *
   * @return the services, those of {@link #desired()} among them
   */
  public List<ServiceKey> services() {
    return services;
  }

  /**
   * Returns the virtual addresses that were stated, by themselves or as part of a service.
   *
   * @return the addresses
   */
  public Set<InetAddress> addresses() {
    return addresses;
  }

  /**
   * Returns the services with their real servers, as they should be.
   *
   * @return empty if that was not stated
   */
  public List<VirtualService> desired() {
    return statement.desired();
  }

  /**
   * Returns what was stated of the control of the cluster, {@link #desired()} included.
   *
   * @return {@link ClusterStatement#UNSTATED} if nothing was
   */
  public ClusterStatement statement() {
    return statement;
  }

  /** Builds a topology. Not thread-safe. */
  public static final class Builder {

    private record Entry(Host host, String name, Set<Role> roles, Set<InetAddress> addresses) {}

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<ServiceKey> services = new LinkedHashSet<>();
    private final Set<InetAddress> addresses = new LinkedHashSet<>();
    private final List<VirtualService> desired = new ArrayList<>();
    private HighAvailability highAvailability = HighAvailability.UNSTATED;
    private Optional<SteeringReport> steering = Optional.empty();
    private Optional<WeightReport> weights = Optional.empty();

    private Builder() {}

    /**
     * Adds a director.
     *
     * @param host how to reach it
     * @return this builder
     */
    public Builder director(Host host) {
      return add("", host, Role.DIRECTOR, List.of());
    }

    /**
     * Adds a director with a name.
     *
     * @param name its name in reports
     * @param host how to reach it
     * @return this builder
     * @throws IllegalArgumentException if the name is not made of letters, digits and {@code ._:@-}
     */
    public Builder director(String name, Host host) {
      return add(named(name), host, Role.DIRECTOR, List.of());
    }

    /**
     * Adds a real server whose address is found in the director's table.
     *
     * @param host how to reach it
     * @return this builder
     */
    public Builder realServer(Host host) {
      return add("", host, Role.REAL_SERVER, List.of());
    }

    /**
     * Adds a real server.
     *
     * @param name its name in reports
     * @param host how to reach it
     * @param addresses the literal addresses that the director tunnels to
     * @return this builder
     * @throws IllegalArgumentException if the name or an address is not valid
     */
    public Builder realServer(String name, Host host, String... addresses) {
      Objects.requireNonNull(addresses, "addresses");
      List<InetAddress> parsed = new ArrayList<>();
      for (String address : addresses) {
        parsed.add(IpAddress.parse(address));
      }
      return add(named(name), host, Role.REAL_SERVER, parsed);
    }

    /**
     * Adds a host that is neither director nor real server, from which probes see what clients see.
     *
     * @param host how to reach it
     * @return this builder
     */
    public Builder vantage(Host host) {
      return add("", host, Role.VANTAGE, List.of());
    }

    /**
     * Adds a vantage host with a name.
     *
     * @param name its name in reports
     * @param host how to reach it
     * @return this builder
     * @throws IllegalArgumentException if the name is not valid
     */
    public Builder vantage(String name, Host host) {
      return add(named(name), host, Role.VANTAGE, List.of());
    }

    /**
     * Adds a service.
     *
     * @param service {@code ADDRESS:PORT}, {@code tcp:}, {@code udp:} or {@code sctp:ADDRESS:PORT},
     *     {@code fwmark:N}, or an address alone, which is a virtual address without a service
     * @return this builder
     * @throws IllegalArgumentException if it is none of these
     */
    public Builder service(String service) {
      Objects.requireNonNull(service, "service");
      Optional<InetAddress> alone = ServiceText.address(service);
      if (alone.isPresent()) {
        addresses.add(alone.get());
        return this;
      }
      return service(ServiceText.parse(service));
    }

    /**
     * Adds a service.
     *
     * @param service what identifies it
     * @return this builder
     */
    public Builder service(ServiceKey service) {
      Objects.requireNonNull(service, "service");
      services.add(service);
      if (service instanceof ServiceKey.Endpoint endpoint) {
        addresses.add(endpoint.address());
      }
      return this;
    }

    /**
     * Adds a service as it should be, with its real servers.
     *
     * @param service the service
     * @return this builder
     */
    public Builder desired(VirtualService service) {
      desired.add(service);
      return service(service.key());
    }

    /**
     * States how the directors share the work; by default it is judged by what is seen.
     *
     * @param mode how
     * @return this builder
     */
    public Builder highAvailability(HighAvailability mode) {
      Objects.requireNonNull(mode, "mode");
      highAvailability = mode;
      return this;
    }

    /**
     * States how clients are steered by place.
     *
     * @param report databases, tables and commands
     * @return this builder
     */
    public Builder steering(SteeringReport report) {
      Objects.requireNonNull(report, "report");
      steering = Optional.of(report);
      return this;
    }

    /**
     * States weights that follow load.
     *
     * @param report the weights and the reports behind them
     * @return this builder
     */
    public Builder weights(WeightReport report) {
      Objects.requireNonNull(report, "report");
      weights = Optional.of(report);
      return this;
    }

    /**
     * States all that is known beside the hosts, in the place of what was stated.
     *
     * @param statement what is known
     * @return this builder
     */
    public Builder statement(ClusterStatement statement) {
      desired.clear();
      statement.desired().forEach(this::desired);
      highAvailability = statement.highAvailability();
      steering = statement.steering();
      weights = statement.weights();
      return this;
    }

    Builder add(String name, Host host, Role role, Collection<InetAddress> addresses) {
      Entry entry =
          entries.computeIfAbsent(
              host.specification(),
              key -> new Entry(host, name, EnumSet.noneOf(Role.class), new LinkedHashSet<>()));
      if (entry.name().isEmpty() && !name.isEmpty()) {
        entry = new Entry(host, name, entry.roles(), entry.addresses());
        entries.put(host.specification(), entry);
      }
      entry.roles().add(role);
      entry.addresses().addAll(addresses);
      return this;
    }

    /** Adds a host with a name. */
    public Builder named(String name, Host host, Role role, Collection<InetAddress> addresses) {
      Objects.requireNonNull(addresses, "addresses");
      Objects.requireNonNull(role, "role");
      return add(named(name), host, role, addresses);
    }

    static String named(String name) {
      if (!name.matches("[A-Za-z0-9_.:@-]{1,64}") || name.equals(RESERVED)) {
        throw new IllegalArgumentException(
            "name must be 1 to 64 letters, digits and ._:@-, and not \"cluster\"");
      }
      return name;
    }

    /**
     * Builds the topology.
     *
     * @return the topology
     * @throws IllegalArgumentException if it has no host, two hosts have the same name, or a host
     *     is a vantage and something else
     */
    public Topology build() {
      if (entries.isEmpty()) {
        throw new IllegalArgumentException("topology must have a director or a real server");
      }
      Map<String, Integer> labels = new HashMap<>();
      entries.values().forEach(entry -> labels.merge(entry.host().label(), 1, Integer::sum));
      List<Node> nodes = new ArrayList<>();
      Set<String> names = new LinkedHashSet<>();
      for (Entry entry : entries.values()) {
        String label = entry.host().label();
        String name =
            !entry.name().isEmpty()
                ? entry.name()
                : labels.getOrDefault(label, 0) > 1 || label.equals(RESERVED)
                    ? entry.host().specification()
                    : label;
        if (!names.add(name)) {
          throw new IllegalArgumentException("two hosts are named " + name);
        }
        if (entry.roles().contains(Role.VANTAGE) && entry.roles().size() > 1) {
          throw new IllegalArgumentException(
              name
                  + " cannot be a vantage: it is a director or a real server, and probes from these"
                  + " do not see what clients see");
        }
        nodes.add(new Node(name, entry.host(), entry.roles(), List.copyOf(entry.addresses())));
      }
      return new Topology(
          nodes,
          List.copyOf(services),
          addresses,
          new ClusterStatement(desired, highAvailability, steering, weights));
    }
  }

  /** Returns the hosts and services in one line. */
  @Override
  public String toString() {
    return nodes.stream().map(Node::name).toList() + " " + services;
  }
}
