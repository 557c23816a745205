// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One thread that waits for channels, timers and tasks, and never for anything else. */
final class IoLoop implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(IoLoop.class.getName());

  /** Told that its channel can be used. */
  interface Ready {
    void ready(SelectionKey key);
  }

  /** Something that happens at a time. */
  static final class Timer {
    private final long at;
    private final long number;
    private final Runnable task;

    private Timer(long at, long number, Runnable task) {
      this.at = at;
      this.number = number;
      this.task = task;
    }
  }

  /** What channels are read into, one after the other. */
  final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);

  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  // By difference: nanoTime may wrap.
  private final TreeSet<Timer> timers =
      new TreeSet<>(
          ((Comparator<Timer>) (a, b) -> Long.signum(a.at - b.at))
              .thenComparingLong(timer -> timer.number));
  private long added;
  private volatile boolean closed;

  IoLoop(String name) {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector can be opened", e);
    }
    thread = new Thread(this::run, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs a task on the loop's thread, from any thread. */
  void execute(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Runs a task at a time of {@link System#nanoTime}. On the loop's thread only. */
  @CanIgnoreReturnValue
  Timer at(long nanoTime, Runnable task) {
    Timer timer = new Timer(nanoTime, added++, task);
    timers.add(timer);
    return timer;
  }

  /** Returns how many timers wait. On the loop's thread only. */
  int timers() {
    return timers.size();
  }

  void cancel(Timer timer) {
    timers.remove(timer);
  }

  SelectionKey register(SelectableChannel channel, int operations, Ready ready) throws IOException {
    return channel.register(selector, operations, ready);
  }

  private void run() {
    while (!closed) {
      try {
        turn();
      } catch (IOException | RuntimeException e) {
        LOG.log(
            System.Logger.Level.ERROR,
            "a health check failed with an internal error; the others continue",
            e);
      }
    }
    for (SelectionKey key : selector.keys()) {
      closeQuietly(key.channel());
    }
    closeQuietly(selector);
  }

  private static void closeQuietly(java.io.Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "cannot be closed", e);
    }
  }

  private void turn() throws IOException {
    long wait = 0;
    if (!timers.isEmpty()) {
      long nanos = timers.first().at - System.nanoTime();
      wait = nanos <= 0 ? -1 : Math.max(1, (nanos + 500_000) / 1_000_000);
    }
    int unused = !tasks.isEmpty() || wait < 0 ? selector.selectNow() : selector.select(wait);
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      guarded(task);
    }
    long now = System.nanoTime();
    while (!timers.isEmpty() && timers.first().at - now <= 0) {
      guarded(timers.pollFirst().task);
    }
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid() && key.attachment() instanceof Ready ready) {
        guarded(() -> ready.ready(key));
      }
    }
    selector.selectedKeys().clear();
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "a health check failed with an internal error; the others continue",
          e);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    if (Thread.currentThread() != thread) {
      try {
        thread.join(1000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
