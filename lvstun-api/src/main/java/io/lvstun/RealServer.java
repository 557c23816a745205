// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A real server of a virtual service, as desired: its address, forwarding method and share of the
 * load.
 *
 * <p>The factories and copy methods accept what {@code ipvsadm} accepts. The constructor accepts
 * whatever fits the kernel's fields, because drivers report what other programs wrote.
 *
 * @param address the real server's IP address (RIP)
 * @param port 0 to 65535; 0, the default, is the service's port, filled in when a service with a
 *     port takes the server
 * @param forwarding how packets reach it
 * @param weight its share relative to the other servers, 0 to 65535, default 1; at 0 it keeps its
 *     connections and gets no new ones
 * @param upperThreshold connections above which it gets no new ones, 0 (none, the default) to
 *     2147483647
 * @param lowerThreshold connections below which it gets new ones again, 0 (three quarters of the
 *     upper one, the default) to the upper one
 * @since 0.1.0
 */
public record RealServer(
    InetAddress address,
    int port,
    Forwarding forwarding,
    int weight,
    long upperThreshold,
    long lowerThreshold) {

  /** The highest weight that {@code ipvsadm} takes: 65535. */
  public static final int MAX_WEIGHT = 65535;

  private static final long MAX_U32 = 0xffff_ffffL;

  /**
   * Checks that each number fits its field in the kernel.
   *
   * @throws IllegalArgumentException if the port is outside 0 to 65535, the weight outside 0 to
   *     2^31-1 or a threshold outside 0 to 2^32-1
   */
  public RealServer {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(forwarding, "forwarding");
    ServiceArgument.range("port", port, 0, ServiceArgument.MAX_PORT);
    ServiceArgument.range("weight", weight, 0, Integer.MAX_VALUE);
    ServiceArgument.range("upper threshold", upperThreshold, 0, MAX_U32);
    ServiceArgument.range("lower threshold", lowerThreshold, 0, MAX_U32);
  }

  /**
   * Returns a server reached through an IP-in-IP tunnel, weight 1.
   *
   * @param address IPv4 or IPv6 literal
   * @return the server
   * @throws IllegalArgumentException if the address is no unicast literal
   */
  public static RealServer tunnel(String address) {
    Objects.requireNonNull(address, "address");
    return of(IpAddress.parse(address), Forwarding.TUNNEL);
  }

  /**
   * Returns a server reached through a tunnel, weight 1.
   *
   * @param address IPv4 or IPv6 literal
   * @param encapsulation what packets are wrapped in
   * @return the server
   * @throws IllegalArgumentException if the address is no unicast literal
   */
  public static RealServer tunnel(String address, Encapsulation encapsulation) {
    Objects.requireNonNull(address, "address");
    encapsulation.requireKnown();
    return of(IpAddress.parse(address), new Forwarding.Tunnel(encapsulation));
  }

  /**
   * Returns a server reached by direct routing, weight 1.
   *
   * @param address IPv4 or IPv6 literal
   * @return the server
   * @throws IllegalArgumentException if the address is no unicast literal
   */
  public static RealServer directRouting(String address) {
    Objects.requireNonNull(address, "address");
    return of(IpAddress.parse(address), Forwarding.DIRECT_ROUTING);
  }

  /**
   * Returns a server reached by masquerading, weight 1.
   *
   * @param address IPv4 or IPv6 literal
   * @return the server
   * @throws IllegalArgumentException if the address is no unicast literal
   */
  public static RealServer masquerade(String address) {
    Objects.requireNonNull(address, "address");
    return of(IpAddress.parse(address), Forwarding.MASQUERADE);
  }

  /**
   * Returns a server with weight 1, the service's port and no thresholds.
   *
   * @param address the real server's address
   * @param forwarding how packets reach it
   * @return the server
   * @throws IllegalArgumentException if the address is not unicast
   */
  public static RealServer of(InetAddress address, Forwarding forwarding) {
    return new RealServer(ServiceArgument.unicast("real server", address), 0, forwarding, 1, 0, 0);
  }

  /**
   * Returns a copy with another port.
   *
   * @param port 0 to 65535; tunnelling and direct routing cannot change the port, so that only
   *     masquerading and services by firewall mark take one that differs from the service's
   * @return a copy
   * @throws IllegalArgumentException if the port is out of range
   */
  public RealServer port(int port) {
    return new RealServer(address, port, forwarding, weight, upperThreshold, lowerThreshold);
  }

  /**
   * Returns a copy with another forwarding method.
   *
   * @param forwarding how packets reach the server
   * @return a copy
   */
  public RealServer forwarding(Forwarding forwarding) {
    return new RealServer(address, port, forwarding, weight, upperThreshold, lowerThreshold);
  }

  /**
   * Returns a copy with another weight.
   *
   * @param weight 0 to 65535; 0 keeps connections and takes no new ones
   * @return a copy
   * @throws IllegalArgumentException if the weight is out of range
   */
  public RealServer weight(int weight) {
    ServiceArgument.range("weight", weight, 0, MAX_WEIGHT);
    return new RealServer(address, port, forwarding, weight, upperThreshold, lowerThreshold);
  }

  /**
   * Returns a copy with connection thresholds.
   *
   * @param upper connections above which the server gets no new ones, 0 (none) to 2147483647
   * @param lower connections below which it gets new ones again, 0 (three quarters of the upper
   *     one) to the upper one
   * @return a copy
   * @throws IllegalArgumentException if a threshold is out of range or the lower one exceeds the
   *     upper one
   */
  public RealServer thresholds(long upper, long lower) {
    checkThresholds(upper, lower);
    return new RealServer(address, port, forwarding, weight, upper, lower);
  }

  /**
   * Returns what identifies the server within its service.
   *
   * @return address and port
   */
  public ServerKey key() {
    return new ServerKey(address, port);
  }

  private static void checkThresholds(long upper, long lower) {
    ServiceArgument.range("upper threshold", upper, 0, Integer.MAX_VALUE);
    ServiceArgument.range("lower threshold", lower, 0, upper);
  }

  /** Checks the rules that hold for every real server, and those of the service that takes it. */
  RealServer checkedFor(ServiceKey service) {
    ServiceArgument.range("weight", weight, 0, MAX_WEIGHT);
    checkThresholds(upperThreshold, lowerThreshold);
    ServiceArgument.unicast("real server", address);
    if (forwarding instanceof Forwarding.Tunnel tunnel) {
      tunnel.encapsulation().requireKnown();
    } else if (forwarding instanceof Forwarding.Other) {
      throw new IllegalArgumentException(
          "forwarding must be tunnel, direct routing or masquerade, not " + forwarding);
    } else if (AddressFamily.of(address) != service.family()) {
      throw new IllegalArgumentException(
          "real server "
              + IpAddress.format(address)
              + " must be "
              + service.family()
              + " like its service "
              + service
              + ": only tunnels mix families");
    }
    return service instanceof ServiceKey.Endpoint endpoint ? checkedPort(endpoint) : this;
  }

  /**
   * Checks an edit of a server that is there. What another program made so that it could not be
   * added keeps its address, port and forwarding: then only what differs is checked.
   */
  RealServer checkedAsEditOf(RealServer before, ServiceKey service) {
    if (!address.equals(before.address)
        || port != before.port
        || !forwarding.equals(before.forwarding)) {
      return checkedFor(service);
    }
    if (weight != before.weight) {
      ServiceArgument.range("weight", weight, 0, MAX_WEIGHT);
    }
    if (upperThreshold != before.upperThreshold || lowerThreshold != before.lowerThreshold) {
      checkThresholds(upperThreshold, lowerThreshold);
    }
    return this;
  }

  private RealServer checkedPort(ServiceKey.Endpoint service) {
    if (port == 0) {
      return service.port() == 0 ? this : port(service.port());
    }
    if (port != service.port() && !(forwarding instanceof Forwarding.Masquerade)) {
      throw new IllegalArgumentException(
          "port of real server "
              + this.key()
              + " must be the service's, "
              + service.port()
              + ": "
              + (forwarding instanceof Forwarding.Tunnel ? "tunnelling" : "direct routing")
              + " cannot change it");
    }
    return this;
  }

  /** Returns the columns of {@code ipvsadm -L}, for example {@code 192.0.2.11:80 Tunnel 1}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(IpAddress.format(address, port));
    text.append(' ').append(forwarding);
    if (forwarding instanceof Forwarding.Tunnel tunnel
        && tunnel.encapsulation().type() != Encapsulation.TYPE_IPIP) {
      text.append('(').append(tunnel.encapsulation()).append(')');
    }
    text.append(' ').append(weight);
    if (upperThreshold != 0 || lowerThreshold != 0) {
      text.append(" thresholds ").append(upperThreshold).append('/').append(lowerThreshold);
    }
    return text.toString();
  }
}
