// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * An entry of a routing table. Immutable: each method returns a changed copy.
 *
 * @param destination the network's first address
 * @param prefixLength how many leading bits name the network; 0 with the address 0 is the default
 *     route
 * @param type what is done with packets for it
 * @param table the table's number, 1 to 4294967295; default {@link #MAIN}
 * @param link the link that packets leave by; empty if the gateway decides. For {@link Type#LOCAL}
 *     usually {@code "lo"}
 * @param gateway the next router, of the destination's family; default none
 * @param source the source address that the kernel prefers; default the kernel's choice
 * @param metric the lower the better, 0 to 4294967295; default 0, which for IPv6 stands for 1024
 * @since 0.1.0
 */
public record Route(
    InetAddress destination,
    int prefixLength,
    Type type,
    long table,
    String link,
    Optional<InetAddress> gateway,
    Optional<InetAddress> source,
    long metric) {

  /** The table of ordinary routes. */
  public static final long MAIN = 254;

  /** The table that the kernel keeps of the host's own addresses. */
  public static final long LOCAL = 255;

  /**
   * What is done with packets.
   *
   * @since 0.1.0
   */
  public enum Type {
    /** They are sent on. */
    UNICAST,
    /** They are taken in, as if the addresses were the host's own. */
    LOCAL,
    /** They are dropped in silence. */
    BLACKHOLE,
    /** They are answered by "unreachable". */
    UNREACHABLE,
    /** They are answered by "prohibited". */
    PROHIBIT
  }

  /**
   * Checks the parts against each other.
   *
   * @throws IllegalArgumentException if a number is out of range, bits of the destination are set
   *     behind its prefix, addresses are of different families, or a route to be sent by has
   *     neither link nor gateway
   */
  public Route {
    Objects.requireNonNull(destination, "destination");
    Objects.requireNonNull(gateway, "gateway");
    Objects.requireNonNull(link, "link");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(type, "type");
    NetworkArgument.prefix(destination, prefixLength);
    requireNetwork(destination, prefixLength);
    NetworkArgument.range("table", table, 1, NetworkArgument.MAX_U32);
    NetworkArgument.range("metric", metric, 0, NetworkArgument.MAX_U32);
    if (!link.isEmpty()) {
      NetworkArgument.name("link", link);
    }
    gateway.ifPresent(address -> requireFamily("gateway", destination, address));
    source.ifPresent(address -> requireFamily("source", destination, address));
    if (type == Type.UNICAST && link.isEmpty() && gateway.isEmpty()) {
      throw new IllegalArgumentException(
          "a route to " + IpAddress.format(destination) + " must have a link or a gateway");
    }
    if (type == Type.LOCAL && link.isEmpty()) {
      throw new IllegalArgumentException("a local route must have a link, for example lo");
    }
  }

  private static void requireNetwork(InetAddress destination, int prefixLength) {
    byte[] bytes = destination.getAddress();
    for (int bit = prefixLength; bit < 8 * bytes.length; bit++) {
      if ((bytes[bit / 8] & 0x80 >>> bit % 8) != 0) {
        throw new IllegalArgumentException(
            "destination must have no bits behind its prefix, not "
                + IpAddress.format(destination)
                + '/'
                + prefixLength);
      }
    }
  }

  private static void requireFamily(String parameter, InetAddress of, InetAddress address) {
    if (AddressFamily.of(of) != AddressFamily.of(address)) {
      throw new IllegalArgumentException(
          parameter
              + " must be of "
              + AddressFamily.of(of)
              + ", as the destination is, not "
              + IpAddress.format(address));
    }
  }

  /**
   * Returns a route by which packets reach a network.
   *
   * @param network for example {@code "192.0.2.0/24"}; {@code "0.0.0.0/0"} is the default route
   * @param gateway the next router, an address literal
   * @return the value
   * @throws IllegalArgumentException if a literal is none, or they are of different families
   */
  public static Route via(String network, String gateway) {
    Objects.requireNonNull(gateway, "gateway");
    Objects.requireNonNull(network, "network");
    return on(network, Type.UNICAST, "", Optional.of(IpAddress.parse(gateway)));
  }

  /**
   * Returns a route to a network that a link leads to.
   *
   * @param network for example {@code "192.0.2.0/24"}
   * @param link the link's name
   * @return the value
   * @throws IllegalArgumentException if the network or the name is none
   */
  public static Route on(String network, String link) {
    Objects.requireNonNull(network, "network");
    return on(network, Type.UNICAST, NetworkArgument.name("link", link), Optional.empty());
  }

  /**
   * Returns a route that makes the host take packets for a network as its own: with a rule for a
   * firewall mark, what a director needs for a service by mark without an address.
   *
   * @param network for example {@code "0.0.0.0/0"}
   * @return the value, on {@code lo}
   * @throws IllegalArgumentException if the network is none
   */
  public static Route local(String network) {
    Objects.requireNonNull(network, "network");
    return on(network, Type.LOCAL, "lo", Optional.empty());
  }

  private static Route on(String network, Type type, String link, Optional<InetAddress> gateway) {
    Objects.requireNonNull(network, "network");
    LinkAddress parsed = LinkAddress.parse(network);
    return new Route(
        parsed.address(), parsed.prefixLength(), type, MAIN, link, gateway, Optional.empty(), 0);
  }

  /**
   * Returns a copy in another table.
   *
   * @param number 1 to 4294967295
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Route table(long number) {
    return new Route(destination, prefixLength, type, number, link, gateway, source, metric);
  }

  /**
   * Returns a copy that leaves by a link.
   *
   * @param name the link's name
   * @return a copy
   * @throws IllegalArgumentException if it is not a name
   */
  public Route link(String name) {
    return new Route(
        destination,
        prefixLength,
        type,
        table,
        NetworkArgument.name("link", name),
        gateway,
        source,
        metric);
  }

  /**
   * Returns a copy with a preferred source address.
   *
   * @param address an address literal
   * @return a copy
   * @throws IllegalArgumentException if it is not a literal of the destination's family
   */
  public Route source(String address) {
    return new Route(
        destination,
        prefixLength,
        type,
        table,
        link,
        gateway,
        Optional.of(IpAddress.parse(address)),
        metric);
  }

  /**
   * Returns a copy with another metric.
   *
   * @param number 0 to 4294967295; the lower the better
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Route metric(long number) {
    return new Route(destination, prefixLength, type, table, link, gateway, source, number);
  }

  /** Returns a line such as {@code local 0.0.0.0/0 dev lo table 100}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (type != Type.UNICAST) {
      text.append(type.name().toLowerCase(Locale.ROOT)).append(' ');
    }
    text.append(IpAddress.format(destination)).append('/').append(prefixLength);
    gateway.ifPresent(address -> text.append(" via ").append(IpAddress.format(address)));
    if (!link.isEmpty()) {
      text.append(" dev ").append(link);
    }
    if (table != MAIN) {
      text.append(" table ").append(table);
    }
    source.ifPresent(address -> text.append(" src ").append(IpAddress.format(address)));
    return metric == 0 ? text.toString() : text.append(" metric ").append(metric).toString();
  }
}
