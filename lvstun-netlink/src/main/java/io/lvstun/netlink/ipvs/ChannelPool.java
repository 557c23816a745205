// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Hands channels to threads, one each, and keeps a few for the next. Thread-safe: no thread waits
 * for another, since the kernel itself puts writers in a row.
 */
final class ChannelPool implements AutoCloseable {

  /** Each idle channel holds a socket and 128 KiB. */
  private static final int IDLE = 4;

  private final Supplier<Channel> maker;
  private final Deque<Channel> idle = new ArrayDeque<>();
  private boolean closed;

  ChannelPool(Supplier<Channel> maker) {
    this.maker = maker;
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
      // The last one given back is the one whose memory is still in the processor's caches.
      Channel channel = idle.pollFirst();
      if (channel != null) {
        return channel;
      }
    }
    return maker.get();
  }

  void giveBack(Channel channel) {
    synchronized (this) {
      if (!closed && idle.size() < IDLE) {
        idle.addFirst(channel);
        return;
      }
    }
    channel.close();
  }

  /** Closes the idle channels; those in use are closed when they come back. */
  @Override
  public void close() {
    Deque<Channel> closing;
    synchronized (this) {
      closed = true;
      closing = new ArrayDeque<>(idle);
      idle.clear();
    }
    closing.forEach(Channel::close);
  }
}
