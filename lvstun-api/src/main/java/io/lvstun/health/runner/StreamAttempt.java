// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A conversation over a TCP connection. */
final class StreamAttempt extends Attempt implements IoLoop.Ready {

  private final IoLoop loop;
  private final Conversation conversation;
  private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
  private @Nullable SocketChannel channel;

  private StreamAttempt(
      IoLoop loop, Conversation conversation, Duration timeout, Consumer<CheckResult> done) {
    super(loop, timeout, done);
    this.loop = loop;
    this.conversation = conversation;
  }

  /**
   * Starts one. On the loop's thread.
   *
   * @param reset whether the connection is made without the last packet of its handshake where the
   *     system can, and reset
   */
  static void start(
      IoLoop loop,
      InetSocketAddress target,
      CheckPath.Direct path,
      boolean reset,
      Conversation conversation,
      Duration timeout,
      Consumer<CheckResult> done) {
    new StreamAttempt(loop, conversation, timeout, done).open(target, path, reset);
  }

  private void open(InetSocketAddress target, CheckPath.Direct path, boolean reset) {
    try {
      SocketChannel opened = SocketChannel.open();
      channel = opened;
      opened.configureBlocking(false);
      opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (reset) {
        opened.setOption(StandardSocketOptions.SO_LINGER, 0);
        withoutQuickAck(opened);
      }
      if (path.source().isPresent() || path.sourcePort() != 0) {
        opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        opened.bind(local(path));
      }
      boolean there = opened.connect(target);
      SelectionKey key =
          loop.register(opened, there ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
      if (there) {
        connected(key);
      }
    } catch (IOException | RuntimeException e) {
      end(NetworkFailure.result(e, took()));
    }
  }

  static InetSocketAddress local(CheckPath.Direct path) {
    return path.source().isPresent()
        ? new InetSocketAddress(path.source().get(), path.sourcePort())
        : new InetSocketAddress(path.sourcePort());
  }

  /** Without the ACK, the server's program never learns of the connection. Not every JDK can. */
  private static void withoutQuickAck(SocketChannel channel) throws IOException {
    for (SocketOption<?> option : channel.supportedOptions()) {
      if (option.name().equals("TCP_QUICKACK")) {
        @SuppressWarnings("unchecked")
        SocketOption<Boolean> quick = (SocketOption<Boolean>) option;
        channel.setOption(quick, false);
      }
    }
  }

  private void connected(SelectionKey key) throws IOException {
    key.interestOps(SelectionKey.OP_READ);
    Conversation.Verdict verdict = conversation.connected(unsent::add);
    if (verdict != null) {
      end(verdict);
      return;
    }
    write(key);
  }

  @Override
  public void ready(SelectionKey key) {
    SocketChannel open = channel;
    if (ended() || open == null) {
      return;
    }
    try {
      if (key.isConnectable()) {
        if (open.finishConnect()) {
          connected(key);
        }
        return;
      }
      if (key.isWritable()) {
        write(key);
      }
      if (!ended() && key.isReadable()) {
        read(key, open);
      }
    } catch (IOException | RuntimeException e) {
      end(NetworkFailure.result(e, took()));
    }
  }

  /** Reads once: a server that never stops sending gets its turn as others do. */
  private void read(SelectionKey key, SocketChannel open) throws IOException {
    ByteBuffer buffer = loop.buffer.clear();
    int count = open.read(buffer);
    if (count < 0) {
      end(conversation.closed());
    } else if (count > 0) {
      Conversation.Verdict verdict = conversation.received(buffer.flip(), unsent::add);
      write(key);
      if (verdict != null) {
        end(verdict);
      }
    }
  }

  private void write(SelectionKey key) throws IOException {
    SocketChannel open = channel;
    while (open != null && !unsent.isEmpty()) {
      open.write(unsent.peek());
      if (unsent.peek().hasRemaining()) {
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        return;
      }
      unsent.remove();
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  @Override
  void release() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The system gives it back all the same.
        channel = null;
      }
    }
  }
}
