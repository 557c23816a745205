// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came back when a director put an echo request for the VIP, and for TCP the beginning of a
 * connection, into a tunnel's packet to a real server.
 *
 * @param server the real server's address
 * @param virtualAddress the VIP
 * @param tunnel the kind of tunnel, as the director's table has it
 * @param outcome what came back
 * @param port the TCP port that was tried; 0 if there was none
 * @param tcp what the port answered: {@code open}, {@code closed}, or {@code silent}; {@code -} if
 *     there was none
 * @param detail more about it, as a clause; may be empty
 * @since 0.1.0
 */
public record TunnelEcho(
    String server,
    String virtualAddress,
    String tunnel,
    Outcome outcome,
    int port,
    String tcp,
    String detail) {

  /**
   * What came back.
   *
   * @since 0.1.0
   */
  public enum Outcome {
    /** The VIP answered: the tunnel works from end to end. */
    ANSWERED,
    /** ICMP from the real server says that nobody there takes the tunnel's packets. */
    UNREACHABLE,
    /** ICMP says that a packet filter refuses the tunnel's packets or those inside. */
    REJECTED,
    /** ICMP from somewhere else says that there is no way to the real server. */
    NO_WAY,
    /** The director's own packet filter drops the tunnel's packets. */
    BLOCKED,
    /** The director could not send. */
    NOT_SENT,
    /** Nothing came back. */
    SILENT
  }

  /** Returns the line that {@link #parse(String)} reads. */
  String line() {
    return "echo server="
        + server
        + " vip="
        + virtualAddress
        + " tunnel="
        + tunnel
        + " outcome="
        + outcome.name().toLowerCase(Locale.ROOT)
        + " port="
        + port
        + " tcp="
        + tcp
        + " detail="
        + detail;
  }

  /**
   * Reads what a probe noted: a line an echo.
   *
   * @param text the text of the section
   * @return the echoes; lines of another kind are left out
   * @throws IllegalArgumentException if a line is not as the probe writes it
   */
  public static List<TunnelEcho> parse(String text) {
    List<TunnelEcho> echoes = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!line.startsWith("echo ")) {
        continue;
      }
      // The last one may hold blanks.
      int last = line.indexOf(" detail=");
      if (last < 0) {
        throw new IllegalArgumentException("an echo has no detail");
      }
      Map<String, String> words = new HashMap<>();
      for (String word : line.substring(0, last).split("\\s+", -1)) {
        int equals = word.indexOf('=');
        if (equals > 0) {
          words.put(word.substring(0, equals), word.substring(equals + 1));
        }
      }
      String port = words.getOrDefault("port", "");
      if (!port.matches("\\d{1,5}")) {
        throw new IllegalArgumentException("port of an echo is no number: " + port);
      }
      echoes.add(
          new TunnelEcho(
              words.getOrDefault("server", "-"),
              words.getOrDefault("vip", "-"),
              words.getOrDefault("tunnel", "-"),
              outcome(words.getOrDefault("outcome", "")),
              Integer.parseInt(port),
              words.getOrDefault("tcp", "-"),
              line.substring(last + " detail=".length())));
    }
    return List.copyOf(echoes);
  }

  private static Outcome outcome(String word) {
    for (Outcome outcome : Outcome.values()) {
      if (outcome.name().toLowerCase(Locale.ROOT).equals(word)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("no echo ends with \"" + word + '"');
  }
}
