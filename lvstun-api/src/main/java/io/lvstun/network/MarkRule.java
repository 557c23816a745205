// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import io.lvstun.AddressFamily;
import java.util.Objects;

/**
 * A routing rule that makes packets with a firewall mark use a given routing table ({@code ip rule
 * fwmark}). Immutable.
 *
 * @param family of the packets
 * @param mark the firewall mark, 0 to 4294967295
 * @param mask which bits of the mark count, 1 to 4294967295
 * @param table the table's number, 1 to 4294967295
 * @param priority the lower the earlier, 0 to 4294967295; when a rule is added, 0 leaves the choice
 *     to the kernel, which takes one less than the lowest but that of the rule for the table {@link
 *     Route#LOCAL}
 * @since 0.1.0
 */
public record MarkRule(AddressFamily family, long mark, long mask, long table, long priority) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public MarkRule {
    Objects.requireNonNull(family, "family");
    NetworkArgument.range("mark", mark, 0, NetworkArgument.MAX_U32);
    NetworkArgument.range("mask", mask, 1, NetworkArgument.MAX_U32);
    NetworkArgument.range("table", table, 1, NetworkArgument.MAX_U32);
    NetworkArgument.range("priority", priority, 0, NetworkArgument.MAX_U32);
  }

  /**
   * Returns a rule for IPv4 packets, all bits of whose mark count.
   *
   * @param mark the firewall mark
   * @param table the table's number
   * @return the value
   * @throws IllegalArgumentException if one is out of range
   */
  public static MarkRule of(long mark, long table) {
    return new MarkRule(AddressFamily.IPV4, mark, NetworkArgument.MAX_U32, table, 0);
  }

  /**
   * Returns a copy for packets of a family.
   *
   * @param wanted the family
   * @return a copy
   */
  public MarkRule family(AddressFamily wanted) {
    Objects.requireNonNull(wanted, "wanted");
    return new MarkRule(wanted, mark, mask, table, priority);
  }

  /**
   * Returns a copy in which some bits of the mark count.
   *
   * @param bits 1 to 4294967295
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public MarkRule mask(long bits) {
    return new MarkRule(family, mark, bits, table, priority);
  }

  /**
   * Returns a copy with a priority.
   *
   * @param number 0 to 4294967295
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public MarkRule priority(long number) {
    return new MarkRule(family, mark, mask, table, number);
  }

  /** Returns a line such as {@code 99: fwmark 0x7 lookup 100}. */
  @Override
  public String toString() {
    return priority
        + ": fwmark 0x"
        + Long.toHexString(mark)
        + (mask == NetworkArgument.MAX_U32 ? "" : "/0x" + Long.toHexString(mask))
        + " lookup "
        + table
        + (family == AddressFamily.IPV6 ? " (IPv6)" : "");
  }
}
