// SPDX-License-Identifier: Apache-2.0
package io.lvstun.memory;

import io.lvstun.spi.KernelError;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fault to inject into a request to a {@link MemoryDriver}. Immutable.
 *
 * @since 0.1.0
 */
public final class Fault {

  /** Nothing goes wrong. */
  public static final Fault NONE = new Fault(null, Duration.ZERO, false);

  private final @Nullable KernelError error;
  private final Duration delay;
  private final boolean lost;

  private Fault(@Nullable KernelError error, Duration delay, boolean lost) {
    this.error = error;
    this.delay = delay;
    this.lost = lost;
  }

  /**
   * Refuses the request: nothing is changed, and the caller gets the exception that the kernel's
   * error number stands for.
   *
   * @param error the error, for example {@link KernelError#ENOMEM}
   * @return the fault
   */
  public static Fault refuse(KernelError error) {
    return new Fault(Objects.requireNonNull(error, "error"), Duration.ZERO, false);
  }

  /**
   * Holds the request up. If that takes longer than the driver's deadline, the caller waits until
   * the deadline and gets a {@link io.lvstun.TimeoutException}, but the request is carried out, as
   * a slow kernel would.
   *
   * @param delay how long, not negative
   * @return the fault
   * @throws IllegalArgumentException if the delay is negative
   */
  public static Fault delay(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay must be 0 or more, not " + delay);
    }
    return new Fault(null, delay, false);
  }

  /**
   * Carries the request out and loses the reply: the caller gets a {@link
   * io.lvstun.TimeoutException} at once, without the wait.
   *
   * @return the fault
   */
  public static Fault loseReply() {
    return new Fault(null, Duration.ZERO, true);
  }

  Optional<KernelError> error() {
    return Optional.ofNullable(error);
  }

  Duration delay() {
    return delay;
  }

  boolean lost() {
    return lost;
  }

  /** Says what goes wrong. */
  @Override
  public String toString() {
    if (error != null) {
      return "refuse with " + error;
    }
    if (lost) {
      return "lose the reply";
    }
    return delay.isZero() ? "none" : "delay by " + delay;
  }
}
