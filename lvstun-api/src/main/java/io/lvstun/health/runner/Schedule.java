// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.ServerKey;
import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckState;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HealthPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which check runs when. It has no clock, no threads and no I/O: who uses it says what time it is.
 * Not thread-safe.
 */
final class Schedule {

  /** What is asked of a server, and how the answers count: those who ask the same share it. */
  record Question(ServerKey server, HealthCheck check, HealthPolicy policy) {}

  /** A check of a server with its state. */
  static final class Watch {
    final Question question;
    final Set<CheckListener> listeners = new LinkedHashSet<>();
    private final long number;
    private CheckState state;
    private boolean running;
    private int runs;

    private Watch(Question question, long number, CheckState state) {
      this.question = question;
      this.number = number;
      this.state = state;
    }

    CheckState state() {
      return state;
    }

    /** How often it has run, which says whose turn it is among several questions. */
    int runs() {
      return runs;
    }
  }

  private final Map<Question, Watch> watches = new HashMap<>();
  private final TreeSet<Watch> waiting =
      new TreeSet<>(
          Comparator.comparing((Watch watch) -> watch.state.due())
              .thenComparingLong(watch -> watch.number));
  private long added;

  /** Adds a listener; the first one starts the check. Returns what it listens to. */
  @CanIgnoreReturnValue
  Watch add(Instant now, Question question, CheckListener listener) {
    Watch watch = watches.get(question);
    if (watch == null) {
      long number = added++;
      watch =
          new Watch(
              question,
              number,
              CheckState.start(
                  question.policy(), now, question.server().hashCode() * 31L + number));
      watches.put(question, watch);
      waiting.add(watch);
    }
    watch.listeners.add(listener);
    return watch;
  }

  /** Removes a listener; the last one ends the check. */
  void remove(Question question, CheckListener listener) {
    Watch watch = watches.get(question);
    if (watch != null && watch.listeners.remove(listener) && watch.listeners.isEmpty()) {
      watches.remove(question);
      waiting.remove(watch);
    }
  }

  /** When the next check is due; empty if none waits. */
  Optional<Instant> next() {
    return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.first().state.due());
  }

  /** The checks that are to start now. Each counts as running until {@link #ended}. */
  List<Watch> due(Instant now) {
    List<Watch> due = new ArrayList<>();
    while (!waiting.isEmpty() && !waiting.first().state.due().isAfter(now)) {
      Watch watch = waiting.pollFirst();
      watch.running = true;
      due.add(watch);
    }
    return due;
  }

  /**
   * Takes a result. The next run is reckoned from when this one was due, not from when it happened
   * to start, so that lateness does not add up.
   *
   * @return what is known now; empty if nobody asks any more
   */
  Optional<CheckState.Step> ended(Watch watch, Instant now, CheckResult result) {
    if (!watch.running || watches.get(watch.question) != watch) {
      return Optional.empty();
    }
    CheckState.Step step =
        watch.state.after(watch.question.policy(), watch.state.due(), now, result);
    watch.state = step.state();
    watch.running = false;
    watch.runs++;
    waiting.add(watch);
    return Optional.of(step);
  }

  int size() {
    return watches.size();
  }
}
