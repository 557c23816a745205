// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A listener with a thread of its own and a bounded queue. Thread-safe. */
final class Audience implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(Controller.class.getName());
  private static final int MOST_WAITING = 1000;

  private final ControlListener listener;
  private final Deque<Decision> waiting = new ArrayDeque<>();
  private final Thread thread;
  private long dropped;
  private boolean closed;

  Audience(ControlListener listener) {
    this.listener = listener;
    thread = new Thread(this::run, "lvstun-control-listener");
    thread.setDaemon(true);
    thread.start();
  }

  synchronized void tell(Decision decision) {
    if (waiting.size() == MOST_WAITING) {
      waiting.removeFirst();
      dropped++;
    }
    waiting.addLast(decision);
    notifyAll();
  }

  private synchronized @Nullable Decision next() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    if (dropped > 0) {
      LOGGER.log(
          Level.WARNING, "listener {0} is too slow: {1} decisions were dropped", listener, dropped);
      dropped = 0;
    }
    return waiting.pollFirst();
  }

  private void run() {
    try {
      for (Decision decision = next(); decision != null; decision = next()) {
        try {
          listener.decided(decision);
        } catch (RuntimeException e) {
          LOGGER.log(Level.WARNING, "listener " + listener + " failed on " + decision.what(), e);
        }
      }
    } catch (InterruptedException e) {
      // The listener waits for nothing more: the controller is closed.
    }
  }

  /** Lets the listener hear what waits; one that is stuck is left to itself. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
