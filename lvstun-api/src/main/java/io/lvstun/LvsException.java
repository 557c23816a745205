// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An operation on IPVS failed. Subclasses exist where a caller would act differently.
 *
 * <p>The message says what was tried, on what, through which driver, why it failed, and what to do.
 *
 * @since 0.1.0
 */
public class LvsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String operation;
  private final String target;
  private final String driver;
  private final String reason;
  private final @Nullable Integer code;
  private final String hint;

  /**
   * The parts of the message.
   *
   * @param operation what was tried, as a verb phrase: {@code "add service"}
   * @param target on what: {@code "TCP 192.0.2.1:80"}; empty if on IPVS as a whole
   * @param driver the driver's name
   * @param reason why it failed, as a clause
   * @param code errno for netlink and memory, the exit code for ipvsadm; empty if neither applies
   * @param hint what a person can do, as a sentence; empty if nothing is known
   * @since 0.1.0
   */
  public record Failure(
      String operation,
      String target,
      String driver,
      String reason,
      OptionalInt code,
      String hint) {
    /** Checks that nothing is missing. */
    public Failure {
      Objects.requireNonNull(target, "target");
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(operation, "operation");
      Objects.requireNonNull(hint, "hint");
      Objects.requireNonNull(driver, "driver");
      Objects.requireNonNull(code, "code");
    }

    /** Returns the message. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("cannot ").append(operation);
      if (!target.isEmpty()) {
        text.append(' ').append(target);
      }
      text.append(" (").append(driver).append("): ").append(reason);
      if (code.isPresent()) {
        text.append(" [").append(code.getAsInt()).append(']');
      }
      if (!hint.isEmpty()) {
        text.append(". ").append(hint);
      }
      return text.toString();
    }
  }

  /**
   * Makes an exception.
   *
   * @param failure the parts of the message
   */
  public LvsException(Failure failure) {
    this((@Nullable Throwable) null, failure);
  }

  /**
   * Makes an exception with a cause.
   *
   * @param failure the parts of the message
   * @param cause what led to it
   */
  public LvsException(Failure failure, Throwable cause) {
    this(Objects.requireNonNull(cause, "cause"), failure);
  }

  LvsException(@Nullable Throwable cause, Failure failure) {
    super(failure.toString(), cause);
    operation = failure.operation();
    target = failure.target();
    driver = failure.driver();
    reason = failure.reason();
    code = failure.code().isPresent() ? failure.code().getAsInt() : null;
    hint = failure.hint();
  }

  /**
   * Returns what was tried.
   *
   * @return a verb phrase such as {@code "add service"}
   */
  public String operation() {
    return operation;
  }

  /**
   * Returns what it was tried on.
   *
   * @return for example {@code "TCP 192.0.2.1:80"}; empty if on IPVS as a whole
   */
  public String target() {
    return target;
  }

  /**
   * Returns the driver's name.
   *
   * @return for example {@code "netlink"}
   */
  public String driver() {
    return driver;
  }

  /**
   * Returns why it failed.
   *
   * @return a clause
   */
  public String reason() {
    return reason;
  }

  /**
   * Returns the errno or the exit code.
   *
   * @return errno for netlink and memory, the exit code for ipvsadm; empty if neither applies
   */
  public OptionalInt code() {
    return code == null ? OptionalInt.empty() : OptionalInt.of(code);
  }

  /**
   * Returns what a person can do about it.
   *
   * @return a sentence; empty if nothing is known
   */
  public String hint() {
    return hint;
  }
}
