// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.net.Inet6Address;
import java.util.List;

/**
 * Writes a configuration that keepalived 2.2.7 accepts without a warning, and that {@link
 * ConfigReader} reads as the same value. The old names {@code lb_algo} and {@code lb_kind} are
 * used: every version knows them.
 */
final class ConfigWriter {

  private final ConfigText text = new ConfigText();

  static String write(KeepalivedConfig config) {
    ConfigWriter writer = new ConfigWriter();
    writer.global(config.global());
    config.scripts().forEach(writer::script);
    config
        .syncGroups()
        .forEach(
            group ->
                writer.text.block(
                    "vrrp_sync_group " + group.name(),
                    () ->
                        writer.text.values(
                            "group", group.instances(), name -> writer.text.line(name))));
    config.instances().forEach(writer::instance);
    config.virtualServers().forEach(writer::virtualServer);
    return writer.text.toString();
  }

  private void global(GlobalSettings global) {
    if (global.equals(GlobalSettings.DEFAULT)) {
      return;
    }
    text.block(
        "global_defs",
        () -> {
          text.optional("router_id", global.routerId().map(ConfigText::quoted));
          global.syncDaemon().ifPresent(this::syncDaemon);
          timeouts(global.timeouts());
          text.flag("lvs_flush", global.flush());
          text.flag("lvs_flush_on_stop", global.flushOnStop());
          text.optional("notify_fifo", global.notifyFifo().map(ConfigText::command));
          text.optional("script_user", global.scriptUser());
          text.flag("enable_script_security", global.scriptSecurity());
        });
  }

  private void syncDaemon(SyncDaemonSetting daemon) {
    StringBuilder words = new StringBuilder(daemon.interfaceName());
    daemon.instance().ifPresent(value -> words.append(" inst ").append(value));
    daemon.syncId().ifPresent(value -> words.append(" id ").append(value));
    daemon.maxLength().ifPresent(value -> words.append(" maxlen ").append(value));
    daemon.port().ifPresent(value -> words.append(" port ").append(value));
    daemon.ttl().ifPresent(value -> words.append(" ttl ").append(value));
    daemon.group().ifPresent(value -> words.append(" group ").append(IpAddress.format(value)));
    text.line("lvs_sync_daemon", words);
  }

  private void timeouts(Timeouts timeouts) {
    StringBuilder words = new StringBuilder();
    if (!timeouts.tcp().isZero()) {
      words.append(" tcp ").append(timeouts.tcp().getSeconds());
    }
    if (!timeouts.tcpFin().isZero()) {
      words.append(" tcpfin ").append(timeouts.tcpFin().getSeconds());
    }
    if (!timeouts.udp().isZero()) {
      words.append(" udp ").append(timeouts.udp().getSeconds());
    }
    if (words.length() > 0) {
      text.line("lvs_timeouts" + words);
    }
  }

  private void script(VrrpScript script) {
    text.block(
        "vrrp_script " + script.name(),
        () -> {
          text.line("script", ConfigText.command(script.command()));
          text.optional("interval", script.interval());
          text.optional("timeout", script.timeout());
          text.optional("weight", script.weight());
          text.optional("rise", script.rise());
          text.optional("fall", script.fall());
        });
  }

  private void instance(VrrpInstance instance) {
    text.block("vrrp_instance " + instance.name(), () -> statements(instance));
  }

  private void statements(VrrpInstance instance) {
    text.line("state", instance.state());
    text.line("interface", instance.interfaceName());
    text.line("virtual_router_id", instance.virtualRouterId());
    text.line("priority", instance.priority());
    text.line("advert_int", ConfigText.seconds(instance.advertInterval()));
    text.optional("version", instance.version());
    instance
        .source()
        .ifPresent(
            source ->
                text.line(
                    instance.peers().isEmpty() ? "mcast_src_ip" : "unicast_src_ip",
                    IpAddress.format(source)));
    text.values("unicast_peer", instance.peers(), peer -> text.line(IpAddress.format(peer)));
    text.flag("nopreempt", !instance.preempt());
    if (!instance.preemptDelay().isZero()) {
      text.line("preempt_delay", ConfigText.seconds(instance.preemptDelay()));
    }
    instance
        .authentication()
        .ifPresent(
            authentication ->
                text.block(
                    "authentication",
                    () -> {
                      text.line("auth_type", authentication.type());
                      text.line("auth_pass", ConfigText.quoted(authentication.secret()));
                    }));
    text.values("track_interface", instance.trackedInterfaces(), name -> text.line(name));
    text.values(
        "track_script",
        instance.trackedScripts(),
        script ->
            text.line(
                script.name() + script.weight().map(weight -> " weight " + weight).orElse("")));
    text.values("virtual_ipaddress", instance.addresses(), one -> text.line(one.toString()));
    text.values(
        "virtual_ipaddress_excluded",
        instance.excludedAddresses(),
        one -> text.line(one.toString()));
  }

