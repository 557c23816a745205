// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import io.lvstun.diagnostics.facts.firewall.FirewallRule.Condition;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Flags of TCP by their names in {@code nft} and {@code iptables}. */
final class TcpFlags {

  private static final List<String> NAMES =
      List.of("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr");

  private TcpFlags() {}

  /** The bits of some flags; empty if one is not known. */
  static OptionalInt bits(Collection<String> names) {
    int bits = 0;
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.equals("none")) {
        continue;
      }
      if (lower.equals("all")) {
        bits |= 0x3f;
        continue;
      }
      int at = NAMES.indexOf(lower);
      if (at < 0) {
        return OptionalInt.empty();
      }
      bits |= 1 << at;
    }
    return OptionalInt.of(bits);
  }

  /** That the flags in a mask have a value. */
  static Condition masked(
      Collection<String> mask, Collection<String> value, boolean negated, String text) {
    OptionalInt bits = bits(mask);
    OptionalInt wanted = bits(value);
    return bits.isPresent() && wanted.isPresent()
        ? new Condition("tcp-flags", List.of(bits.getAsInt() + "/" + wanted.getAsInt()), negated)
        : Condition.unknown(text);
  }
}
