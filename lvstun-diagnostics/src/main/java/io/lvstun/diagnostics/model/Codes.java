// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

/**
 * The codes of checks that others name.
 *
 * @since 0.1.0
 */
public final class Codes {

  /** The check {@code arp-ignore-on-card}. */
  public static final String ARP_IGNORE = "ARP-001";

  /** The check {@code arp-announce-on-card}. */
  public static final String ARP_ANNOUNCE = "ARP-003";

  /** The check {@code vip-has-one-mac}. */
  public static final String VIP_HAS_ONE_MAC = "ARP-004";

  /** The check {@code azure-carries-tunnels}. */
  public static final String AZURE_CARRIES_TUNNELS = "CLD-001";

  /** The check {@code digitalocean-carries-tunnels}. */
  public static final String DIGITALOCEAN_CARRIES_TUNNELS = "CLD-002";

  /** The check {@code aws-carries-tunnels-and-answers}. */
  public static final String AWS_CARRIES_TUNNELS_AND_ANSWERS = "CLD-003";

  /** The check {@code google-carries-tunnels-and-answers}. */
  public static final String GOOGLE_CARRIES_TUNNELS_AND_ANSWERS = "CLD-004";

  /** The check {@code openstack-carries-tunnels-and-answers}. */
  public static final String OPENSTACK_CARRIES_TUNNELS_AND_ANSWERS = "CLD-005";

  /** The check {@code conntrack-table-not-full}. */
  public static final String CONNTRACK_TABLE_NOT_FULL = "CT-001";

  /** The check {@code no-invalid-drops}. */
  public static final String NO_INVALID_DROPS = "CT-003";

  /** The check {@code input-protocol-4}. */
  public static final String FILTER_INPUT = "FW-001";

  /** The check {@code input-inner-packet}. */
  public static final String FILTER_INNER = "FW-002";

  /** The check {@code output-tunnel}. */
  public static final String FILTER_OUTPUT = "FW-003";

  /** The check {@code input-stateless}. */
  public static final String FILTER_STATEFUL = "FW-004";

  /** The check {@code icmp-unreachable-passes}. */
  public static final String FILTER_ICMP = "FW-005";

  /** The check {@code input-sync-and-vrrp}. */
  public static final String FILTER_PEERS = "FW-007";

  /** The check {@code no-mark-by-payload-for-tcp}. */
  public static final String NO_MARK_BY_PAYLOAD_FOR_TCP = "FWM-001";

  /** The check {@code mark-is-set}. */
  public static final String MARK_IS_SET = "FWM-002";

  /** The check {@code unmapped-clients-served}. */
  public static final String UNMAPPED_CLIENTS_SERVED = "FWM-004";

  /** The check {@code one-owner-of-the-address}. */
  public static final String ONE_OWNER_OF_THE_ADDRESS = "HA-001";

  /** The check {@code same-table-on-all-directors}. */
  public static final String SAME_TABLE_ON_ALL_DIRECTORS = "HA-005";

  /** The check {@code host-answers}. */
  public static final String HOST_ANSWERS = "HST-001";

  /** The check {@code vip-local-on-director}. */
  public static final String VIP_LOCAL_ON_DIRECTOR = "IPV-001";

  /** The check {@code table-as-desired}. */
  public static final String TABLE_DRIFT = "IPV-002";

  /** The check {@code forwarding-by-tunnel}. */
  public static final String FORWARDING_METHOD = "IPV-003";

  /** The check {@code some-weight-above-zero}. */
  public static final String SOME_WEIGHT_ABOVE_ZERO = "IPV-004";

  /** The check {@code removed-servers-release-clients}. */
  public static final String REMOVED_SERVERS_RELEASE_CLIENTS = "IPV-005";

  /** The check {@code statistics-run}. */
  public static final String ESTIMATION = "IPV-008";

  /** The check {@code no-defence-active}. */
  public static final String NO_DEFENCE_ACTIVE = "IPV-010";

  /** The check {@code backup-does-not-direct}. */
  public static final String BACKUP_DOES_NOT_DIRECT = "IPV-013";

  /** The check {@code connections-survive-another-director}. */
  public static final String CONNECTIONS_SURVIVE_ANOTHER_DIRECTOR = "IPV-016";

