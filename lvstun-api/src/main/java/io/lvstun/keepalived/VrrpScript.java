// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A command that keepalived runs periodically and whose result changes priorities or states.
 *
 * <p>Immutable.
 *
 * @param name its name
 * @param command the command line; parameters with spaces stand between single quotes
 * @param interval from one run to the next; by default 1 s
 * @param timeout after which a run has failed
 * @param weight what a success adds to the priority if positive, a failure if negative, -253 to
 *     253; without one a failure is a fault
 * @param rise successes in a row that count as up
 * @param fall failures in a row that count as down
 * @since 0.1.0
 */
public record VrrpScript(
    String name,
    String command,
    Optional<Duration> interval,
    Optional<Duration> timeout,
    Optional<Integer> weight,
    Optional<Integer> rise,
    Optional<Integer> fall) {

  private static final Duration LONGEST = Duration.ofSeconds(1000000);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range, or cannot be written
   */
  public VrrpScript {
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(name, "name");
    Checked.name("vrrp_script", name);
    Checked.command("script", command);
    interval.ifPresent(value -> Checked.duration("interval", value, false, LONGEST));
    timeout.ifPresent(value -> Checked.duration("timeout", value, false, LONGEST));
    weight.ifPresent(value -> Checked.range("weight", value, -253, 253));
    rise.ifPresent(value -> Checked.range("rise", value, 1, Integer.MAX_VALUE));
    fall.ifPresent(value -> Checked.range("fall", value, 1, Integer.MAX_VALUE));
  }

  /**
   * Returns a script that is run every second.
   *
   * @param name its name
   * @param command the command line
   * @return the script
   * @throws IllegalArgumentException if the name or the command cannot be written
   */
  public static VrrpScript of(String name, String command) {
    return new VrrpScript(
        name,
        command,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns a copy with another interval.
   *
   * @param interval from one run to the next, whole seconds
   * @return a copy
   * @throws IllegalArgumentException if it is not positive
   */
  public VrrpScript interval(Duration interval) {
    Objects.requireNonNull(interval, "interval");
    return new VrrpScript(name, command, Optional.of(interval), timeout, weight, rise, fall);
  }

  /**
   * Returns a copy with another time-out.
   *
   * @param timeout after which a run has failed, whole seconds
   * @return a copy
   * @throws IllegalArgumentException if it is not positive
   */
  public VrrpScript timeout(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return new VrrpScript(name, command, interval, Optional.of(timeout), weight, rise, fall);
  }

  /**
   * Returns a copy with another weight.
   *
   * @param weight -253 to 253
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public VrrpScript weight(int weight) {
    return new VrrpScript(name, command, interval, timeout, Optional.of(weight), rise, fall);
  }

  /**
   * Returns a copy with another rise.
   *
   * @param rise successes in a row that count as up
   * @return a copy
   * @throws IllegalArgumentException if it is not positive
   */
  public VrrpScript rise(int rise) {
    return new VrrpScript(name, command, interval, timeout, weight, Optional.of(rise), fall);
  }

  /**
   * Returns a copy with another fall.
   *
   * @param fall failures in a row that count as down
   * @return a copy
   * @throws IllegalArgumentException if it is not positive
   */
  public VrrpScript fall(int fall) {
    return new VrrpScript(name, command, interval, timeout, weight, rise, Optional.of(fall));
  }
}
