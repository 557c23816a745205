// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.firewall;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Names of IP protocols as {@code /etc/protocols} of the distributions has them. Beware: {@code
 * ipip} is 94 there, another protocol than the 4 that tunnels use, which is called {@code ipencap}
 * or {@code ipv4}.
 */
final class Protocols {

  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("icmp", 1),
          Map.entry("igmp", 2),
          Map.entry("ipencap", 4),
          Map.entry("ip-encap", 4),
          Map.entry("ipv4", 4),
          Map.entry("tcp", 6),
          Map.entry("udp", 17),
          Map.entry("dccp", 33),
          Map.entry("ipv6", 41),
          Map.entry("gre", 47),
          Map.entry("esp", 50),
          Map.entry("ah", 51),
          Map.entry("ipv6-icmp", 58),
          Map.entry("icmpv6", 58),
          Map.entry("ospf", 89),
          Map.entry("ipip", 94),
          Map.entry("comp", 108),
          Map.entry("vrrp", 112),
          Map.entry("sctp", 132),
          Map.entry("udplite", 136));

  private Protocols() {}

  static OptionalInt number(String text) {
    if (text.matches("\\d{1,3}")) {
      return OptionalInt.of(Integer.parseInt(text));
    }
    Integer number = NUMBERS.get(text.toLowerCase(Locale.ROOT));
    return number == null ? OptionalInt.empty() : OptionalInt.of(number);
  }
}
