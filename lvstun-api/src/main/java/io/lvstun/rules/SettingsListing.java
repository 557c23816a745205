// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.ForeignText;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code ipvsadm -L --timeout} and {@code ipvsadm -L --daemon} print. Pure functions.
 * Source: runs of ipvsadm 1.28 to 1.31.
 *
 * @since 0.1.0
 */
public final class SettingsListing {

  private static final Pattern TIMEOUTS =
      Pattern.compile("Timeout \\(tcp tcpfin udp\\): (\\d{1,10}) (\\d{1,10}) (\\d{1,10})\n");

  /**
   * Older versions print neither length, group, port nor TTL. A name cannot hold a blank, so that
   * the comma and blank behind it end it.
   */
  private static final Pattern DAEMON =
      Pattern.compile(
          "(master|backup) sync daemon \\(mcast=([^ ]{1,15}), syncid=(\\d{1,9})"
              + "(?:, maxlen=(\\d{1,9}))?(?:, group=([0-9a-f.:]{1,45}))?"
              + "(?:, port=(\\d{1,9}))?(?:, ttl=(\\d{1,9}))?\\)");

  private SettingsListing() {}

  /**
   * Reads time-outs.
   *
   * @param text what {@code ipvsadm -L --timeout} printed
   * @return the time-outs
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Timeouts timeouts(String text) {
    Matcher matcher = TIMEOUTS.matcher(Objects.requireNonNull(text, "text"));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no time-outs in the output of ipvsadm");
    }
    return Timeouts.ofSeconds(seconds(matcher, 1), seconds(matcher, 2), seconds(matcher, 3));
  }

  private static long seconds(Matcher matcher, int group) {
    return ListingTable.number(matcher.group(group), Integer.MAX_VALUE)
        .orElseThrow(
            () -> new IllegalArgumentException("a time-out of ipvsadm is beyond 2147483647 s"));
  }

  /**
   * Reads sync daemons.
   *
   * @param text what {@code ipvsadm -L --daemon} printed
   * @return the daemons, two at most; what an older version does not print has its default
   * @throws IllegalArgumentException if the text is anything else, or cut off
   */
  public static List<SyncDaemon> daemons(String text) {
    List<SyncDaemon> daemons = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      if (end < 0 || daemons.size() == 2) {
        throw malformed(text);
      }
      daemons.add(daemon(text.substring(start, end)));
      start = end + 1;
    }
    return List.copyOf(daemons);
  }

  private static SyncDaemon daemon(String line) {
    Matcher matcher = DAEMON.matcher(line);
    if (!matcher.matches()) {
      throw malformed(line);
    }
    String name = matcher.group(2);
    SyncDaemon daemon =
        matcher.group(1).equals("master") ? SyncDaemon.master(name) : SyncDaemon.backup(name);
    daemon = daemon.syncId(Integer.parseInt(matcher.group(3)));
    if (matcher.group(4) != null) {
      daemon = daemon.maxLength(Integer.parseInt(matcher.group(4)));
    }
    if (matcher.group(5) != null) {
      daemon = daemon.group(matcher.group(5));
    }
    if (matcher.group(6) != null) {
      daemon = daemon.port(Integer.parseInt(matcher.group(6)));
    }
    return matcher.group(7) == null ? daemon : daemon.ttl(Integer.parseInt(matcher.group(7)));
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "no sync daemon of ipvsadm in " + ForeignText.printable(text));
  }
}
