// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers the actions that answer an event. Mutable; of the core's thread. */
final class Reporter {

  /** Longer differences are cut: a decision is read by people. */
  private static final int MOST_LINES = 20;

  private List<Action> actions = new ArrayList<>();
  private Instant at = Instant.EPOCH;
  private long time = Long.MIN_VALUE;

  void at(long now) {
    if (now != time) {
      time = now;
      at = Instant.ofEpochMilli(now);
    }
  }

  void act(Action action) {
    actions.add(action);
  }

  List<Action> drain() {
    if (actions.isEmpty()) {
      return List.of();
    }
    List<Action> all = actions;
    actions = new ArrayList<>();
    return all;
  }

  void tell(
      Decision.Kind kind,
      @Nullable ServiceKey service,
      @Nullable ServerKey server,
      String what,
      String why,
      String evidence) {
    tell(kind, service, server, what, why, evidence, 0);
  }

  void tell(
      Decision.Kind kind,
      @Nullable ServiceKey service,
      @Nullable ServerKey server,
      String what,
      String why,
      String evidence,
      long took) {
    actions.add(
        new Action.Tell(
            new Decision(
                at,
                kind,
                Optional.ofNullable(service),
                Optional.ofNullable(server),
                what,
                why,
                evidence,
                Duration.ofMillis(Math.max(0, took)))));
  }

  static String lines(List<?> items) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < items.size() && i < MOST_LINES; i++) {
      text.append(i == 0 ? "" : "\n").append(items.get(i));
    }
    if (items.size() > MOST_LINES) {
      text.append("\n… ").append(items.size() - MOST_LINES).append(" more");
    }
    return text.toString();
  }
}