  private void virtualServer(VirtualServer server) {
    text.block("virtual_server " + name(server.service().key()), () -> statements(server));
  }

  private static String name(ServiceKey key) {
    if (key instanceof ServiceKey.Endpoint endpoint) {
      String address = IpAddress.format(endpoint.address());
      return endpoint.port() == 0 ? address : address + ' ' + endpoint.port();
    }
    return "fwmark " + ((ServiceKey.Mark) key).mark();
  }

  private void statements(VirtualServer server) {
    VirtualService service = server.service();
    Forwarding usual = usual(service.realServers());
    timers(server.timers(), true);
    text.line("lb_algo", service.scheduler().name());
    text.line("lb_kind", method(usual));
    flags(service.scheduler());
    text.flag("ops", service.onePacket());
    service.persistence().ifPresent(value -> persistence(value, service.key().family()));
    if (service.key() instanceof ServiceKey.Endpoint endpoint) {
      text.line("protocol", endpoint.protocol());
    } else if (service.key().family() == AddressFamily.IPV6) {
      text.line("ip_family", "inet6");
    } else if (service.realServers().stream().anyMatch(s -> s.address() instanceof Inet6Address)) {
      text.line("ip_family", "inet");
    }
    text.flag("omega", server.omega());
    if (server.quorum() != 1) {
      text.line("quorum", server.quorum());
    }
    if (server.hysteresis() != 0) {
      text.line("hysteresis", server.hysteresis());
    }
    text.flag("inhibit_on_failure", server.inhibitOnFailure());
    server
        .sorryServer()
        .ifPresent(
            sorry -> {
              text.line("sorry_server", name(sorry, service.key()));
              text.flag("sorry_server_inhibit", server.sorryServerInhibit());
              if (!sorry.forwarding().equals(usual)) {
                text.line("sorry_server_lvs_method", method(sorry.forwarding()));
              }
            });
    for (RealServer one : service.realServers()) {
      text.block(
          "real_server " + name(one, service.key()),
          () -> realServer(one, usual, server.checks(one.key())));
    }
  }

  private static Forwarding usual(List<RealServer> servers) {
    return servers.isEmpty() ? Forwarding.TUNNEL : servers.get(0).forwarding();
  }

  private static String method(Forwarding forwarding) {
    if (forwarding instanceof Forwarding.Tunnel tunnel) {
      Encapsulation how = tunnel.encapsulation();
      String checksum =
          switch (how.flags()) {
            case Encapsulation.FLAG_CHECKSUM -> " csum";
            case Encapsulation.FLAG_REMOTE_CHECKSUM -> " remcsum";
            default -> "";
          };
      return switch (how.type()) {
        case Encapsulation.TYPE_GUE -> "TUN type gue port " + how.port() + checksum;
        case Encapsulation.TYPE_GRE -> "TUN type gre" + checksum;
        default -> "TUN";
      };
    }
    return forwarding instanceof Forwarding.DirectRouting ? "DR" : "NAT";
  }

  private static String name(RealServer server, ServiceKey key) {
    String address = IpAddress.format(server.address());
    boolean port = key instanceof ServiceKey.Endpoint && server.port() != 0;
    return port ? address + ' ' + server.port() : address;
  }

