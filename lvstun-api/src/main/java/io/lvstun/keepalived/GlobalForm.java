// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.IpAddress;
import io.lvstun.Timeouts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code global_defs}. */
final class GlobalForm {

  private static final int LONGEST_TIMEOUT = 2_147_483;
  private static final Set<String> TIMEOUTS = Set.of("tcp", "tcpfin", "udp");

  private final StatementReader reader;
  private GlobalSettings settings = GlobalSettings.DEFAULT;

  GlobalForm(StatementReader reader) {
    this.reader = reader;
  }

  GlobalSettings settings() {
    return settings;
  }

  void read(Statement block) {
    Grammar.Block grammar = Grammar.TOP.block(block.keyword()).orElseThrow();
    for (Statement one : block.block()) {
      switch (one.keyword()) {
        case "router_id" ->
            reader.take(one, reader.text(one), value -> settings = settings.routerId(value));
        case "lvs_sync_daemon" -> syncDaemon(one);
        case "lvs_timeouts" -> timeouts(one);
        case "lvs_flush" -> settings = settings.flush(true);
        case "lvs_flush_on_stop", "lvs_flush_onstop" -> {
          settings = settings.flushOnStop(true);
          if (one.argument(0).isPresent()) {
            reader.noCounterpart(one, "VS is not read: the whole table is emptied");
          }
        }
        case "notify_fifo" ->
            reader.take(one, reader.text(one), value -> settings = settings.notifyFifo(value));
        case "script_user" ->
            reader.take(one, reader.line(one), value -> settings = settings.scriptUser(value));
        case "enable_script_security" -> settings = settings.scriptSecurity(true);
        default -> reader.untaken(one, grammar);
      }
    }
  }

  private void syncDaemon(Statement one) {
    List<String> words = one.arguments();
    if (words.isEmpty()) {
      reader.invalid(one, "the interface is missing");
      return;
    }
    reader
        .attempt(one, () -> daemon(words))
        .ifPresent(value -> settings = settings.syncDaemon(value));
  }

  private static SyncDaemonSetting daemon(List<String> words) {
    SyncDaemonSetting daemon = SyncDaemonSetting.on(words.get(0));
    int at = 1;
    while (at < words.size()) {
      String word = words.get(at);
      String next = at + 1 < words.size() ? words.get(at + 1) : "";
      at += 2;
      switch (word) {
        case "inst" -> daemon = daemon.instance(next);
        case "id" -> daemon = daemon.syncId(Checked.number("id", next));
        case "maxlen" -> daemon = daemon.maxLength(Checked.number("maxlen", next));
        case "port" -> daemon = daemon.port(Checked.number("port", next));
        case "ttl" -> daemon = daemon.ttl(Checked.number("ttl", next));
        case "group" -> daemon = daemon.group(IpAddress.parse(next));
        default -> {
          daemon = daemon.instance(word);
          at--;
        }
      }
    }
    return daemon;
  }

  private void timeouts(Statement one) {
    List<String> words = one.arguments();
    Timeouts timeouts = settings.timeouts();
    for (int i = 0; i < words.size(); i += 2) {
      String name = words.get(i);
      if (i + 1 == words.size()) {
        reader.invalid(one, ConfigSyntaxException.excerpt(name) + " has no number of seconds");
        break;
      }
      if (!TIMEOUTS.contains(name)) {
        reader.invalid(one, ConfigSyntaxException.excerpt(name) + " is not known");
        continue;
      }
      Optional<Duration> value =
          reader.number(one, words.get(i + 1), 1, LONGEST_TIMEOUT).map(Duration::ofSeconds);
      if (value.isPresent()) {
        timeouts =
            switch (name) {
              case "tcp" -> timeouts.tcp(value.get());
              case "tcpfin" -> timeouts.tcpFin(value.get());
              default -> timeouts.udp(value.get());
            };
      }
    }
    settings = settings.timeouts(timeouts);
  }
}
