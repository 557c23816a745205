// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.examples.lab.LabHost;
import java.util.List;
import java.util.TreeMap;

/** What a host is like: its devices, addresses, routes, rules, filters, ports and settings. */
final class HostDump {

  private HostDump() {}

  /** The dump, one line a thing, by what tells it. */
  static TreeMap<String, String> of(LabHost host) {
    host.awaitAddresses();
    TreeMap<String, String> dump = new TreeMap<>();
    dump.put("links", lasting(host.run("ip", "-d", "link")));
    dump.put("addresses", lasting(host.run("ip", "address")));
    dump.put("routes", host.run("ip", "route", "show", "table", "all"));
    dump.put("rules", host.run("ip", "rule"));
    dump.put("modules", modules());
    dump.put("filters", host.exec("nft", "list", "ruleset").output());
    for (String line : host.exec("sysctl", "-a").output().lines().toList()) {
      int equals = line.indexOf(" = ");
      String name = equals > 0 ? line.substring(0, equals) : "";
      // A tunnel device has settings of IPv6 once it was up, and keeps them.
      if (name.startsWith("net.")
          && !name.matches("net\\.ipv6\\.(conf|neigh)\\.tunl0\\..*")
          && !CHANGING.contains(name)) {
        dump.put(name, line.substring(equals));
      }
    }
    return dump;
  }

  /**
   * Leaves out what nobody can take back: a device that was up once has another queue and says how
   * it makes its IPv6 address.
   */
  private static String lasting(String shown) {
    return shown.replaceAll(" qdisc noop| qdisc noqueue| addrgenmode \\w+", "");
  }

  /** What changes by itself. */
  private static final List<String> CHANGING =
      List.of("net.netfilter.nf_conntrack_count", "net.ipv4.route.gc_elasticity");

  /** The modules that are loaded, with what tunnels and IPVS need. */
  private static String modules() {
    StringBuilder loaded = new StringBuilder();
    for (String module : List.of("ipip", "sit", "ip6_tunnel", "fou", "ip_vs", "ip_vs_rr")) {
      if (new java.io.File("/sys/module/" + module).isDirectory()) {
        loaded.append(module).append(' ');
      }
    }
    return loaded.toString();
  }
}
