// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Lends channels to threads, one each, and keeps a few for reuse. Thread-safe: threads do not wait
 * for one another, because the kernel itself serialises writers.
 */
final class ChannelPool implements AutoCloseable {

  /** Each idle channel holds a socket and 128 KiB. */
  private static final int IDLE = 4;

  private final Supplier<Channel> maker;
  private final Runnable afterLast;
  private final Deque<Channel> idle = new ArrayDeque<>();
  private final Set<Thread> writers = Collections.newSetFromMap(new IdentityHashMap<>());
  private int inUse;
  private boolean closed;
  private boolean over;

  /**
   * Makes a pool.
   *
   * @param maker makes channels
   * @param afterLast what is to be done once the pool is closed and the last channel has come back
   */
  ChannelPool(Supplier<Channel> maker, Runnable afterLast) {
    this.maker = maker;
    this.afterLast = afterLast;
  }

  /**
   * Takes a channel, which must be given back.
   *
   * @throws IllegalStateException if the pool is closed
   */
  Channel take() {
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the netlink driver is closed");
      }
      inUse++;
      // The last one given back is the one whose memory is still in the processor's caches.
      Channel channel = idle.pollFirst();
      if (channel != null) {
        return channel;
      }
    }
    return maker.get();
  }

  /** Takes a channel to write through, for which {@link #close} waits. */
  Channel takeToWrite() {
    synchronized (this) {
      Channel channel = take();
      writers.add(Thread.currentThread());
      return channel;
    }
  }

  void giveBackWritten(Channel channel) {
    synchronized (this) {
      writers.remove(Thread.currentThread());
      notifyAll();
    }
    giveBack(channel);
  }

  void giveBack(Channel channel) {
    boolean kept;
    synchronized (this) {
      kept = !closed && idle.size() < IDLE;
      if (kept) {
        idle.addFirst(channel);
      }
      inUse--;
    }
    if (!kept) {
      channel.close();
      finish();
    }
  }

  /**
   * Closes the idle channels, and waits for writes that are under way: each ends by its deadline.
   * Channels that others read through are closed when they come back.
   */
  @Override
  public void close() {
    Deque<Channel> closing;
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      closing = new ArrayDeque<>(idle);
      idle.clear();
      while (writers.stream().anyMatch(writer -> writer != Thread.currentThread())) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    closing.forEach(Channel::close);
    finish();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void finish() {
    synchronized (this) {
      if (!closed || inUse > 0 || over) {
        return;
      }
      over = true;
    }
    afterLast.run();
  }
}
