// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which keywords keepalived knows in which block.
 *
 * <p>Source: {@code keepalived.conf(5)}, and {@code keepalived -t} of 2.2.7 asked about each word
 * of that page.
 */
final class Grammar {

  /** What a block holds. */
  static final class Block {
    private final boolean values;
    private final Map<String, Optional<Block>> keywords = new HashMap<>();
    private final Set<String> newer = new HashSet<>();

    private Block(boolean values) {
      this.values = values;
    }

    private Block with(String leaves) {
      Arrays.stream(leaves.split("\\s+"))
          .filter(word -> !word.isEmpty())
          .forEach(word -> keywords.put(word, Optional.empty()));
      return this;
    }

    private Block newer(String leaves) {
      newer.addAll(Arrays.asList(leaves.split("\\s+")));
      return with(leaves);
    }

    private Block with(String names, Block block) {
      for (String name : names.split("\\s+")) {
        keywords.put(name, Optional.of(block));
      }
      return this;
    }

    private Block with(Block other) {
      keywords.putAll(other.keywords);
      newer.addAll(other.newer);
      return this;
    }

    /** Tells whether each line is a value, not a keyword. */
    boolean values() {
      return values;
    }

    boolean knows(String keyword) {
      return keywords.containsKey(keyword);
    }

    /** Tells whether the keyword came after keepalived 2.2.7. */
    boolean isNewer(String keyword) {
      return newer.contains(keyword);
    }

    /** Returns what follows a keyword between braces, if it takes any. */
    Optional<Block> block(String keyword) {
      return keywords.getOrDefault(keyword, Optional.empty());
    }
  }

  private static final Block VALUES = new Block(true);

  /** The top of a file. */
  static final Block TOP = top();

  private Grammar() {}

  private static Block keywords() {
    return new Block(false);
  }

  private static Block top() {
    return keywords()
        .with(
            "net_namespace net_namespace_ipvs namespace_with_ipsets instance use_pid_dir"
                + " linkbeat_use_polling child_wait_time include_check random_seed config_save_dir")
        .with("global_defs", global())
        .with("SSL", keywords().with("password ca certificate key"))
        .with("vrrp_instance", instance())
        .with("vrrp_sync_group", group())
        .with(
            "vrrp_script",
            keywords().with("script interval timeout weight rise fall user init_fail"))
        .with("vrrp_track_process", process())
        .with("track_file vrrp_track_file", keywords().with("file weight init_file"))
        .with(
            "bfd_instance",
            keywords()
                .with("neighbor_ip neighbour_ip source_ip min_rx min_tx idle_tx multiplier")
                .with("passive ttl hoplimit max_hops weight vrrp checker"))
        .with(
            "static_ipaddress static_routes static_rules linkbeat_interfaces"
                + " interface_up_down_delays virtual_server_group",
            VALUES)
        .with(
            "static_track_group garp_group track_group",
            keywords()
                .with("group", VALUES)
                .with("interface garp_interval gna_interval")
                .with("interfaces", VALUES))
        .with("virtual_server", virtualServer());
  }

  private static Block process() {
    return keywords()
        .with("process param_match full_command weight quorum quorum_max")
        .with("delay fork_delay terminate_delay");
  }

  private static Block global() {
    return keywords()
        .with("tmp_config_directory config_save_dir process_names process_name vrrp_process_name")
        .with("checker_process_name bfd_process_name lvs_process_name startup_script")
        .with("startup_script_timeout shutdown_script shutdown_script_timeout")
        .with("notification_email_from smtp_server smtp_helo_name smtp_connect_timeout smtp_alert")
        .with("smtp_alert_vrrp smtp_alert_checker checker_log_all_failures no_email_faults")
        .with("no_checker_emails router_id vrrp_mcast_group4 vrrp_mcast_group6 default_interface")
        .with("lvs_sync_daemon lvs_sync_daemon_interface lvs_timeouts lvs_flush lvs_flush_on_stop")
        .with("lvs_flush_onstop vrrp_garp_master_delay vrrp_garp_master_repeat")
        .with("vrrp_garp_lower_prio_delay vrrp_down_timer_adverts vrrp_garp_lower_prio_repeat")
        .with("vrrp_garp_master_refresh vrrp_garp_master_refresh_repeat vrrp_garp_interval")
        .with("vrrp_gna_interval vrrp_min_garp vrrp_garp_extra_if vrrp_vmac_garp_intvl")
        .with("vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_version vrrp_iptables")
        .with("vrrp_ipsets nftables nftables_priority nftables_counters nftables_ifindex")
        .with("nftables_ipvs nftables_ipvs_priority nftables_ipvs_start_fwmark")
        .with("vrrp_check_unicast_src vrrp_skip_check_adv_addr vrrp_strict vrrp_notify_fifo")
        .with("vrrp_notify_fifo_script lvs_notify_fifo lvs_notify_fifo_script notify_fifo")
        .with("notify_fifo_script fifo_write_vrrp_states_on_reload vrrp_notify_priority_changes")
        .with("vrrp_priority bfd_priority checker_priority vrrp_no_swap bfd_no_swap")
        .with("checker_no_swap vrrp_rt_priority bfd_rt_priority checker_rt_priority")
        .with("vrrp_cpu_affinity bfd_cpu_affinity checker_cpu_affinity vrrp_rlimit_rttime")
        .with("bfd_rlimit_rttime checker_rlimit_rttime vrrp_rlimit_rtime bfd_rlimit_rtime")
        .with("checker_rlimit_rtime snmp_socket enable_snmp_vrrp enable_snmp_checker")
        .with("enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3")
        .with("enable_traps enable_dbus dbus_service_name script_user enable_script_security")
        .with("vrrp_netlink_cmd_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force")
        .with("vrrp_netlink_monitor_rcv_bufs vrrp_netlink_monitor_rcv_bufs_force")
        .with("lvs_netlink_cmd_rcv_bufs lvs_netlink_cmd_rcv_bufs_force")
        .with("lvs_netlink_monitor_rcv_bufs lvs_netlink_monitor_rcv_bufs_force")
        .with("process_monitor_rcv_bufs process_monitor_rcv_bufs_force rs_init_notifies")
        .with("vrrp_rx_bufs_policy vrrp_rx_bufs_multiplier umask vrrp_startup_delay")
        .with("log_unknown_vrids vmac_prefix vmac_addr_prefix random_seed reload_check_config")
        .with("reload_file reload_repeat reload_time_file data_use_instance disable_local_igmp")
        .with("dynamic_interfaces max_auto_priority min_auto_priority_delay use_symlink_paths")
        .newer(
            "json_version iproute_usr_dir iproute_etc_dir checker_state_file"
                + " startup_vrrp_gratuitous")
        .with("notification_email", VALUES);
  }

