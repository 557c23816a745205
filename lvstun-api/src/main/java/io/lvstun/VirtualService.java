// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A virtual service as desired: the address that clients use, the scheduler, and the real servers.
 *
 * <pre>{@code
 * VirtualService web = VirtualService.tcp("192.168.1.200", 80).scheduler(RR)
 *     .addRealServer("192.168.2.101").tunnel()
 *     .addRealServer("192.168.3.102").weight(2).tunnel();
 * }</pre>
 *
 * <p>Immutable: each method returns a new, valid value. Equality is by content; neither the order
 * of setting options nor that of the real servers matters to it, though real servers are handed to
 * the kernel in the order they were added. The default scheduler is {@link Scheduler#WLC}.
 *
 * @since 0.1.0
 */
public final class VirtualService {

  private static final int SERVERS_IN_TEXT = 8;

  private final ServiceKey key;
  private final Scheduler scheduler;
  private final @Nullable Persistence persistence;
  private final boolean onePacket;
  private final @Nullable ForeignSettings foreign;
  private final List<RealServer> realServers;

  private VirtualService(
      ServiceKey key,
      Scheduler scheduler,
      @Nullable Persistence persistence,
      boolean onePacket,
      @Nullable ForeignSettings foreign,
      List<RealServer> realServers) {
    this.key = key;
    this.scheduler = scheduler;
    this.persistence = persistence;
    this.onePacket = onePacket;
    this.foreign = foreign;
    this.realServers = realServers;
  }

  /**
   * Returns a TCP service without real servers.
   *
   * @param address the virtual IP address, an IPv4 or IPv6 literal
   * @param port 1 to 65535
   * @return the service
   * @throws IllegalArgumentException if the address is no unicast literal or the port is out of
   *     range
   */
  public static VirtualService tcp(String address, int port) {
    Objects.requireNonNull(address, "address");
    return tcp(IpAddress.parse(address), port);
  }

  /**
   * Returns a TCP service without real servers.
   *
   * @param address the virtual IP address
   * @param port 1 to 65535
   * @return the service
   * @throws IllegalArgumentException if the address is not unicast or the port is out of range
   */
  public static VirtualService tcp(InetAddress address, int port) {
    Objects.requireNonNull(address, "address");
    return endpoint(Protocol.TCP, address, port);
  }

  /**
   * Returns a UDP service without real servers.
   *
   * @param address the virtual IP address, an IPv4 or IPv6 literal
   * @param port 1 to 65535
   * @return the service
   * @throws IllegalArgumentException if the address is no unicast literal or the port is out of
   *     range
   */
  public static VirtualService udp(String address, int port) {
    Objects.requireNonNull(address, "address");
    return udp(IpAddress.parse(address), port);
  }

  /**
   * Returns a UDP service without real servers.
   *
   * @param address the virtual IP address
   * @param port 1 to 65535
   * @return the service
   * @throws IllegalArgumentException if the address is not unicast or the port is out of range
   */
  public static VirtualService udp(InetAddress address, int port) {
    Objects.requireNonNull(address, "address");
    return endpoint(Protocol.UDP, address, port);
  }

  /**
   * Returns an SCTP service without real servers.
   *
   * @param address the virtual IP address, an IPv4 or IPv6 literal
   * @param port 1 to 65535
   * @return the service
   * @throws IllegalArgumentException if the address is no unicast literal or the port is out of
   *     range
   */
  public static VirtualService sctp(String address, int port) {
    Objects.requireNonNull(address, "address");
    return sctp(IpAddress.parse(address), port);
  }

  /**
   * Returns an SCTP service without real servers.
   *
   * @param address the virtual IP address
   * @param port 1 to 65535
   * @return the service
   * @throws IllegalArgumentException if the address is not unicast or the port is out of range
   */
  public static VirtualService sctp(InetAddress address, int port) {
    Objects.requireNonNull(address, "address");
    return endpoint(Protocol.SCTP, address, port);
  }

  /**
   * Returns a service for every port of an address. It must be persistent: that is what keeps a
   * client's connections to several ports together.
   *
   * @param protocol {@link Protocol#TCP}, {@link Protocol#UDP} or {@link Protocol#SCTP}
   * @param address the virtual IP address, an IPv4 or IPv6 literal
   * @param persistence the persistence
   * @return the service
   * @throws IllegalArgumentException if the address is no unicast literal, the protocol is another
   *     one, or the persistence does not fit the address's family
   */
  public static VirtualService allPorts(
      Protocol protocol, String address, Persistence persistence) {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(persistence, "persistence");
    Objects.requireNonNull(protocol, "protocol");
    return allPorts(protocol, IpAddress.parse(address), persistence);
  }

  /**
   * Returns a service for every port of an address. It must be persistent.
   *
   * @param protocol {@link Protocol#TCP}, {@link Protocol#UDP} or {@link Protocol#SCTP}
   * @param address the virtual IP address
   * @param persistence the persistence
   * @return the service
   * @throws IllegalArgumentException if the address is not unicast, the protocol is another one, or
   *     the persistence does not fit the address's family
   */
  public static VirtualService allPorts(
      Protocol protocol, InetAddress address, Persistence persistence) {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(persistence, "persistence");
    Objects.requireNonNull(protocol, "protocol");
    if (!protocol.equals(Protocol.TCP)
        && !protocol.equals(Protocol.UDP)
        && !protocol.equals(Protocol.SCTP)) {
      throw new IllegalArgumentException("protocol must be TCP, UDP or SCTP, not " + protocol);
    }
    ServiceKey key = new ServiceKey.Endpoint(protocol, checkedVip(address), 0);
    return new VirtualService(
        key, Scheduler.WLC, persistence.forFamily(key.family()), false, null, List.of());
  }

  /**
   * Returns a service for the IPv4 packets that carry a firewall mark, without real servers.
   *
   * @param mark 1 to 4294967295
   * @return the service
   * @throws IllegalArgumentException if the mark is out of range
   */
  public static VirtualService fwmark(long mark) {
    return of(ServiceKey.fwmark(mark));
  }

  /**
   * Returns a service for the IPv6 packets that carry a firewall mark, without real servers.
   *
   * @param mark 1 to 4294967295
   * @return the service
   * @throws IllegalArgumentException if the mark is out of range
   */
  public static VirtualService fwmark6(long mark) {
    return of(ServiceKey.fwmark6(mark));
  }

  /**
   * Returns what a driver read, without the rules of the other methods: the kernel stores what any
   * program wrote. For drivers.
   *
   * @param key what identifies the service
   * @param scheduler the scheduler
   * @param persistence the persistence, or null
   * @param onePacket whether each packet is scheduled by itself
   * @param realServers the real servers, in the order read
   * @return the service
   */
  public static VirtualService observed(
      ServiceKey key,
      Scheduler scheduler,
      @Nullable Persistence persistence,
      boolean onePacket,
      Collection<RealServer> realServers) {
    return observed(key, scheduler, persistence, onePacket, null, realServers);
  }

  /**
   * Returns what a driver read, without the rules of the other methods: the kernel stores what any
   * program wrote. For drivers.
   *
   * @param key what identifies the service
   * @param scheduler the scheduler
   * @param persistence the persistence, or null
   * @param onePacket whether each packet is scheduled by itself
   * @param foreign settings that only other programs write, or null
   * @param realServers the real servers, in the order read
   * @return the service
   */
  public static VirtualService observed(
      ServiceKey key,
      Scheduler scheduler,
      @Nullable Persistence persistence,
      boolean onePacket,
      @Nullable ForeignSettings foreign,
      Collection<RealServer> realServers) {
    return new VirtualService(
        Objects.requireNonNull(key, "key"),
        Objects.requireNonNull(scheduler, "scheduler"),
        persistence,
        onePacket,
        foreign,
        List.copyOf(Objects.requireNonNull(realServers, "realServers")));
  }

  private static VirtualService endpoint(Protocol protocol, InetAddress address, int port) {
    if (port == 0) {
      throw new IllegalArgumentException(
          "port must be 1 to 65535, not 0: a service for every port is made by allPorts(...)");
    }
    ServiceArgument.range("port", port, 1, ServiceArgument.MAX_PORT);
    return of(new ServiceKey.Endpoint(protocol, checkedVip(address), port));
  }

  private static VirtualService of(ServiceKey key) {
    return new VirtualService(key, Scheduler.WLC, null, false, null, List.of());
  }

  private static InetAddress checkedVip(InetAddress address) {
    return ServiceArgument.unicast("virtual service", address);
  }

  /**
   * Returns what identifies the service in the kernel.
   *
   * @return the key
   */
  public ServiceKey key() {
    return key;
  }

  /**
   * Returns how a real server is chosen.
   *
   * @return the scheduler, {@link Scheduler#WLC} by default
   */
  public Scheduler scheduler() {
    return scheduler;
  }

  /**
   * Returns the persistence.
   *
   * @return empty by default: each connection is scheduled by itself
   */
  public Optional<Persistence> persistence() {
    return Optional.ofNullable(persistence);
  }

  /**
   * Tells whether each packet is scheduled by itself.
   *
   * @return false by default
   */
  public boolean onePacket() {
    return onePacket;
  }

  /**
   * Returns the settings that only other programs write. They are kept by every edit but those of
   * the persistence, which replace engine, time-out and mask.
   *
   * @return empty for what this class's other methods make
   */
  public Optional<ForeignSettings> foreign() {
    return Optional.ofNullable(foreign);
  }

  /**
   * Returns the real servers in the order they were added.
   *
   * @return an immutable list
   */
  public List<RealServer> realServers() {
    return realServers;
  }

  /**
   * Returns a copy with another scheduler.
   *
   * @param scheduler the scheduler with its flags
   * @return a copy
   */
  public VirtualService scheduler(Scheduler scheduler) {
    return new VirtualService(
        key,
        Objects.requireNonNull(scheduler, "scheduler"),
        persistence,
        onePacket,
        foreign,
        realServers);
  }

  /**
   * Returns a copy whose clients keep their real server.
   *
   * @param persistence time-out, mask and engine
   * @return a copy
   * @throws IllegalArgumentException if the mask does not fit the service's family
   */
  public VirtualService persistence(Persistence persistence) {
    return new VirtualService(
        key,
        scheduler,
        persistence.forFamily(key.family()),
        onePacket,
        ForeignSettings.flagsOf(foreign, key.family()),
        realServers);
  }

  /**
   * Returns a copy whose clients keep their real server, each address by itself.
   *
   * @param timeout 1 second to 31 days, whole seconds
   * @return a copy
   * @throws IllegalArgumentException if the time-out is out of range
   */
  public VirtualService persistence(Duration timeout) {
    return persistence(Persistence.of(timeout));
  }

  /**
   * Returns a copy without persistence.
   *
   * @return a copy
   * @throws IllegalArgumentException for a service for every port, which needs it
   */
  public VirtualService withoutPersistence() {
    if (key instanceof ServiceKey.Endpoint endpoint && endpoint.port() == 0) {
      throw new IllegalArgumentException(
          "persistence of " + key + " must stay: a service for every port needs it");
    }
    return new VirtualService(
        key,
        scheduler,
        null,
        onePacket,
        ForeignSettings.flagsOf(foreign, key.family()),
        realServers);
  }

  /**
   * Returns a copy that schedules each packet by itself, or one that does not.
   *
   * @param enabled whether to; only UDP services and services by firewall mark can
   * @return a copy
   * @throws IllegalArgumentException if enabled for another protocol
   */
  public VirtualService onePacket(boolean enabled) {
    if (enabled
        && key instanceof ServiceKey.Endpoint endpoint
        && !endpoint.protocol().equals(Protocol.UDP)) {
      throw new IllegalArgumentException(
          "one-packet scheduling needs a UDP or firewall-mark service, not " + key);
    }
    return new VirtualService(key, scheduler, persistence, enabled, foreign, realServers);
  }

  /**
   * Begins a real server; a forwarding method ends it and gives the service back.
   *
   * @param address IPv4 or IPv6 literal
   * @return the step that takes weight, port and thresholds
   * @throws IllegalArgumentException if the address is no unicast literal
   */
  public RealServerStep addRealServer(String address) {
    Objects.requireNonNull(address, "address");
    return addRealServer(IpAddress.parse(address));
  }

  /**
   * Begins a real server; a forwarding method ends it and gives the service back.
   *
   * @param address the real server's address
   * @return the step that takes weight, port and thresholds
   * @throws IllegalArgumentException if the address is not unicast
   */
  public RealServerStep addRealServer(InetAddress address) {
    Objects.requireNonNull(address, "address");
    return new RealServerStep(this, RealServer.of(address, Forwarding.TUNNEL));
  }

  /**
   * Returns a copy with one more real server.
   *
   * @param server the server; port 0 becomes the service's port
   * @return a copy
   * @throws IllegalArgumentException if the service has a server of this address and port, or the
   *     server does not fit the service
   */
  public VirtualService addRealServer(RealServer server) {
    Objects.requireNonNull(server, "server");
    return addRealServers(List.of(server));
  }

  /**
   * Returns a copy with more real servers, in one step.
   *
   * @param servers the servers; port 0 becomes the service's port
   * @return a copy
   * @throws IllegalArgumentException if two servers have the same address and port, or one does not
   *     fit the service
   */
  public VirtualService addRealServers(RealServer... servers) {
    Objects.requireNonNull(servers, "servers");
    return addRealServers(List.of(servers));
  }

  /**
   * Returns a copy with more real servers, in one step.
   *
   * @param servers the servers; port 0 becomes the service's port
   * @return a copy
   * @throws IllegalArgumentException if two servers have the same address and port, or one does not
   *     fit the service
   */
  public VirtualService addRealServers(Collection<RealServer> servers) {
    Objects.requireNonNull(servers, "servers");
    List<RealServer> all = new ArrayList<>(realServers.size() + servers.size());
    Set<ServerKey> keys = new HashSet<>();
    for (RealServer present : realServers) {
      keys.add(present.key());
      all.add(present);
    }
    for (RealServer server : servers) {
      RealServer checked = server.checkedFor(key);
      if (!keys.add(checked.key())) {
        throw new IllegalArgumentException(
            "real server " + checked.key() + " is already in " + key);
      }
      all.add(checked);
    }
    return withServers(List.copyOf(all));
  }

  /**
   * Returns a copy without the real servers of an address.
   *
   * @param address IPv4 or IPv6 literal
   * @return a copy
   * @throws IllegalArgumentException if the address is no literal or the service has no such server
   */
  public VirtualService removeRealServer(String address) {
    Objects.requireNonNull(address, "address");
    InetAddress wanted = IpAddress.parse(address);
    return without(server -> server.address().equals(wanted), IpAddress.format(wanted));
  }

  /**
   * Returns a copy without one real server.
   *
   * @param server its address and port
   * @return a copy
   * @throws IllegalArgumentException if the service has no such server
   */
  public VirtualService removeRealServer(ServerKey server) {
    return without(candidate -> candidate.key().equals(server), server.toString());
  }

  private VirtualService without(Predicate<RealServer> removed, String name) {
    List<RealServer> rest = realServers.stream().filter(removed.negate()).toList();
    if (rest.size() == realServers.size()) {
      throw absent(name);
    }
    return withServers(rest);
  }

  /**
   * Returns a copy in which the real servers of an address are edited.
   *
   * @param address IPv4 or IPv6 literal
   * @param edit makes the new value from the old one, for example {@code s -> s.weight(3)}
   * @return a copy
   * @throws IllegalArgumentException if the address is no literal, the service has no such server,
   *     or the new value does not fit the service
   */
  public VirtualService realServer(String address, UnaryOperator<RealServer> edit) {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(edit, "edit");
    InetAddress wanted = IpAddress.parse(address);
    return edited(server -> server.address().equals(wanted), IpAddress.format(wanted), edit);
  }

  /**
   * Returns a copy in which one real server is edited.
   *
   * @param server its address and port
   * @param edit makes the new value from the old one
   * @return a copy
   * @throws IllegalArgumentException if the service has no such server or the new value does not
   *     fit it
   */
  public VirtualService realServer(ServerKey server, UnaryOperator<RealServer> edit) {
    Objects.requireNonNull(edit, "edit");
    return edited(candidate -> candidate.key().equals(server), server.toString(), edit);
  }

  private VirtualService edited(
      Predicate<RealServer> chosen, String name, UnaryOperator<RealServer> edit) {
    if (realServers.stream().noneMatch(chosen)) {
      throw absent(name);
    }
    List<RealServer> edited =
        realServers.stream()
            .map(
                server ->
                    chosen.test(server) ? edit.apply(server).checkedAsEditOf(server, key) : server)
            .toList();
    Set<ServerKey> keys = new HashSet<>();
    for (RealServer server : edited) {
      if (!keys.add(server.key())) {
        throw new IllegalArgumentException("real server " + server.key() + " is already in " + key);
      }
    }
    return withServers(edited);
  }

  /**
   * Returns a copy without real servers.
   *
   * @return a copy
   */
  public VirtualService withoutRealServers() {
    return realServers.isEmpty() ? this : withServers(List.of());
  }

  /** Returns a copy with these real servers, unchecked. */
  VirtualService withServers(List<RealServer> servers) {
    return new VirtualService(key, scheduler, persistence, onePacket, foreign, servers);
  }

  private IllegalArgumentException absent(String server) {
    return new IllegalArgumentException("real server " + server + " is not in " + key);
  }

  /** Tells whether everything but the real servers is equal. */
  boolean sameSettings(VirtualService that) {
    return key.equals(that.key)
        && scheduler.equals(that.scheduler)
        && Objects.equals(persistence, that.persistence)
        && onePacket == that.onePacket
        && Objects.equals(foreign, that.foreign);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VirtualService that
        && sameSettings(that)
        && realServers.size() == that.realServers.size()
        && (realServers.equals(that.realServers)
            || new HashSet<>(realServers).equals(new HashSet<>(that.realServers)));
  }

  @Override
  public int hashCode() {
    int servers = 0;
    for (RealServer server : realServers) {
      servers += server.hashCode();
    }
    return Objects.hash(key, scheduler, persistence, onePacket, servers);
  }

  /** Returns one line, for example {@code TCP 192.0.2.1:80 rr [192.0.2.11:80 Tunnel 1]}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(settings()).append(" [");
    text.append(
        realServers.stream()
            .limit(SERVERS_IN_TEXT)
            .map(RealServer::toString)
            .collect(Collectors.joining(", ")));
    if (realServers.size() > SERVERS_IN_TEXT) {
      text.append(", … ").append(realServers.size() - SERVERS_IN_TEXT).append(" more");
    }
    return text.append(']').toString();
  }

  /** The line without the real servers. */
  String settings() {
    StringBuilder text = new StringBuilder().append(key).append(' ').append(scheduler);
    if (persistence != null) {
      text.append(' ').append(persistence);
    }
    if (onePacket) {
      text.append(" ops");
    }
    if (foreign != null) {
      text.append(" (").append(foreign).append(')');
    }
    return text.toString();
  }

  /**
   * A real server being written; {@link #tunnel()}, {@link #directRouting()} or {@link
   * #masquerade()} ends it. Immutable.
   *
   * @since 0.1.0
   */
  public static final class RealServerStep {

    private final VirtualService service;
    private final RealServer server;

    private RealServerStep(VirtualService service, RealServer server) {
      this.service = service;
      this.server = server;
    }

    /**
     * Sets the weight.
     *
     * @param weight 0 to 65535, default 1; 0 keeps connections and takes no new ones
     * @return a copy
     * @throws IllegalArgumentException if the weight is out of range
     */
    public RealServerStep weight(int weight) {
      return new RealServerStep(service, server.weight(weight));
    }

    /**
     * Sets the port.
     *
     * @param port 1 to 65535, default the service's; only masquerading and services by firewall
     *     mark take another one
     * @return a copy
     * @throws IllegalArgumentException if the port is out of range
     */
    public RealServerStep port(int port) {
      return new RealServerStep(
          service, server.port(ServiceArgument.range("port", port, 1, ServiceArgument.MAX_PORT)));
    }

    /**
     * Sets the connection thresholds.
     *
     * @param upper connections above which the server gets no new ones, 0 (none, the default) to
     *     2147483647
     * @param lower connections below which it gets new ones again, 0 (three quarters of the upper
     *     one, the default) to the upper one
     * @return a copy
     * @throws IllegalArgumentException if a threshold is out of range or the lower one exceeds the
     *     upper one
     */
    public RealServerStep thresholds(long upper, long lower) {
      return new RealServerStep(service, server.thresholds(upper, lower));
    }

    /**
     * Reaches the server through an IP-in-IP tunnel.
     *
     * @return the service with the server
     * @throws IllegalArgumentException if the server does not fit the service
     */
    public VirtualService tunnel() {
      return service.addRealServer(server.forwarding(Forwarding.TUNNEL));
    }

    /**
     * Reaches the server through a tunnel.
     *
     * @param encapsulation what packets are wrapped in
     * @return the service with the server
     * @throws IllegalArgumentException if the server does not fit the service
     */
    public VirtualService tunnel(Encapsulation encapsulation) {
      return service.addRealServer(server.forwarding(new Forwarding.Tunnel(encapsulation)));
    }

    /**
     * Reaches the server by direct routing.
     *
     * @return the service with the server
     * @throws IllegalArgumentException if the server does not fit the service
     */
    public VirtualService directRouting() {
      return service.addRealServer(server.forwarding(Forwarding.DIRECT_ROUTING));
    }

    /**
     * Reaches the server by masquerading.
     *
     * @return the service with the server
     * @throws IllegalArgumentException if the server does not fit the service
     */
    public VirtualService masquerade() {
      return service.addRealServer(server.forwarding(Forwarding.MASQUERADE));
    }
  }
}
