// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Adds an address to a network device, or removes one.
 *
 * @param device its name
 * @param address the literal address
 * @param prefixLength length of the network's prefix
 * @param add whether to add it
 * @since 0.1.0
 */
public record SetAddress(String device, String address, int prefixLength, boolean add)
    implements HostChange {

  /**
   * The options of virtual IPv6 addresses. The same address is on several hosts: duplicate address
   * detection would disable it, and it must not become the source of what the host itself sends.
   */
  public static final List<String> IPV6_OPTIONS = List.of("nodad", "preferred_lft", "0");

  /**
   * Checks the name, the address and the length.
   *
   * @throws IllegalArgumentException if no device can have the name, the address is no literal, or
   *     the length does not fit the address
   */
  public SetAddress {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(device, "device");
    Names.requireDevice(device);
    Names.requirePrefix(IpAddress.parse(address), prefixLength);
  }

  /**
   * Returns the change that adds an address.
   *
   * @param device the device
   * @param address the address
   * @param prefixLength length of the network's prefix
   * @return the change
   */
  public static SetAddress present(String device, InetAddress address, int prefixLength) {
    return new SetAddress(device, IpAddress.format(address), prefixLength, true);
  }

  /**
   * Returns the change that removes an address.
   *
   * @param device the device
   * @param address the address
   * @param prefixLength length of the network's prefix
   * @return the change
   */
  public static SetAddress absent(String device, InetAddress address, int prefixLength) {
    return new SetAddress(device, IpAddress.format(address), prefixLength, false);
  }

  /**
   * Returns the address with the length of its prefix.
   *
   * @return for example {@code 192.0.2.1/32}
   */
  public String network() {
    return address + "/" + prefixLength;
  }

  @Override
  public List<String> command() {
    return command(add);
  }

  @Override
  public List<String> undo() {
    return command(!add);
  }

  private List<String> command(boolean present) {
    List<String> command = new ArrayList<>(List.of("ip", "address"));
    command.addAll(List.of(present ? "add" : "delete", network(), "dev", device));
    if (present && prefixLength == 128) {
      command.addAll(IPV6_OPTIONS);
    }
    return command;
  }

  @Override
  public Risk risk() {
    return Risk.ADDRESS;
  }

  @Override
  public List<String> query() {
    return List.of("address", device, network(), "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    return add ? PRESENT : ABSENT;
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    List<String> operation = new ArrayList<>(List.of("run"));
    operation.addAll(command(target.equals(PRESENT)));
    return operation;
  }
}
