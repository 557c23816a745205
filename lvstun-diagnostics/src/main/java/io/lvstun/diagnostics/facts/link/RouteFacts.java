// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A route, from a table or as the kernel's answer for one address.
 *
 * @param type {@code unicast}, {@code local}, {@code broadcast}, {@code unreachable}...
 * @param destination {@code default}, a network as {@code 192.0.2.0/24}, or an address
 * @param device where packets leave; empty if nowhere
 * @param gateway the next hop; empty if the destination is on the link
 * @param source the preferred source address; empty if none is stated
 * @param table the routing table; empty if not stated
 * @param scope for example {@code link}; empty if not stated
 * @param mtu the path's MTU, as configured or learnt; empty if that of the device holds
 * @param advertisedMss the MSS that connections over it announce; empty if it follows from the MTU
 * @since 0.1.0
 */
public record RouteFacts(
    String type,
    String destination,
    String device,
    Optional<InetAddress> gateway,
    Optional<InetAddress> source,
    String table,
    String scope,
    OptionalInt mtu,
    OptionalInt advertisedMss) {

  /** The type of an answer when the kernel has no route. */
  public static final String UNREACHABLE = "unreachable";

  /**
   * Tells whether packets for the destination are for the host itself.
   *
   * @return true for the type {@code local}
   */
  public boolean local() {
    return type.equals("local");
  }

  /**
   * Tells whether an address is in the route's destination.
   *
   * @param address the address
   * @return true if it is; for {@code default} always
   */
  public boolean covers(InetAddress address) {
    return destination.equals("default")
        || Prefix.parse(destination).map(prefix -> prefix.covers(address)).orElse(false);
  }

  /** Returns the route as {@code ip route} writes it, in short. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (!type.equals("unicast")) {
      text.append(type).append(' ');
    }
    text.append(destination);
    gateway.ifPresent(address -> text.append(" via ").append(IpAddress.format(address)));
    if (!device.isEmpty()) {
      text.append(" dev ").append(device);
    }
    source.ifPresent(address -> text.append(" src ").append(IpAddress.format(address)));
    mtu.ifPresent(value -> text.append(" mtu ").append(value));
    advertisedMss.ifPresent(value -> text.append(" advmss ").append(value));
    return text.toString();
  }
}
