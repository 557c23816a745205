// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.ipvs;

import java.util.Map;

/**
 * The settings {@code net.ipv4.vs.*} that are known, with the kernel's defaults. The list is open:
 * older kernels lack some, newer ones have more.
 */
final class IpvsSettings {

  /** Name to default; the default is empty where it depends on the machine. */
  static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("am_droprate", "10"),
          Map.entry("amemthresh", "1024"),
          Map.entry("backup_only", "0"),
          Map.entry("cache_bypass", "0"),
          Map.entry("conn_lfactor", ""),
          Map.entry("conn_reuse_mode", "1"),
          Map.entry("conntrack", "0"),
          Map.entry("debug_level", "0"),
          Map.entry("drop_entry", "0"),
          Map.entry("drop_packet", "0"),
          Map.entry("est_cpulist", ""),
          Map.entry("est_nice", "0"),
          Map.entry("expire_nodest_conn", "0"),
          Map.entry("expire_quiescent_template", "0"),
          Map.entry("ignore_tunneled", "0"),
          Map.entry("lblc_expiration", "86400"),
          Map.entry("lblcr_expiration", "86400"),
          Map.entry("nat_icmp_send", "0"),
          Map.entry("pmtu_disc", "1"),
          Map.entry("run_estimation", "1"),
          Map.entry("schedule_icmp", "0"),
          Map.entry("secure_tcp", "0"),
          Map.entry("sloppy_sctp", "0"),
          Map.entry("sloppy_tcp", "0"),
          Map.entry("snat_reroute", "1"),
          Map.entry("svc_lfactor", ""),
          Map.entry("sync_persist_mode", "0"),
          Map.entry("sync_ports", "1"),
          Map.entry("sync_qlen_max", ""),
          Map.entry("sync_refresh_period", "0"),
          Map.entry("sync_retries", "0"),
          Map.entry("sync_sock_size", "0"),
          Map.entry("sync_threshold", "3 50"),
          Map.entry("sync_version", "1"));

  private IpvsSettings() {}
}
