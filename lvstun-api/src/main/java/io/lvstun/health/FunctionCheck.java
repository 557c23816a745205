// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import io.lvstun.ServerKey;
import java.time.Duration;
import java.util.Objects;

/**
 * A function of the application. Equal to another only with the same name, time-out and function
 * object.
 *
 * @param name what it is called in reports, at most 100 characters
 * @param timeout how long one run may take, 1 ms to a day; its thread is interrupted then
 * @param function the function; it is called from a thread of the checks, and from several at once
 *     for several servers
 * @since 0.1.0
 */
public record FunctionCheck(String name, Duration timeout, Function function)
    implements HealthCheck {

  /**
   * A question to a server.
   *
   * @since 0.1.0
   */
  @FunctionalInterface
  public interface Function {
    /**
     * Asks.
     *
     * @param server which server
     * @return how it ended
     * @throws Exception if it could not be asked, which counts as a failure of the server
     */
    CheckResult check(ServerKey server) throws Exception;
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if the name is too long or the time-out out of range
   */
  public FunctionCheck {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(timeout, "timeout");
    HealthArgument.line("name", name, 100);
    HealthArgument.time("timeout", timeout);
    Objects.requireNonNull(function, "function");
  }

  @Override
  public String describe() {
    return name;
  }
}
