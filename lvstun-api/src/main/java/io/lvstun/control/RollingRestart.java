// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Restarts one server after another, on a thread of its own. */
final class RollingRestart {

  /** Beyond its deadlines, a step may wait for the loop so long. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final Controller controller;
  private final List<Set<Destination>> servers;
  private final RestartAction action;
  private final Duration deadline;
  private final DrainOptions drain;
  private final Transition transition;
  private volatile boolean cancelled;

  RollingRestart(
      Controller controller,
      String name,
      List<Set<Destination>> servers,
      RestartAction action,
      Duration deadline,
      DrainOptions drain) {
    this.controller = controller;
    this.servers = List.copyOf(servers);
    this.action = action;
    this.deadline = deadline;
    this.drain = drain;
    transition = new Transition(name, () -> cancelled = true);
  }

  Transition transition() {
    return transition;
  }

  void start(Runnable end) {
    Thread thread =
        new Thread(
            () -> {
              Transition.Outcome outcome = run();
              end.run();
              transition.finish(outcome);
            },
            "lvstun-rolling-restart");
    thread.setDaemon(true);
    thread.start();
  }

  private Transition.Outcome run() {
    int done = 0;
    try {
      for (Set<Destination> server : servers) {
        if (cancelled) {
          return stopped(done, "it was cancelled");
        }
        String obstacle = restart(server);
        if (!obstacle.isEmpty()) {
          return stopped(done, obstacle);
        }
        done++;
      }
      return new Transition.Outcome(true, done + " servers were restarted");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return stopped(done, "it was interrupted");
    } catch (IllegalStateException e) {
      return stopped(done, String.valueOf(e.getMessage()));
    }
  }

  private Transition.Outcome stopped(int done, String why) {
    return new Transition.Outcome(
        false, done + " of " + servers.size() + " servers were restarted: " + why);
  }

  /** Returns what stood in the way; empty if nothing did. */
  private String restart(Set<Destination> server) throws InterruptedException {
    Transition leaving = controller.drain(server, drain);
    String obstacle = ended(leaving, drain.deadline().plus(MARGIN));
    if (!obstacle.isEmpty()) {
      return obstacle;
    }
    try {
      action.restart(server);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      return server + " could not be restarted: " + e;
    }
    List<Transition> joining = new ArrayList<>();
    for (Destination destination : server) {
      joining.add(controller.join(destination, deadline));
    }
    for (Transition each : joining) {
      obstacle = ended(each, deadline.plus(MARGIN));
      if (!obstacle.isEmpty()) {
        return obstacle;
      }
    }
    return "";
  }

  private static String ended(Transition transition, Duration patience)
      throws InterruptedException {
    Transition.Outcome outcome = transition.await(patience).orElse(null);
    if (outcome == null) {
      return transition.name() + " did not end in time";
    }
    return outcome.reached() ? "" : transition.name() + ": " + outcome.detail();
  }
}
