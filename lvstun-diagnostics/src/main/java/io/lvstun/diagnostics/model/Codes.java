// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

/**
 * The codes of checks that other checks depend on or explain.
 *
 * @since 0.1.0
 */
public final class Codes {

  /** Arp ignore. */
  public static final String ARP_IGNORE = "ARP-001";

  /** Arp announce. */
  public static final String ARP_ANNOUNCE = "ARP-003";

  /** Filter input. */
  public static final String FILTER_INPUT = "FW-001";

  /** Filter inner. */
  public static final String FILTER_INNER = "FW-002";

  /** Filter output. */
  public static final String FILTER_OUTPUT = "FW-003";

  /** Filter stateful. */
  public static final String FILTER_STATEFUL = "FW-004";

  /** Filter icmp. */
  public static final String FILTER_ICMP = "FW-005";

  /** Filter peers. */
  public static final String FILTER_PEERS = "FW-007";

  /** Host answers. */
  public static final String HOST_ANSWERS = "HST-001";

  /** Table drift. */
  public static final String TABLE_DRIFT = "IPV-002";

  /** Forwarding method. */
  public static final String FORWARDING_METHOD = "IPV-003";

  /** Estimation. */
  public static final String ESTIMATION = "IPV-008";

  /** Ipvs module. */
  public static final String IPVS_MODULE = "KRN-001";

  /** Ipip module. */
  public static final String IPIP_MODULE = "KRN-003";

  /** Fallback device. */
  public static final String FALLBACK_DEVICE = "KRN-004";

  /** Path mtu. */
  public static final String PATH_MTU = "MTU-001";

  /** Strict filter. */
  public static final String STRICT_FILTER = "RPF-001";

  /** All wins. */
  public static final String ALL_WINS = "RPF-002";

  /** Filter rule. */
  public static final String FILTER_RULE = "RPF-004";

  /** Outer source. */
  public static final String OUTER_SOURCE = "RPF-005";

  /** Tunnel up. */
  public static final String TUNNEL_UP = "TUN-001";

  /** Tunnel vip. */
  public static final String TUNNEL_VIP = "TUN-002";

  /** Tunnel loop. */
  public static final String TUNNEL_LOOP = "TUN-003";

  /** Tunnel address. */
  public static final String TUNNEL_ADDRESS = "TUN-004";

  /** Tunnel winner. */
  public static final String TUNNEL_WINNER = "TUN-005";

  /** Calico device. */
  public static final String CALICO_DEVICE = "TUN-006";

  /** Service listens. */
  public static final String SERVICE_LISTENS = "TUN-009";

  /** Service port. */
  public static final String SERVICE_PORT = "TUN-010";

  /** Fou port. */
  public static final String FOU_PORT = "TUN-011";

  /** Over ipv6. */
  public static final String OVER_IPV6 = "V6-001";

  /** Ipv6 in ipv4. */
  public static final String IPV6_IN_IPV4 = "V6-002";

  private Codes() {}
}
