// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hears decisions, and waits for one of a kind. */
final class Recorder implements ControlListener {

  private static final long PATIENCE_SECONDS = 60;

  private final BlockingQueue<Decision> decisions = new LinkedBlockingQueue<>();

  @Override
  public void decided(Decision decision) {
    decisions.add(decision);
  }

  /** Waits for the next decision of a kind; those before it are dropped. */
  @CanIgnoreReturnValue
  Decision next(Decision.Kind kind) throws InterruptedException {
    while (true) {
      Decision decision = decisions.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(decision).as("a decision of kind %s", kind).isNotNull();
      if (decision != null && decision.kind() == kind) {
        return decision;
      }
    }
  }
}