  private void flags(Scheduler scheduler) {
    boolean hashing = scheduler.name().equals("sh") || scheduler.name().equals("mh");
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      if (scheduler.flags().contains(flag)) {
        text.line(
            switch (flag) {
              case FLAG_1 -> hashing ? scheduler.name() + "-fallback" : "flag-1";
              case FLAG_2 -> hashing ? scheduler.name() + "-port" : "flag-2";
              case FLAG_3 -> "flag-3";
            });
      }
    }
  }

  private void persistence(Persistence persistence, AddressFamily family) {
    text.line("persistence_timeout", persistence.timeout().getSeconds());
    text.optional("persistence_granularity", persistence.maskText(family));
    text.optional("persistence_engine", persistence.engine());
  }

  private void realServer(RealServer server, Forwarding usual, ServerChecks checks) {
    text.line("weight", server.weight());
    if (!server.forwarding().equals(usual)) {
      text.line("lvs_method", method(server.forwarding()));
    }
    if (server.upperThreshold() != 0) {
      text.line("uthreshold", server.upperThreshold());
    }
    if (server.lowerThreshold() != 0) {
      text.line("lthreshold", server.lowerThreshold());
    }
    checks.inhibitOnFailure().ifPresent(value -> text.line("inhibit_on_failure", value));
    timers(checks.timers(), false);
    checks.checkers().forEach(this::checker);
  }

  /** Writes timers; the virtual server's {@code alpha} takes no argument. */
  private void timers(CheckTimers timers, boolean outermost) {
    text.optional("delay_loop", timers.delayLoop());
    text.optional("connect_timeout", timers.connectTimeout());
    text.optional("retry", timers.retry());
    text.optional("delay_before_retry", timers.delayBeforeRetry());
    text.optional("warmup", timers.warmup());
    if (outermost) {
      text.flag("alpha", timers.alpha().orElse(false));
    } else {
      text.optional("alpha", timers.alpha());
    }
  }

  private void checker(Checker checker) {
    if (checker instanceof Checker.Tcp tcp) {
      text.block("TCP_CHECK", () -> common(tcp.connection(), tcp.timers()));
    } else if (checker instanceof Checker.Ping ping) {
      text.block("PING_CHECK", () -> common(ping.connection(), ping.timers()));
    } else if (checker instanceof Checker.Smtp smtp) {
      text.block(
          "SMTP_CHECK",
          () -> {
            common(smtp.connection(), smtp.timers());
            text.optional("helo_name", smtp.heloName());
          });
    } else if (checker instanceof Checker.Dns dns) {
      text.block(
          "DNS_CHECK",
          () -> {
            common(dns.connection(), dns.timers());
            text.optional("type", dns.type());
            text.optional("name", dns.name());
          });
    } else if (checker instanceof Checker.External misc) {
      text.block(
          "MISC_CHECK",
          () -> {
            text.line("misc_path", ConfigText.command(misc.command()));
            text.optional("misc_timeout", misc.timeout());
            text.flag("misc_dynamic", misc.dynamic());
            text.optional("user", misc.user());
            timers(misc.timers(), false);
          });
    } else if (checker instanceof Checker.Bfd bfd) {
      text.block("BFD_CHECK", () -> text.line("name", bfd.name()));
    } else if (checker instanceof Checker.Udp udp) {
      text.block("UDP_CHECK", () -> udp(udp));
    } else if (checker instanceof Checker.WatchedFile file) {
      text.block(
          "FILE_CHECK",
          () -> {
            text.line("track_file", file.trackFile());
            text.optional(
                "weight",
                file.multiplier().map(value -> value + (file.reverse() ? " reverse" : "")));
          });
    } else if (checker instanceof Checker.Http http) {
      text.block(http.tls() ? "SSL_GET" : "HTTP_GET", () -> http(http));
    }
  }

  private void common(CheckConnection connection, CheckTimers timers) {
    timers(timers, false);
    text.optional("connect_ip", connection.address().map(IpAddress::format));
    text.optional("connect_port", connection.port());
    text.optional("bindto", connection.source().map(IpAddress::format));
    text.optional("bind_if", connection.interfaceName());
    text.optional("bind_port", connection.sourcePort());
    text.optional("fwmark", connection.mark());
  }

  private void udp(Checker.Udp udp) {
    common(udp.connection(), udp.timers());
    text.optional("payload", udp.payload());
    if (udp.requireReply()) {
      text.line("require_reply" + udp.reply().map(reply -> " " + reply).orElse(""));
    }
    text.optional("min_reply_length", udp.shortestReply());
    text.optional("max_reply_length", udp.longestReply());
  }

  private void http(Checker.Http http) {
    text.optional("http_protocol", http.protocol());
    text.flag("fast_recovery", http.fastRecovery());
    text.flag("enable_sni", http.sni());
    for (CheckedUrl url : http.urls()) {
      text.block("url", () -> url(url));
    }
    common(http.connection(), http.timers());
  }

  private void url(CheckedUrl url) {
    text.line("path", ConfigText.command(url.path()));
    text.optional("digest", url.digest());
    if (!url.statusCodes().isEmpty()) {
      StringBuilder ranges = new StringBuilder("status_code");
      url.statusCodes()
          .forEach(
              range ->
                  ranges
                      .append(' ')
                      .append(range.first())
                      .append(range.last() == range.first() ? "" : "-" + range.last()));
      text.line(ranges.toString());
    }
    text.optional("virtualhost", url.virtualHost());
    url.body().ifPresent(this::body);
  }

  private void body(CheckedUrl.BodyPattern body) {
    text.line("regex", ConfigText.pattern(body.pattern()));
    text.flag("regex_no_match", body.absent());
    if (!body.options().isEmpty()) {
      text.line("regex_options", String.join(" ", body.options()));
    }
    text.optional("regex_min_offset", body.minOffset());
    text.optional("regex_max_offset", body.maxOffset());
  }
}
