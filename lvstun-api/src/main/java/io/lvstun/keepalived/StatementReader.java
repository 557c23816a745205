// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads the arguments of statements; what it cannot read becomes a loss. */
final class StatementReader {

  private static final BigDecimal LONGEST_SECONDS = new BigDecimal("18446744073709");

  private final List<ImportLoss> losses;
  private final Set<Statement> lost = new HashSet<>();

  StatementReader(List<ImportLoss> losses) {
    this.losses = losses;
  }

  void lose(ImportLoss.Kind kind, Statement statement, String reason) {
    losses.add(ImportLoss.of(kind, statement, reason));
  }

  void noCounterpart(Statement statement, String reason) {
    lose(ImportLoss.Kind.NO_COUNTERPART, statement, reason);
  }

  void invalid(Statement statement, String reason) {
    lose(ImportLoss.Kind.INVALID, statement, reason);
  }

  /** Lists a statement that no form takes, unless the tree's reader listed it already. */
  void untaken(Statement statement, Grammar.Block grammar) {
    if (statement.known() && !grammar.isNewer(statement.keyword()) && lost.add(statement)) {
      noCounterpart(statement, "keepalived acts on it; there is no counterpart here");
    }
  }

  /** Makes a value, or lists why it cannot be made. */
  <T> Optional<T> attempt(Statement statement, Supplier<T> maker) {
    try {
      return Optional.of(maker.get());
    } catch (IllegalArgumentException | ArithmeticException e) {
      invalid(statement, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** Applies an argument to something that checks it. */
  <T> void take(Statement statement, Optional<T> value, Consumer<T> consumer) {
    value.ifPresent(
        present -> {
          try {
            consumer.accept(present);
          } catch (IllegalArgumentException e) {
            invalid(statement, String.valueOf(e.getMessage()));
          }
        });
  }

  Optional<String> text(Statement statement) {
    Optional<String> argument = statement.argument(0);
    if (argument.isEmpty()) {
      invalid(statement, "a value is missing");
    }
    return argument;
  }

  /** All arguments, as keepalived joins those of a command. */
  Optional<String> line(Statement statement) {
    String joined = String.join(" ", statement.arguments());
    if (joined.isEmpty()) {
      invalid(statement, "a value is missing");
      return Optional.empty();
    }
    return Optional.of(joined);
  }

  Optional<Long> number(Statement statement, long least, long most) {
    return text(statement).flatMap(text -> number(statement, text, least, most));
  }

  Optional<Long> number(Statement statement, String text, long least, long most) {
    try {
      long value = Long.decode(text);
      if (value >= least && value <= most) {
        return Optional.of(value);
      }
    } catch (NumberFormatException e) {
      // Said below, like a number that is out of range.
    }
    invalid(
        statement,
        "it must be "
            + least
            + " to "
            + most
            + ", not "
            + ConfigSyntaxException.excerpt(text)
            + "; keepalived ignores it");
    return Optional.empty();
  }

  Optional<Integer> integer(Statement statement, long least, long most) {
    return number(statement, least, Math.min(most, Integer.MAX_VALUE)).map(Long::intValue);
  }

  Optional<Duration> seconds(Statement statement) {
    return text(statement).flatMap(text -> seconds(statement, text));
  }

  private Optional<Duration> seconds(Statement statement, String text) {
    if (text.length() <= 32 && text.matches("\\d*\\.?\\d*") && text.matches(".*\\d.*")) {
      BigDecimal value = new BigDecimal(text).setScale(6, RoundingMode.HALF_UP);
      if (value.compareTo(LONGEST_SECONDS) <= 0) {
        return Optional.of(Duration.ofNanos(1000).multipliedBy(value.unscaledValue().longValue()));
      }
    }
    invalid(
        statement,
        "it must be a number of seconds, not "
            + ConfigSyntaxException.excerpt(text)
            + "; keepalived ignores it");
    return Optional.empty();
  }

  /** A choice; without an argument it is true. */
  Optional<Boolean> choice(Statement statement) {
    if (statement.argument(0).isEmpty()) {
      return Optional.of(true);
    }
    return switch (statement.argument(0).get()) {
      case "on", "true", "yes" -> Optional.of(true);
      case "off", "false", "no" -> Optional.of(false);
      default -> {
        invalid(statement, "it must be on, off, true, false, yes or no; keepalived ignores it");
        yield Optional.empty();
      }
    };
  }

  Optional<InetAddress> address(Statement statement) {
    return text(statement)
        .flatMap(text -> attempt(statement, () -> io.lvstun.IpAddress.parse(text)));
  }
}
