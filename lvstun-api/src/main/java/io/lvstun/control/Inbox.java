// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait for the loop. Of one check, or one load, only the newest waits: however slow the
 * loop is, what waits is bounded by the number of checks. Thread-safe.
 */
final class Inbox {

  private record Newest(Destination destination, String source) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Map<Object, Event> waiting = new LinkedHashMap<>();

  void put(Event event) {
    Object key =
        event instanceof Event.Checked checked
            ? new Newest(checked.destination(), "check " + checked.check())
            : event instanceof Event.Load load
                ? new Newest(load.destination(), "load")
                : new Object();
    lock.lock();
    try {
      waiting.put(key, event);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an event, at most so many nanoseconds. */
  @Nullable Event poll(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (waiting.isEmpty()) {
        if (left <= 0) {
          return null;
        }
        left = filled.awaitNanos(left);
      }
      Iterator<Event> events = waiting.values().iterator();
      Event first = events.next();
      events.remove();
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for an event, at most so many milliseconds. */
  @Nullable Event pollMillis(long millis) throws InterruptedException {
    return poll(TimeUnit.MILLISECONDS.toNanos(millis));
  }
}
