// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

/** Reads the timers that virtual servers, real servers and checks have in common. */
final class TimersForm {

  private final StatementReader reader;
  private final int leastRetry;
  private CheckTimers timers = CheckTimers.INHERITED;

  /**
   * Begins without timers.
   *
   * @param leastRetry keepalived takes 0 in checks alone
   */
  TimersForm(StatementReader reader, int leastRetry) {
    this.reader = reader;
    this.leastRetry = leastRetry;
  }

  CheckTimers timers() {
    return timers;
  }

  /** Takes a statement if it is a timer. */
  boolean takes(Statement statement) {
    switch (statement.keyword()) {
      case "connect_timeout" ->
          reader.take(
              statement, reader.seconds(statement), value -> timers = timers.connectTimeout(value));
      case "retry", "nb_get_retry" ->
          reader.take(
              statement,
              reader.integer(statement, leastRetry, Integer.MAX_VALUE),
              value -> timers = timers.retry(value));
      case "delay_before_retry" ->
          reader.take(
              statement,
              reader.seconds(statement),
              value -> timers = timers.delayBeforeRetry(value));
      case "warmup" ->
          reader.take(statement, reader.seconds(statement), value -> timers = timers.warmup(value));
      case "delay_loop" ->
          reader.take(
              statement, reader.seconds(statement), value -> timers = timers.delayLoop(value));
      case "alpha" ->
          reader.take(statement, reader.choice(statement), value -> timers = timers.alpha(value));
      default -> {
        return false;
      }
    }
    return true;
  }
}
