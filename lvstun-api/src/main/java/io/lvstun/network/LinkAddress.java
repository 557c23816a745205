// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Objects;

/**
 * An IP address to add to a link. Immutable: each method returns a changed copy.
 *
 * @param address the address
 * @param prefixLength how many leading bits name its network: 0 to 32, or to 128 for IPv6
 * @param scope where the address is valid; default {@link Scope#GLOBAL}
 * @param label IPv4 only: a name for it that begins with the link's, for example {@code
 *     "eth0:vip"}; default empty
 * @param deprecated whether the kernel must not choose it as a source ({@code preferred_lft 0});
 *     default false
 * @param withoutDuplicateDetection IPv6 only: whether it is usable at once, without asking the wire
 *     first ({@code nodad}); default false
 * @since 0.1.0
 */
public record LinkAddress(
    InetAddress address,
    int prefixLength,
    Scope scope,
    String label,
    boolean deprecated,
    boolean withoutDuplicateDetection) {

  /**
   * Where an address is valid.
   *
   * @since 0.1.0
   */
  public enum Scope {
    /** Everywhere. */
    GLOBAL,
    /** In an IPv6 site. */
    SITE,
    /** On its link. */
    LINK,
    /** In its host. */
    HOST
  }

  /**
   * Checks the parts against each other.
   *
   * @throws IllegalArgumentException if the prefix length is out of range, the label is not 1 to 15
   *     printable characters or given for IPv6, or duplicate detection is left out for IPv4
   */
  public LinkAddress {
    Objects.requireNonNull(scope, "scope");
    NetworkArgument.prefix(address, prefixLength);
    boolean v4 = AddressFamily.of(address) == AddressFamily.IPV4;
    if (!label.isEmpty()) {
      NetworkArgument.name("label", label);
      if (!v4) {
        throw new IllegalArgumentException(
            "label must be empty for the IPv6 address " + IpAddress.format(address));
      }
    }
    if (v4 && withoutDuplicateDetection) {
      throw new IllegalArgumentException(
          "duplicate detection is IPv6's and cannot be left out for " + IpAddress.format(address));
    }
  }

  /**
   * Returns an address with the defaults.
   *
   * @param address the address
   * @param prefixLength 0 to 32, or to 128 for IPv6
   * @return the value
   * @throws IllegalArgumentException if the prefix length is out of range
   */
  public static LinkAddress of(InetAddress address, int prefixLength) {
    return new LinkAddress(address, prefixLength, Scope.GLOBAL, "", false, false);
  }

  /**
   * Reads an address as {@code ip} writes it, with the defaults.
   *
   * @param text for example {@code "192.0.2.1/24"}; without a prefix length, the address alone
   * @return the value
   * @throws IllegalArgumentException if it is not an address literal and a prefix length
   */
  public static LinkAddress parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    String length =
        slash < 0 ? "" + AddressFamily.of(address).addressBits() : text.substring(slash + 1);
    if (!length.matches("[0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "prefix length of " + IpAddress.format(address) + " must be a number");
    }
    return of(address, Integer.parseInt(length));
  }

  /**
   * Returns a copy that is valid elsewhere.
   *
   * @param wanted the scope; the kernel itself decides it for IPv6
   * @return a copy
   */
  public LinkAddress scope(Scope wanted) {
    Objects.requireNonNull(wanted, "wanted");
    return new LinkAddress(
        address, prefixLength, wanted, label, deprecated, withoutDuplicateDetection);
  }

  /**
   * Returns a copy with a label.
   *
   * @param wanted 1 to 15 printable ASCII characters that begin with the link's name
   * @return a copy
   * @throws IllegalArgumentException if it cannot be a label or the address is IPv6
   */
  public LinkAddress label(String wanted) {
    Objects.requireNonNull(wanted, "wanted");
    return new LinkAddress(
        address, prefixLength, scope, wanted, deprecated, withoutDuplicateDetection);
  }

  /**
   * Returns a copy that the kernel does not choose as a source: what a VIP must be where IPVS makes
   * IPv6 tunnels, whose outer source the kernel chooses.
   *
   * @return a copy
   */
  public LinkAddress asDeprecated() {
    return new LinkAddress(address, prefixLength, scope, label, true, withoutDuplicateDetection);
  }

  /**
   * Returns a copy that is usable at once. IPv6 only.
   *
   * @return a copy
   * @throws IllegalArgumentException if the address is IPv4
   */
  public LinkAddress withoutDetection() {
    return new LinkAddress(address, prefixLength, scope, label, deprecated, true);
  }

  /** Returns a line such as {@code 192.0.2.1/24}, with what differs from the defaults. */
  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(IpAddress.format(address)).append('/').append(prefixLength);
    if (scope != Scope.GLOBAL) {
      text.append(" scope ").append(scope.name().toLowerCase(Locale.ROOT));
    }
    if (!label.isEmpty()) {
      text.append(" label ").append(label);
    }
    if (deprecated) {
      text.append(" preferred_lft 0");
    }
    if (withoutDuplicateDetection) {
      text.append(" nodad");
    }
    return text.toString();
  }
}
