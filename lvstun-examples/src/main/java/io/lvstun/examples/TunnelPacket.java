// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 packet within an IPv4 packet (protocol 4), as {@code tcpdump -nn} shows it.
 *
 * @param outerSource where the outer packet comes from
 * @param outerTarget where the outer packet goes to
 * @param innerSource where the inner packet comes from, with its port
 * @param innerTarget where the inner packet goes to, with its port
 */
record TunnelPacket(
    String outerSource, String outerTarget, String innerSource, String innerTarget) {

  private static final String HOST = "(\\d+\\.\\d+\\.\\d+\\.\\d+)";
  private static final Pattern LINE =
      Pattern.compile(
          ".*\\bIP "
              + HOST
              + " > "
              + HOST
              + ": IP "
              + HOST
              + "\\.(\\d+) > "
              + HOST
              + "\\.(\\d+): .*");

  /** Reads a line of tcpdump; empty if it is about another kind of packet. */
  static Optional<TunnelPacket> parse(String line) {
    Matcher matcher = LINE.matcher(line);
    return matcher.matches()
        ? Optional.of(
            new TunnelPacket(
                matcher.group(1),
                matcher.group(2),
                matcher.group(3) + ":" + matcher.group(4),
                matcher.group(5) + ":" + matcher.group(6)))
        : Optional.empty();
  }

  /** Returns the addresses, the inner packet in brackets. */
  @Override
  public String toString() {
    return outerSource + " > " + outerTarget + " [" + innerSource + " > " + innerTarget + "]";
  }
}
