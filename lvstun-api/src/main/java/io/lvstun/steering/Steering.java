// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Distributes the clients of one virtual address over pools: rules, tried in order, and a default
 * pool for clients that match none. Immutable: each method returns a new, already valid value.
 *
 * <pre>{@code
 * Steering web =
 *     Steering.tcp("192.168.1.200", 80, Pool.of("europe", s -> s.addRealServer("192.168.2.101").tunnel()))
 *         .pool(Pool.of("asia", s -> s.addRealServer("192.168.3.102").tunnel()))
 *         .send(Match.countries("CN", "JP"), "asia");
 * }</pre>
 *
 * @since 0.1.0
 */
public final class Steering {

  /** How many pools one steering may have. */
  public static final int MAX_POOLS = 1024;

  private final InetAddress address;
  private final Protocol protocol;
  private final List<PortRange> ports;
  private final Map<String, Pool> pools; // the default first
  private final List<SteeringRule> rules;
  private final boolean fastOpen;

  private Steering(
      InetAddress address,
      Protocol protocol,
      List<PortRange> ports,
      Map<String, Pool> pools,
      List<SteeringRule> rules,
      boolean fastOpen) {
    this.address = address;
    this.protocol = protocol;
    this.ports = List.copyOf(ports);
    this.pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
    this.rules = List.copyOf(rules);
    this.fastOpen = fastOpen;
    SteeringRule.check(this.rules, this.pools);
    checkFailover();
    checkPayload();
    checkOnePacket();
  }

  /**
   * Begins the steering of a TCP port.
   *
   * @param address virtual address, an IPv4 or IPv6 literal
   * @param port 1 to 65535
   * @param defaultPool where clients go to whom no rule applies
   * @return a steering without rules
   * @throws IllegalArgumentException if the address is no literal or the port is out of range
   */
  public static Steering tcp(String address, int port, Pool defaultPool) {
    return of(address, Protocol.TCP, port, defaultPool);
  }

  /**
   * Begins the steering of a UDP port.
   *
   * @param address virtual address, an IPv4 or IPv6 literal
   * @param port 1 to 65535
   * @param defaultPool where clients go to whom no rule applies
   * @return a steering without rules
   * @throws IllegalArgumentException if the address is no literal or the port is out of range
   */
  public static Steering udp(String address, int port, Pool defaultPool) {
    return of(address, Protocol.UDP, port, defaultPool);
  }

  private static Steering of(String address, Protocol protocol, int port, Pool pool) {
    return new Steering(
        IpAddress.parse(address),
        protocol,
        List.of(checked(new PortRange(port, port))),
        Map.of(pool.name(), pool),
        List.of(),
        false);
  }

  private static PortRange checked(PortRange ports) {
    if (ports.first() == 0) {
      throw new IllegalArgumentException("port must be 1 to 65535, not 0");
    }
    return ports;
  }

  /**
   * Returns a copy that steers more ports of the address.
   *
   * @param first 1 to 65535
   * @param last {@code first} to 65535
   * @return the copy
   * @throws IllegalArgumentException if a port is out of range or steered already
   */
  public Steering ports(int first, int last) {
    PortRange added = checked(new PortRange(first, last));
    for (PortRange present : ports) {
      if (added.first() <= present.last() && present.first() <= added.last()) {
        throw new IllegalArgumentException("ports " + added + " overlap " + present);
      }
    }
    List<PortRange> all = new ArrayList<>(ports);
    all.add(added);
    return new Steering(address, protocol, all, pools, rules, fastOpen);
  }

  /**
   * Returns a copy with one more pool, or with another one in place of that of the same name.
   *
   * @param pool the pool
   * @return the copy
   * @throws IllegalArgumentException if there are too many
   */
  public Steering pool(Pool pool) {
    Map<String, Pool> all = new LinkedHashMap<>(pools);
    all.put(pool.name(), pool);
    if (all.size() > MAX_POOLS) {
      throw new IllegalArgumentException("a steering has at most " + MAX_POOLS + " pools");
    }
    return new Steering(address, protocol, ports, all, rules, fastOpen);
  }

  /**
   * Returns a copy with one more rule, behind the others.
   *
   * @param match which clients or packets
   * @param pool name of a pool
   * @return the copy
   * @throws IllegalArgumentException if there is no such pool, or the match cannot work here
   */
  public Steering send(Match match, String pool) {
    return rule(new SteeringRule.Send(match, pool));
  }

