// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import java.time.Duration;
import java.util.function.Consumer;

/** One run of a check on the loop: ends once, with one result, at its deadline at the latest. */
class Attempt {

  private final IoLoop loop;
  private final long started = System.nanoTime();
  private final Consumer<CheckResult> done;
  private final IoLoop.Timer timer;
  private boolean ended;

  Attempt(IoLoop loop, Duration timeout, Consumer<CheckResult> done) {
    this.loop = loop;
    this.done = done;
    this.timer = loop.at(started + timeout.toNanos(), this::expire);
  }

  private void expire() {
    if (!ended) {
      end(expired());
    }
  }

  /** What it means that nothing came in time. */
  CheckResult expired() {
    return CheckResult.failed(Cause.TIMED_OUT, "no answer in time", took());
  }

  final Duration took() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  final boolean ended() {
    return ended;
  }

  final void end(Conversation.Verdict verdict) {
    end(
        verdict.cause() == Cause.NONE
            ? CheckResult.passed(verdict.detail(), took())
            : CheckResult.failed(verdict.cause(), verdict.detail(), took()));
  }

  final void end(CheckResult result) {
    if (!ended) {
      ended = true;
      loop.cancel(timer);
      release();
      done.accept(result);
    }
  }

  /** Frees what it holds. */
  void release() {}
}