  private static Block tracking() {
    return keywords()
        .with("track_interface track_script track_file track_process track_bfd", VALUES)
        .with("notify_master notify_backup notify_fault notify_stop notify")
        .with("notify_master_rx_lower_pri notify_priority_changes smtp_alert");
  }

  private static Block group() {
    return tracking().with("group", VALUES).with("global_tracking sync_group_tracking_weight");
  }

  private static Block instance() {
    return tracking()
        .with("state interface vrf use_vmac use_vmac_addr vmac_xmit_base use_ipvlan native_ipv6")
        .with("dont_track_primary mcast_src_ip unicast_src_ip mcast_dst_ip track_src_ip version")
        .with("check_unicast_src unicast_fault_no_peer unicast_ttl old_unicast_checksum")
        .with("garp_master_delay garp_master_repeat garp_lower_prio_delay garp_lower_prio_repeat")
        .with("garp_master_refresh garp_master_refresh_repeat garp_extra_if garp_interval")
        .with("gna_interval vmac_garp_intvl down_timer_adverts lower_prio_no_advert")
        .with("higher_prio_send_advert virtual_router_id priority advert_int promote_secondaries")
        .with("accept no_accept nopreempt preempt preempt_delay skip_check_adv_addr strict_mode")
        .with("debug kernel_rx_buf_size linkbeat_use_polling lvs_sync_daemon_interface")
        .with("lvs_sync_daemon_inteface no_virtual_ipaddress notify_deleted dont_track_bfd")
        .newer("vmac_ipv6_link_local auth_hmac_time_window")
        .with("authentication", keywords().with("auth_type auth_pass"))
        .with("unicast_peer virtual_ipaddress virtual_ipaddress_excluded virtual_routes", VALUES)
        .with("virtual_rules", VALUES)
        .newer("auth_hmac")
        .with("auth_hmac", keywords().newer("key anti_replay time_window"));
  }

  private static Block timers() {
    return keywords().with("alpha connect_timeout retry delay_before_retry warmup delay_loop");
  }

  private static Block checker() {
    return timers()
        .with("connect_ip connect_port bindto bind_if bind_port fwmark log_all_failures");
  }

  private static Block virtualServer() {
    return timers()
        .with("lb_algo lvs_sched lb_kind lvs_method flag-1 flag-2 flag-3 sh-port sh-fallback")
        .with("mh-port mh-fallback ops hashed persistence_engine persistence_timeout")
        .with("persistence_granularity protocol ha_suspend smtp_alert virtualhost snmp_name omega")
        .with("quorum hysteresis quorum_up quorum_down ip_family sorry_server weight")
        .with("sorry_server_inhibit sorry_server_lvs_method inhibit_on_failure")
        .with("real_server", realServer());
  }

  private static Block realServer() {
    Block url =
        keywords()
            .with("path digest status_code virtualhost regex regex_no_match regex_options")
            .with("regex_stack regex_min_offset regex_max_offset");
    Block http =
        checker().with("http_protocol fast_recovery nb_get_retry virtualhost").with("url", url);
    return timers()
        .with("weight lvs_method notify_up notify_down uthreshold lthreshold smtp_alert")
        .with("virtualhost snmp_name inhibit_on_failure")
        .with("HTTP_GET", http)
        .with("SSL_GET", keywords().with(http).with("enable_sni").newer("sni_name tls_compliant"))
        .with("TCP_CHECK PING_CHECK", checker())
        .with("SMTP_CHECK", checker().with("helo_name").with("host", checker()))
        .with("DNS_CHECK", checker().with("type name"))
        .with(
            "MISC_CHECK",
            keywords()
                .with("alpha retry delay_before_retry warmup delay_loop log_all_failures")
                .with("misc_path misc_timeout misc_dynamic user"))
        .with("BFD_CHECK", keywords().with("name alpha"))
        .with(
            "UDP_CHECK", checker().with("payload require_reply min_reply_length max_reply_length"))
        .with("FILE_CHECK", keywords().with("track_file weight").newer("dynamic"));
  }
}
