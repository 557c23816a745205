// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import io.lvstun.ForeignText;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One line of HAProxy's agent-check protocol.
 *
 * @param percent weight in percent of the configured one, 0 to 25600; empty if not said
 * @param maxConnections {@code maxconn:N}, 0 or more; empty if not said
 * @param admin the administrative state; empty if not said
 * @param operation the operational state; empty if not said
 * @param description what follows a {@code #}; empty if nothing
 * @since 0.1.0
 */
public record AgentReport(
    OptionalInt percent,
    OptionalInt maxConnections,
    Optional<Admin> admin,
    Optional<Operation> operation,
    String description) {

  /** The longest line that is read, in characters. */
  public static final int LONGEST = 1024;

  /** HAProxy's highest weight is 256, so that no percentage beyond that makes sense. */
  private static final int MOST_PERCENT = 25600;

  /**
   * What an agent wants to be done with its server.
   *
   * @since 0.1.0
   */
  public enum Admin {
    /** End of draining and maintenance. */
    READY,
    /** No new connections. */
    DRAIN,
    /** Out of service. */
    MAINT
  }

  /**
   * What an agent says of its server's health.
   *
   * @since 0.1.0
   */
  public enum Operation {
    /** It is healthy. */
    UP,
    /** It is not. */
    DOWN,
    /** It failed. */
    FAIL,
    /** It was stopped. */
    STOPPED
  }

  /** Checks that nothing is missing. */
  public AgentReport {
    Objects.requireNonNull(percent, "percent");
    Objects.requireNonNull(maxConnections, "max connections");
    Objects.requireNonNull(admin, "admin");
    Objects.requireNonNull(operation, "operation");
    Objects.requireNonNull(description, "description");
  }

  /**
   * Reads a line.
   *
   * @param line words separated by spaces, tabs or commas, up to the first line end; later words
   *     win over earlier ones. Unknown words are skipped, as HAProxy does
   * @return what it says
   * @throws IllegalArgumentException if the line is longer than {@link #LONGEST}, has no known
   *     word, or a number that makes no sense
   */
  public static AgentReport parse(String line) {
    int end = 0;
    while (end < line.length() && line.charAt(end) != '\n' && line.charAt(end) != '\r') {
      end++;
    }
    if (end > LONGEST) {
      throw new IllegalArgumentException(
          "agent's line must have at most " + LONGEST + " characters, not " + end);
    }
    String said = line.substring(0, end);
    int hash = said.indexOf('#');
    String description = hash < 0 ? "" : ForeignText.printable(said.substring(hash + 1)).strip();
    OptionalInt percent = OptionalInt.empty();
    OptionalInt connections = OptionalInt.empty();
    Optional<Admin> admin = Optional.empty();
    Optional<Operation> operation = Optional.empty();
    boolean known = false;
    for (String word : (hash < 0 ? said : said.substring(0, hash)).split("[ \t,]+")) {
      String lower = word.toLowerCase(Locale.ROOT);
      boolean hit = true;
      switch (lower) {
        case "up" -> operation = Optional.of(Operation.UP);
        case "down" -> operation = Optional.of(Operation.DOWN);
        case "fail", "failed" -> operation = Optional.of(Operation.FAIL);
        case "stopped" -> operation = Optional.of(Operation.STOPPED);
        case "ready" -> admin = Optional.of(Admin.READY);
        case "drain" -> admin = Optional.of(Admin.DRAIN);
        case "maint" -> admin = Optional.of(Admin.MAINT);
        default -> {
          if (lower.endsWith("%")) {
            percent = number(lower.substring(0, lower.length() - 1), MOST_PERCENT, word);
          } else if (lower.startsWith("maxconn:")) {
            connections = number(lower.substring("maxconn:".length()), Integer.MAX_VALUE, word);
          } else {
            hit = false;
          }
        }
      }
      known |= hit;
    }
    if (!known) {
      throw new IllegalArgumentException(
          "agent's line has no word of the protocol: \"" + ForeignText.excerpt(said, 64) + '"');
    }
    return new AgentReport(percent, connections, admin, operation, description);
  }

  private static OptionalInt number(String digits, int most, String word) {
    boolean plain = !digits.isEmpty() && digits.length() <= 10;
    for (int i = 0; i < digits.length(); i++) {
      plain &= digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    long value = plain ? Long.parseLong(digits) : -1;
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(
          "number of an agent must be 0 to "
              + most
              + ", not \""
              + ForeignText.excerpt(word, 64)
              + '"');
    }
    return OptionalInt.of((int) value);
  }

  /**
   * Returns the weight that the agent asks for.
   *
   * @param configured the configured weight, 0 to 65535
   * @return 0 to 65535; 0 only if the agent drains its server or asks for 0 %. The configured
   *     weight if it says nothing of it
   */
  public int weight(int configured) {
    if (admin.isPresent() && admin.get() != Admin.READY) {
      return 0;
    }
    if (percent.isEmpty()) {
      return configured;
    }
    long rounded = ((long) configured * percent.getAsInt() + 99) / 100;
    return (int) Math.min(65535, rounded);
  }

  /**
   * Returns whether the agent says that its server should get no traffic.
   *
   * @return whether it is down, failed, stopped or in maintenance
   */
  public boolean down() {
    return (operation.isPresent() && operation.get() != Operation.UP)
        || (admin.isPresent() && admin.get() == Admin.MAINT);
  }
}
