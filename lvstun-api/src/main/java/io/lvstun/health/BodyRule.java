// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Requirements on the body of an HTTP response. If both parts are given, both must hold.
 *
 * @param digest the body's digest; empty for any ({@code digest})
 * @param expression a regular expression that is searched for; empty for none ({@code regex})
 * @since 0.1.0
 */
public record BodyRule(Optional<Digest> digest, Optional<Expression> expression) {

  /** Checks that nothing is missing. */
  public BodyRule {
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(expression, "expression");
  }

  /**
   * A digest of the whole body.
   *
   * @param algorithm {@code MD5}, which keepalived's {@code genhash} makes, or {@code SHA-256}
   * @param value in hexadecimal, lower case
   * @since 0.1.0
   */
  public record Digest(String algorithm, String value) {
    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the algorithm is another or the value does not fit it
     */
    public Digest {
      Objects.requireNonNull(algorithm, "algorithm");
      Objects.requireNonNull(value, "value");
      int digits =
          switch (algorithm) {
            case "MD5" -> 32;
            case "SHA-256" -> 64;
            default ->
                throw new IllegalArgumentException(
                    "digest must be MD5 or SHA-256, not " + algorithm);
          };
      value = value.toLowerCase(Locale.ROOT);
      if (!value.matches("[0-9a-f]{" + digits + "}")) {
        throw new IllegalArgumentException(
            algorithm + " digest must have " + digits + " hexadecimal digits, not " + value);
      }
    }
  }

  /**
   * A regular expression. The body is read as ISO 8859-1, a character a byte, unless {@link
   * Pattern#UNICODE_CHARACTER_CLASS} is set: then as UTF-8.
   *
   * @param pattern as {@link Pattern} reads it, at most 4096 characters
   * @param flags flags of {@link Pattern}, added up ({@code regex_options})
   * @param absent whether it must not be found ({@code regex_no_match})
   * @param minOffset where a match may begin, at least, 0 or more ({@code regex_min_offset})
   * @param maxOffset where a match must begin before, 0 for anywhere ({@code regex_max_offset})
   * @since 0.1.0
   */
  public record Expression(
      String pattern, int flags, boolean absent, int minOffset, int maxOffset) {
    /**
     * Checks the expression.
     *
     * @throws IllegalArgumentException if it is none, or a number is out of range
     */
    public Expression {
      HealthArgument.of("pattern length", pattern.length(), 1, 4096);
      HealthArgument.of("min offset", minOffset, 0, Integer.MAX_VALUE);
      HealthArgument.of("max offset", maxOffset, 0, Integer.MAX_VALUE);
      try {
        Pattern unused = Pattern.compile(pattern, flags);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            "pattern is no regular expression: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Returns a rule that wants a regular expression to be found.
   *
   * @param pattern as {@link Pattern} reads it
   * @return the rule
   * @throws IllegalArgumentException if it is no regular expression
   */
  public static BodyRule matching(String pattern) {
    return new BodyRule(Optional.empty(), Optional.of(new Expression(pattern, 0, false, 0, 0)));
  }

  /**
   * Returns a rule that wants a digest as keepalived's {@code genhash} makes it.
   *
   * @param value MD5 in hexadecimal
   * @return the rule
   * @throws IllegalArgumentException if it is none
   */
  public static BodyRule md5(String value) {
    return new BodyRule(Optional.of(new Digest("MD5", value)), Optional.empty());
  }
}
