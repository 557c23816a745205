// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import io.lvstun.DriverOptions;
import io.lvstun.LvsException;
import io.lvstun.UnavailableException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Reads and changes the links, addresses, tunnels, routes and rules of one network namespace, one
 * change per call, without running {@code ip}.
 *
 * <p>To turn a host into a director or a real server, use {@code Preparation} of
 * lvstun-diagnostics: it does everything the role needs, works over ssh, survives reboots and can
 * be undone. This interface is for programs that manage single links, addresses and routes
 * themselves.
 *
 * <p>Thread-safe: calls follow one another. Must be closed.
 *
 * <p>Every method throws {@link io.lvstun.PermissionException} if a change is tried without
 * CAP_NET_ADMIN in the user namespace that owns the network namespace (reading needs nothing),
 * {@link io.lvstun.TimeoutException} after the deadline, its reason saying whether a change was
 * made, {@link io.lvstun.ProtocolException} after a malformed reply, {@link LvsException} for other
 * refusals, with the kernel's own words if it has some, and {@link IllegalStateException} after
 * {@link #close()}.
 *
 * @since 0.1.0
 */
public interface HostNetwork extends AutoCloseable {

  /**
   * Opens the network of the process's own namespace, with the default deadline.
   *
   * @return the network
   * @throws UnavailableException if nothing on the class path or module path can
   */
  static HostNetwork open() {
    return open(DriverOptions.defaults());
  }

  /**
   * Opens the network of a namespace.
   *
   * @param options namespace and deadline
   * @return the network
   * @throws UnavailableException if nothing on the class path or module path can
   * @throws LvsException if it does not work here: the reason says why, the hint how to go on
   */
  static HostNetwork open(DriverOptions options) {
    Objects.requireNonNull(options, "options");
    return ServiceLoader.load(HostNetworkProvider.class, HostNetwork.class.getClassLoader())
        .findFirst()
        .or(() -> ServiceLoader.load(HostNetworkProvider.class).findFirst())
        .orElseThrow(NoProvider::unavailable)
        .open(options);
  }

  // -- links --------------------------------------------------------------------------------------

  /**
   * Reads all links.
   *
   * @return the links by index
   */
  List<Link> links();

  /**
   * Reads a link.
   *
   * @param name its name
   * @return the link; empty if there is none
   */
  Optional<Link> link(String name);

  /**
   * Sets a link up or down.
   *
   * @param link its name
   * @param up true for up
   * @throws io.lvstun.NotFoundException if there is no such link
   */
  void setUp(String link, boolean up);

  /**
   * Sets the length of a link's longest packet.
   *
   * @param link its name
   * @param bytes 68 or more; what the link takes at most depends on it
   * @throws IllegalArgumentException if it is below 68
   * @throws io.lvstun.NotFoundException if there is no such link
   */
  void setMtu(String link, int bytes);

  /**
   * Makes a tunnel device, which is down at first. The kernel loads its module by itself where it
   * may.
   *
   * @param tunnel what to make
   * @throws io.lvstun.AlreadyExistsException if a link has the name, or a tunnel of the kind has
   *     the same addresses
   * @throws io.lvstun.UnsupportedException if the kernel has no such kind
   */
  void createTunnel(Tunnel tunnel);

  /**
   * Deletes a link with the addresses and routes on it.
   *
   * @param link its name
   * @throws io.lvstun.NotFoundException if there is no such link
   * @throws io.lvstun.UnsupportedException if it cannot be deleted, as {@code lo} or {@code tunl0}
   */
  void deleteLink(String link);

  // -- addresses ----------------------------------------------------------------------------------

  /**
   * Reads all addresses, those of IPv4 first, each family's by link.
   *
   * @return the addresses
   */
  List<AddressState> addresses();

  /**
   * Puts an address on a link.
   *
   * @param link the link's name
   * @param address the address
   * @throws io.lvstun.AlreadyExistsException if it is there
   * @throws io.lvstun.NotFoundException if there is no such link
   */
  void addAddress(String link, LinkAddress address);

  /**
   * Takes an address off a link. Only address and prefix length count.
   *
   * @param link the link's name
   * @param address the address
   * @throws io.lvstun.NotFoundException if there is no such link, or it has no such address
   */
  void removeAddress(String link, LinkAddress address);

  // -- routes and rules ---------------------------------------------------------------------------

  /**
   * Reads a routing table. Routes that {@link Route} has no words for, such as those with several
   * ways or for multicast, are left out.
   *
   * @param table its number, for example {@link Route#MAIN}
   * @return its routes, those of IPv4 first; empty if there is no such table
   */
  List<Route> routes(long table);

  /**
   * Adds a route.
   *
   * @param route the route
   * @throws io.lvstun.AlreadyExistsException if its table has one to that network with that metric
   * @throws io.lvstun.NotFoundException if there is no such link
   */
  void addRoute(Route route);

  /**
   * Removes a route.
   *
   * @param route the route; where it is silent, any value counts
   * @throws io.lvstun.NotFoundException if there is no such route or link
   */
  void removeRoute(Route route);

  /**
   * Reads the rules for firewall marks; others are left out.
   *
   * @return the rules, those of IPv4 first, each family's by priority
   */
  List<MarkRule> markRules();

  /**
   * Adds a rule.
   *
   * @param rule the rule
   * @throws io.lvstun.AlreadyExistsException if the very rule is there
   */
  void addMarkRule(MarkRule rule);

  /**
   * Removes a rule.
   *
   * @param rule the rule; priority 0 stands for any
   * @throws io.lvstun.NotFoundException if there is no such rule
   */
  void removeMarkRule(MarkRule rule);

  // -- GUE ----------------------------------------------------------------------------------------

  /**
   * Reads the ports that take GUE packets.
   *
   * @return the ports; empty if the module {@code fou} is not loaded
   */
  List<GuePort> guePorts();

  /**
   * Opens a port for GUE packets. What is inside goes to the tunnel device for it, for example
   * {@code tunl0}, which must be up.
   *
   * @param port the port
   * @throws io.lvstun.AlreadyExistsException if the port is in use
   * @throws io.lvstun.NotFoundException if the module {@code fou} is not loaded
   */
  void openGuePort(GuePort port);

  /**
   * Closes a port for GUE packets.
   *
   * @param port the port
   * @throws io.lvstun.NotFoundException if it is not open, or the module {@code fou} is not loaded
   */
  void closeGuePort(GuePort port);

  /** Closes the sockets. */
  @Override
  void close();
}
