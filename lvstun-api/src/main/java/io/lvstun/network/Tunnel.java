// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A tunnel device: decapsulates the director's packets on a real server. Immutable: each method
 * returns a changed copy.
 *
 * @param name the device's name, 1 to 15 printable ASCII characters
 * @param kind which outer header
 * @param local the outer address of this host; default any
 * @param remote the outer address of the other host; default any
 * @param ttl the outer time to live or hop limit of packets sent, 1 to 255; 0, the default of IPv4
 *     kinds, copies the inner one; the default of IPv6 kinds is 64
 * @param payload which packets go inside; what it does not say is dropped. Default: see {@link
 *     Kind}
 * @param external whether addresses come with each packet instead of from the device ({@code
 *     external}, {@code collect_md}); there is at most one such device of a kind in a namespace,
 *     and none of {@link Kind#SIT}
 * @param inputChecksum {@link Kind#GRE} only: whether packets received must have a GRE checksum
 *     ({@code icsum}); without, those that have one are dropped
 * @since 0.1.0
 */
public record Tunnel(
    String name,
    Kind kind,
    Optional<InetAddress> local,
    Optional<InetAddress> remote,
    int ttl,
    Payload payload,
    boolean external,
    boolean inputChecksum) {

  /**
   * Outer headers, under the kernel's names.
   *
   * @since 0.1.0
   */
  public enum Kind {
    /** IPv4 in IPv4, protocol 4 (RFC 2003). Default payload {@link Payload#IPV4}. */
    IPIP(AddressFamily.IPV4, "tunl0", "ipip"),
    /** IPv6 in IPv4, protocol 41 (RFC 4213). Default payload {@link Payload#IPV6}. */
    SIT(AddressFamily.IPV4, "sit0", "sit"),
    /** Anything in IPv4, with a GRE header, protocol 47 (RFC 2784). */
    GRE(AddressFamily.IPV4, "gre0", "ip_gre"),
    /** IPv4 or IPv6 in IPv6 (RFC 2473). Default payload {@link Payload#ANY}. */
    IP6TNL(AddressFamily.IPV6, "ip6tnl0", "ip6_tunnel"),
    /** Anything in IPv6, with a GRE header. */
    IP6GRE(AddressFamily.IPV6, "ip6gre0", "ip6_gre");

    private final AddressFamily outer;
    private final String fallbackDevice;
    private final String module;

    Kind(AddressFamily outer, String fallbackDevice, String module) {
      this.outer = outer;
      this.fallbackDevice = fallbackDevice;
      this.module = module;
    }

    /**
     * Returns the device that the module makes by itself, which takes what no other device of the
     * kind takes.
     *
     * @return for example {@code tunl0}
     */
    public String fallbackDevice() {
      return fallbackDevice;
    }

    /**
     * Returns the kernel module that brings the kind.
     *
     * @return for example {@code ipip}
     */
    public String module() {
      return module;
    }

    /**
     * Returns the kind whose module makes a device.
     *
     * @param device the name of a device
     * @return the kind; empty if the device does not come with a module
     */
    public static Optional<Kind> ofFallbackDevice(String device) {
      Objects.requireNonNull(device, "device");
      return Arrays.stream(values()).filter(kind -> kind.fallbackDevice.equals(device)).findFirst();
    }

    /**
     * Returns the family of the outer addresses.
     *
     * @return the family
     */
    public AddressFamily outer() {
      return outer;
    }

    private Payload defaultPayload() {
      return switch (this) {
        case IPIP -> Payload.IPV4;
        case SIT -> Payload.IPV6;
        default -> Payload.ANY;
      };
    }

    private boolean takes(Payload payload) {
      return payload == Payload.ANY
          || switch (this) {
            case IPIP -> payload == Payload.IPV4;
            case SIT, IP6TNL -> true;
            case GRE, IP6GRE -> false;
          };
    }
  }

  /**
   * Which packets go inside.
   *
   * @since 0.1.0
   */
  public enum Payload {
    /** All that the kind can carry. */
    ANY,
    /** IPv4. */
    IPV4,
    /** IPv6. */
    IPV6
  }

  /**
   * Checks the parts against each other.
   *
   * @throws IllegalArgumentException if the name is not one, an outer address is of another family
   *     than the kind's or not unicast, the ttl is out of range, the kind cannot carry the payload,
   *     addresses are given for an external tunnel, SIT is to be external, or a checksum is given
   *     for another kind than GRE
   */
  public Tunnel {
    Objects.requireNonNull(name, "name");
    NetworkArgument.name("name", name);
    Objects.requireNonNull(payload, "payload");
    NetworkArgument.range("ttl", ttl, 0, 255);
    local.ifPresent(address -> outer("local", kind, address));
    remote.ifPresent(address -> outer("remote", kind, address));
    if (!kind.takes(payload)) {
      throw new IllegalArgumentException("payload of " + kind + " must not be " + payload);
    }
    if (external && (local.isPresent() || remote.isPresent())) {
      throw new IllegalArgumentException("an external tunnel must have neither local nor remote");
    }
    if (external && kind == Kind.SIT) {
      throw new IllegalArgumentException("a tunnel of SIT must not be external");
    }
    if (inputChecksum && kind != Kind.GRE) {
      throw new IllegalArgumentException("input checksum must be off for " + kind);
    }
  }

  private static void outer(String parameter, Kind kind, InetAddress address) {
    if (AddressFamily.of(address) != kind.outer()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress()) {
      throw new IllegalArgumentException(
          parameter
              + " of "
              + kind
              + " must be a unicast address of "
              + kind.outer()
              + ", not "
              + IpAddress.format(address));
    }
  }

  /**
   * Returns a tunnel with the defaults.
   *
   * @param name the device's name
   * @param kind which outer header
   * @return the value
   * @throws IllegalArgumentException if the name is not 1 to 15 printable ASCII characters
   */
  public static Tunnel of(String name, Kind kind) {
    int ttl = kind.outer() == AddressFamily.IPV4 ? 0 : 64;
    return new Tunnel(
        name, kind, Optional.empty(), Optional.empty(), ttl, kind.defaultPayload(), false, false);
  }

  /**
   * Returns an IPv4-in-IPv4 tunnel with the defaults.
   *
   * @param name the device's name
   * @return the value
   * @throws IllegalArgumentException if the name is not 1 to 15 printable ASCII characters
   */
  public static Tunnel ipip(String name) {
    return of(name, Kind.IPIP);
  }

  /**
   * Returns a copy with an outer address of this host.
   *
   * @param address an address literal
   * @return a copy
   * @throws IllegalArgumentException if it is not a unicast literal of the kind's family
   */
  public Tunnel local(String address) {
    Objects.requireNonNull(address, "address");
    return new Tunnel(
        name,
        kind,
        Optional.of(IpAddress.parse(address)),
        remote,
        ttl,
        payload,
        external,
        inputChecksum);
  }

  /**
   * Returns a copy with an outer address of the other host: packets from others are not taken.
   *
   * @param address an address literal
   * @return a copy
   * @throws IllegalArgumentException if it is not a unicast literal of the kind's family
   */
  public Tunnel remote(String address) {
    Objects.requireNonNull(address, "address");
    return new Tunnel(
        name,
        kind,
        local,
        Optional.of(IpAddress.parse(address)),
        ttl,
        payload,
        external,
        inputChecksum);
  }

  /**
   * Returns a copy with another outer time to live.
   *
   * @param hops 1 to 255; 0 copies the inner one
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public Tunnel ttl(int hops) {
    return new Tunnel(name, kind, local, remote, hops, payload, external, inputChecksum);
  }

  /**
   * Returns a copy with another payload.
   *
   * @param wanted which packets go inside
   * @return a copy
   * @throws IllegalArgumentException if the kind cannot carry it
   */
  public Tunnel payload(Payload wanted) {
    Objects.requireNonNull(wanted, "wanted");
    return new Tunnel(name, kind, local, remote, ttl, wanted, external, inputChecksum);
  }

  /**
   * Returns a copy whose addresses come with each packet.
   *
   * @return a copy
   * @throws IllegalArgumentException if it has addresses, or the kind is SIT
   */
  public Tunnel asExternal() {
    return new Tunnel(name, kind, local, remote, ttl, payload, true, inputChecksum);
  }

  /**
   * Returns a copy that takes packets with a GRE checksum only: what goes with {@code
   * Encapsulation.gre().checksum()}.
   *
   * @return a copy
   * @throws IllegalArgumentException if the kind is not GRE
   */
  public Tunnel withInputChecksum() {
    return new Tunnel(name, kind, local, remote, ttl, payload, external, true);
  }

  /** Returns a line such as {@code tun1 ipip local 192.0.2.1 remote any}. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(name).append(' ').append(kind.name().toLowerCase(Locale.ROOT));
    if (external) {
      text.append(" external");
    } else {
      text.append(" local ").append(local.map(IpAddress::format).orElse("any"));
      text.append(" remote ").append(remote.map(IpAddress::format).orElse("any"));
    }
    if (payload != kind.defaultPayload()) {
      text.append(" payload ").append(payload.name().toLowerCase(Locale.ROOT));
    }
    if (ttl != 0) {
      text.append(" ttl ").append(ttl);
    }
    return inputChecksum ? text.append(" icsum").toString() : text.toString();
  }
}