  /** The check {@code ip-vs-module}. */
  public static final String IPVS_MODULE = "KRN-001";

  /** The check {@code ipip-module}. */
  public static final String IPIP_MODULE = "KRN-003";

  /** The check {@code ipip-device}. */
  public static final String FALLBACK_DEVICE = "KRN-004";

  /** The check {@code tunnel-path-mtu}. */
  public static final String PATH_MTU = "MTU-001";

  /** The check {@code announced-mss}. */
  public static final String ANNOUNCED_MSS = "MTU-002";

  /** The check {@code icmp-storm}. */
  public static final String ICMP_STORM = "MTU-004";

  /** The check {@code gro-before-tunnel}. */
  public static final String GRO_BEFORE_TUNNEL = "MTU-005";

  /** The check {@code no-large-receive-offload}. */
  public static final String NO_LARGE_RECEIVE_OFFLOAD = "NIC-004";

  /** The check {@code tunnel-offload-works}. */
  public static final String TUNNEL_OFFLOAD_WORKS = "NIC-005";

  /** The check {@code connect-from-vantage}. */
  public static final String CONNECT_FROM_VANTAGE = "PRB-001";

  /** The check {@code tunnel-echo}. */
  public static final String TUNNEL_ECHO = "PRB-002";

  /** The check {@code large-transfer}. */
  public static final String LARGE_TRANSFER = "PRB-003";

  /** The check {@code hop-ledger}. */
  public static final String HOP_LEDGER = "PRB-004";

  /** The check {@code decap-rp-filter}. */
  public static final String STRICT_FILTER = "RPF-001";

  /** The check {@code all-rp-filter-wins}. */
  public static final String ALL_WINS = "RPF-002";

  /** The check {@code rp-filter-stays}. */
  public static final String RP_FILTER_STAYS = "RPF-003";

  /** The check {@code reverse-path-rule}. */
  public static final String FILTER_RULE = "RPF-004";

  /** The check {@code outer-source}. */
  public static final String OUTER_SOURCE = "RPF-005";

  /** The check {@code answers-arrive}. */
  public static final String ANSWERS_ARRIVE = "RPF-008";

  /** The check {@code accept-queue-large-enough}. */
  public static final String ACCEPT_QUEUE_LARGE_ENOUGH = "SYS-001";

  /** The check {@code tunnel-device-up}. */
  public static final String TUNNEL_UP = "TUN-001";

  /** The check {@code vip-local-on-real-server}. */
  public static final String TUNNEL_VIP = "TUN-002";

  /** The check {@code no-forwarding-loop}. */
  public static final String TUNNEL_LOOP = "TUN-003";

  /** The check {@code tunnel-device-address}. */
  public static final String TUNNEL_ADDRESS = "TUN-004";

  /** The check {@code decapsulating-device}. */
  public static final String TUNNEL_WINNER = "TUN-005";

  /** The check {@code calico-drops-ipip}. */
  public static final String CALICO_DEVICE = "TUN-006";

  /** The check {@code tunl0-owner}. */
  public static final String TUNL0_OWNER = "TUN-007";

  /** The check {@code vip-prefix}. */
  public static final String VIP_PREFIX = "TUN-008";

  /** The check {@code service-listens-on-vip}. */
  public static final String SERVICE_LISTENS = "TUN-009";

  /** The check {@code no-port-mapping}. */
  public static final String SERVICE_PORT = "TUN-010";

  /** The check {@code gue-port-open}. */
  public static final String FOU_PORT = "TUN-011";

  /** The check {@code tunnels-over-ipv6}. */
  public static final String OVER_IPV6 = "V6-001";

  /** The check {@code ipv6-in-ipv4}. */
  public static final String IPV6_IN_IPV4 = "V6-002";

  /** The check {@code ipv6-vip-usable}. */
  public static final String IPV6_VIP_USABLE = "V6-003";

  /** The check {@code ipv6-path-mtu}. */
  public static final String IPV6_PATH_MTU = "V6-004";

  /** Answers find a way from the virtual address to clients. */
  public static final String WAY_BACK = "TUN-014";

  private Codes() {}
}
