// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What became of one TCP connection that a probe opened.
 *
 * @param address where to
 * @param port where to
 * @param source the client's address; {@code -} if that is not known
 * @param sourcePort the client's port; 0 if that is not known
 * @param outcome what became of it
 * @param millis how long it took to open, if it was opened
 * @param sent bytes that the client's kernel took
 * @param received bytes of the answer
 * @param numbers what the client's kernel says of the connection, if the host's tools can ask:
 *     {@code mss}, {@code pmtu}, {@code advmss}, {@code unacked}, {@code retrans}, {@code acked}
 * @since 0.1.0
 */
public record ConnectionAttempt(
    String address,
    int port,
    String source,
    int sourcePort,
    Outcome outcome,
    long millis,
    long sent,
    long received,
    Map<String, Long> numbers) {

  /**
   * What became of a connection.
   *
   * @since 0.1.0
   */
  public enum Outcome {
    /** It was opened, and what was sent was answered, or acknowledged in whole. */
    OK,
    /** It was opened, and nothing came within the time. */
    SILENT,
    /** It was opened, and the server closed it without an answer. */
    CLOSED,
    /** It was opened, and what was sent was not acknowledged. */
    STALLED,
    /** It was opened, and then reset. */
    RESET,
    /** It was refused at once: by a reset, or by ICMP that says that the port is unreachable. */
    REFUSED,
    /** Nothing came back. */
    TIMEOUT,
    /** ICMP said that the host or the network is unreachable. */
    UNREACHABLE,
    /** The client could not try. */
    ERROR;

    /**
     * Tells whether the connection was opened.
     *
     * @return true if it was, whatever came afterwards
     */
    public boolean opened() {
      return this == OK || this == SILENT || this == CLOSED || this == STALLED || this == RESET;
    }
  }

  /** Copies the numbers. */
  public ConnectionAttempt {
    numbers = Map.copyOf(numbers);
  }

  /**
   * Returns one of the kernel's numbers.
   *
   * @param name for example {@code mss}
   * @return empty if the client could not ask for it
   */
  public OptionalLong number(String name) {
    Long value = numbers.get(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  /**
   * Returns the service in text.
   *
   * @return {@code 192.168.1.200:80}; IPv6 in brackets
   */
  public String service() {
    return (address.indexOf(':') >= 0 ? "[" + address + "]" : address) + ":" + port;
  }

  /**
   * Reads what a probe noted: a line an attempt.
   *
   * @param text the text of the section
   * @return the attempts; lines of another kind are left out
   * @throws IllegalArgumentException if a line is not as the probe writes it
   */
  public static List<ConnectionAttempt> parse(String text) {
    List<ConnectionAttempt> attempts = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!line.startsWith("attempt ")) {
        continue;
      }
      Map<String, String> words = new HashMap<>();
      for (String word : line.strip().split("\\s+", -1)) {
        int equals = word.indexOf('=');
        if (equals > 0) {
          words.put(word.substring(0, equals), word.substring(equals + 1));
        }
      }
      Map<String, Long> numbers = new HashMap<>();
      for (String name : List.of("mss", "pmtu", "advmss", "unacked", "retrans", "acked")) {
        if (words.containsKey(name)) {
          numbers.put(name, number(words, name));
        }
      }
      attempts.add(
          new ConnectionAttempt(
              words.getOrDefault("address", "-"),
              (int) number(words, "port"),
              words.getOrDefault("source", "-"),
              (int) number(words, "local"),
              outcome(words.getOrDefault("outcome", "")),
              number(words, "ms"),
              number(words, "sent"),
              number(words, "received"),
              numbers));
    }
    return List.copyOf(attempts);
  }

  private static Outcome outcome(String word) {
    for (Outcome outcome : Outcome.values()) {
      if (outcome.name().toLowerCase(Locale.ROOT).equals(word)) {
        return outcome;
      }
    }
    throw new IllegalArgumentException("no attempt ends with \"" + word + '"');
  }

  private static long number(Map<String, String> words, String name) {
    String word = words.getOrDefault(name, "");
    if (!word.matches("\\d{1,18}")) {
      throw new IllegalArgumentException(name + " of an attempt is no number: " + word);
    }
    return Long.parseLong(word);
  }
}
