// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import java.util.List;

/**
 * What a check is about. The order is that of the catalogue: what comes first is looked at first.
 *
 * @since 0.1.0
 */
public enum Category {
  /** Whether the hosts can be examined. */
  HOST("Hosts", "HST"),
  /** Kernel and modules. */
  KERNEL("Kernel and modules", "KRN"),
  /** Tunnel device and virtual address. */
  TUNNEL("Tunnel device and VIP", "TUN"),
  /** Reverse path filter and martians. */
  REVERSE_PATH("Reverse path and martians", "RPF"),
  /** ARP. */
  ARP("ARP", "ARP"),
  /** Packet filters. */
  FIREWALL("Firewall", "FW"),
  /** Packet sizes. */
  MTU("MTU", "MTU"),
  /** State and semantics of IPVS. */
  IPVS("IPVS state and semantics", "IPV"),
  /** Firewall marks and steering. */
  STEERING("Firewall marks and geography", "FWM GEO"),
  /** Connection tracking and tuning. */
  TUNING("Connection tracking and tuning", "CT SYS"),
  /** Network cards and processors. */
  NIC("NIC and CPU", "NIC"),
  /** What clouds do to packets. */
  CLOUD("Cloud", "CLD"),
  /** High availability. */
  HIGH_AVAILABILITY("High availability", "HA"),
  /** IPv6. */
  IPV6("IPv6", "V6"),
  /** Load feedback. */
  LOAD("Load feedback", "LOAD"),
  /** Live probes. */
  PROBE("Live probes", "PRB"),
  /** What users add: codes {@code OWN-001} to {@code OWN-999} are never given to others. */
  OWN("Own checks", "OWN");

  private final String title;
  private final String prefixes;

  Category(String title, String prefixes) {
    this.title = title;
    this.prefixes = prefixes;
  }

  /**
   * Returns the heading.
   *
   * @return for example {@code Kernel and modules}
   */
  public String title() {
    return title;
  }

  /**
   * Returns what the codes of the category's checks begin with.
   *
   * @return for example {@code KRN}, one or two
   */
  public List<String> prefixes() {
    return List.of(prefixes.split(" "));
  }
}