  /**
   * Returns a copy with one more rule, behind the others: clients go to the nearest node.
   *
   * @param nodes where pools are; of equally near ones the first wins
   * @return the copy
   * @throws IllegalArgumentException if there is no node, or no such pool
   */
  public Steering sendNearest(SteeringRule.Node... nodes) {
    return rule(new SteeringRule.Nearest(List.of(nodes)));
  }

  /**
   * Returns a copy with one more rule, behind the others.
   *
   * @param rule the rule
   * @return the copy
   * @throws IllegalArgumentException if it names a pool that is not there, or cannot work here
   */
  public Steering rule(SteeringRule rule) {
    List<SteeringRule> all = new ArrayList<>(rules);
    all.add(Objects.requireNonNull(rule, "rule"));
    return new Steering(address, protocol, ports, pools, all, fastOpen);
  }

  /**
   * Returns a copy that accepts payload rules for TCP, because clients use TCP Fast Open: their
   * first packet then may carry data. A client that has no cookie yet, or does not ask for Fast
   * Open, sends an empty first packet, to which no payload rule applies.
   *
   * @return the copy
   */
  public Steering tcpFastOpen() {
    return new Steering(address, protocol, ports, pools, rules, true);
  }

  /**
   * Returns the virtual address.
   *
   * @return of either family
   */
  public InetAddress address() {
    return address;
  }

  /**
   * Returns the family of the virtual address.
   *
   * @return that of clients and services
   */
  public AddressFamily family() {
    return AddressFamily.of(address);
  }

  /**
   * Returns the protocol.
   *
   * @return TCP or UDP
   */
  public Protocol protocol() {
    return protocol;
  }

  /**
   * Returns the steered ports.
   *
   * @return ranges that do not overlap
   */
  public List<PortRange> ports() {
    return ports;
  }

  /**
   * Returns the pools.
   *
   * @return the default pool first
   */
  public List<Pool> pools() {
    return List.copyOf(pools.values());
  }

  /**
   * Returns a pool.
   *
   * @param name its name
   * @return empty if there is none of that name
   */
  public Optional<Pool> findPool(String name) {
    return Optional.ofNullable(pools.get(name));
  }

  /**
   * Returns the pool of clients to whom no rule applies.
   *
   * @return the default pool
   */
  public Pool defaultPool() {
    return pools.values().iterator().next();
  }

  /**
   * Returns the rules.
   *
   * @return in the order in which they are tried
   */
  public List<SteeringRule> rules() {
    return rules;
  }

  private void checkFailover() {
    for (Pool pool : pools.values()) {
      for (String other : pool.failover()) {
        // Pools come one by one: a name that is not there yet is checked by SteeringMap.
        if (pools.containsKey(other) && pools.get(other).empty()) {
          throw new IllegalArgumentException(
              "pool " + pool.name() + " cannot fail over to " + other + ", which has no servers");
        }
      }
    }
  }

  private void checkPayload() {
    for (SteeringRule rule : rules) {
      if (rule instanceof SteeringRule.Send send
          && send.match() instanceof Match.Payload
          && protocol.equals(Protocol.TCP)
          && !fastOpen) {
        throw new IllegalArgumentException(
            "rule \""
                + rule
                + "\" cannot apply: IPVS chooses the server by the first packet of a connection,"
                + " which carries no payload in TCP. Steer by port, client or DSCP, use a content"
                + " tier (HAProxy on the real servers), or name tcpFastOpen() if the clients use"
                + " it");
      }
    }
  }

  private void checkOnePacket() {
    for (Pool pool : pools.values()) {
      if (pool.onePacket() && !protocol.equals(Protocol.UDP)) {
        throw new IllegalArgumentException(
            "pool "
                + pool.name()
                + " schedules each packet by itself, which only UDP can, not "
                + protocol);
      }
    }
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof Steering steering
        && address.equals(steering.address)
        && protocol.equals(steering.protocol)
        && ports.equals(steering.ports)
        && defaultPool().equals(steering.defaultPool())
        && pools.equals(steering.pools)
        && rules.equals(steering.rules)
        && fastOpen == steering.fastOpen;
  }

  @Override
  public int hashCode() {
    return Objects.hash(address, protocol, ports, pools, rules, fastOpen);
  }

  /** Returns a line such as {@code TCP 192.168.1.200:80 [countries CN -> asia], else europe}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(protocol).append(' ').append(IpAddress.format(address)).append(' ');
    text.append(String.join(",", ports.stream().map(PortRange::toString).toList()));
    return text + " " + rules + ", else " + defaultPool().name();
  }
}
