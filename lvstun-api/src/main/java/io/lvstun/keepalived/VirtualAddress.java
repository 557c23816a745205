// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.IpAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * An address that a VRRP instance gives to the director that is master.
 *
 * <p>Immutable.
 *
 * @param address the address
 * @param prefixLength the prefix length; by default 32, or 128 for IPv6
 * @param device the interface; by default that of the instance
 * @param label the label
 * @since 0.1.0
 */
public record VirtualAddress(
    InetAddress address,
    Optional<Integer> prefixLength,
    Optional<String> device,
    Optional<String> label) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public VirtualAddress {
    Objects.requireNonNull(address, "address");
    int most = address instanceof Inet6Address ? 128 : 32;
    prefixLength.ifPresent(value -> Checked.range("prefix length", value, 0, most));
    device.ifPresent(value -> Checked.name("dev", value));
    label.ifPresent(value -> Checked.name("label", value));
  }

  /**
   * Reads an address.
   *
   * @param text a literal, or one with a prefix length such as {@code 192.0.2.1/24}
   * @return the address
   * @throws IllegalArgumentException if it is neither
   */
  public static VirtualAddress of(String text) {
    int slash = text.indexOf('/');
    InetAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    Optional<Integer> length = Optional.empty();
    if (slash >= 0) {
      length = Optional.of(Checked.number("prefix length", text.substring(slash + 1)));
    }
    return new VirtualAddress(address, length, Optional.empty(), Optional.empty());
  }

  /**
   * Returns a copy with another prefix length.
   *
   * @param prefixLength 0 to 32, or to 128 for IPv6
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public VirtualAddress prefixLength(int prefixLength) {
    return new VirtualAddress(address, Optional.of(prefixLength), device, label);
  }

  /**
   * Returns a copy with another interface.
   *
   * @param device the interface
   * @return a copy
   * @throws IllegalArgumentException if it is no name of an interface
   */
  public VirtualAddress device(String device) {
    Objects.requireNonNull(device, "device");
    return new VirtualAddress(address, prefixLength, Optional.of(device), label);
  }

  /**
   * Returns a copy with another label.
   *
   * @param label the label, for example {@code eth0:1}
   * @return a copy
   * @throws IllegalArgumentException if it is no name
   */
  public VirtualAddress label(String label) {
    Objects.requireNonNull(label, "label");
    return new VirtualAddress(address, prefixLength, device, Optional.of(label));
  }

  /** Returns the address as in a file: {@code 192.0.2.1/24 dev eth1}. */
  @Override
  public String toString() {
    return IpAddress.format(address)
        + prefixLength.map(length -> "/" + length).orElse("")
        + device.map(name -> " dev " + name).orElse("")
        + label.map(name -> " label " + name).orElse("");
  }
}
