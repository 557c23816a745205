// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that was to be learnt of a host: its value, or why it is not known.
 *
 * <p>A check that needs it calls {@link #get()}. When it is not known, the exception becomes an
 * ERROR finding with the reason: what could not be looked at is never taken for good.
 *
 * @param <T> type of the value, immutable
 * @since 0.1.0
 */
public final class Fact<T> {

  private final @Nullable T value;
  private final String reason;

  private Fact(@Nullable T value, String reason) {
    this.value = value;
    this.reason = reason;
  }

  /**
   * Returns a fact that is known.
   *
   * @param <T> type of the value
   * @param value the value
   * @return the fact
   */
  public static <T> Fact<T> of(T value) {
    return new Fact<>(value, "");
  }

  /**
   * Returns a fact that is not known.
   *
   * @param <T> type of the value
   * @param reason why not, as a clause
   * @return the fact
   */
  public static <T> Fact<T> unknown(String reason) {
    return new Fact<>(null, reason);
  }

  /**
   * Returns the value.
   *
   * @return the value
   * @throws UnknownFactException if it is not known
   */
  public T get() {
    if (value == null) {
      throw new UnknownFactException(reason);
    }
    return value;
  }

  /**
   * Returns the value if it is known.
   *
   * @return the value, or empty
   */
  public Optional<T> known() {
    return Optional.ofNullable(value);
  }

  /**
   * Returns why the value is not known.
   *
   * @return the reason; empty if the value is known
   */
  public String reason() {
    return reason;
  }

  /**
   * Returns the fact that a function makes of this one.
   *
   * @param <U> type of the function's value
   * @param function what to make of the value
   * @return the fact; unknown for the same reason if this one is
   */
  public <U> Fact<U> map(Function<? super T, ? extends U> function) {
    T known = value;
    return known == null ? unknown(reason) : of(function.apply(known));
  }

  /** Returns the value's text, or the reason. */
  @Override
  public String toString() {
    return value == null ? "unknown: " + reason : String.valueOf(value);
  }
}
