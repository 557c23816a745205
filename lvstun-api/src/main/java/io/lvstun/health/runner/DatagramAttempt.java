// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A datagram to a server, and what comes back. */
final class DatagramAttempt extends Attempt implements IoLoop.Ready {

  private static final int MOST_STRANGE = 100;

  private final IoLoop loop;
  private final Function<ByteBuffer, Conversation.@Nullable Verdict> judge;
  private final boolean silencePasses;
  private @Nullable DatagramChannel channel;
  private int strange;

  private DatagramAttempt(
      IoLoop loop,
      Function<ByteBuffer, Conversation.@Nullable Verdict> judge,
      boolean silencePasses,
      Duration timeout,
      Consumer<CheckResult> done) {
    super(loop, timeout, done);
    this.loop = loop;
    this.judge = judge;
    this.silencePasses = silencePasses;
  }

  /**
   * Starts one. On the loop's thread.
   *
   * @param judge says what a datagram means, null if it is none that counts
   * @param silencePasses whether the server passes when nothing comes
   */
  static void start(
      IoLoop loop,
      InetSocketAddress target,
      CheckPath.Direct path,
      ByteBuffer payload,
      Function<ByteBuffer, Conversation.@Nullable Verdict> judge,
      boolean silencePasses,
      Duration timeout,
      Consumer<CheckResult> done) {
    new DatagramAttempt(loop, judge, silencePasses, timeout, done).open(target, path, payload);
  }

  private void open(InetSocketAddress target, CheckPath.Direct path, ByteBuffer payload) {
    try {
      DatagramChannel opened = DatagramChannel.open();
      channel = opened;
      opened.configureBlocking(false);
      if (path.source().isPresent() || path.sourcePort() != 0) {
        opened.bind(StreamAttempt.local(path));
      }
      // Connected, so that ICMP errors are told and strangers' datagrams are not.
      opened.connect(target);
      SelectionKey unused = loop.register(opened, SelectionKey.OP_READ, this);
      opened.write(payload);
    } catch (IOException | RuntimeException e) {
      end(NetworkFailure.result(e, took()));
    }
  }

  @Override
  public void ready(SelectionKey key) {
    DatagramChannel open = channel;
    if (ended() || open == null) {
      return;
    }
    try {
      ByteBuffer buffer = loop.buffer.clear();
      if (open.receive(buffer) == null) {
        return;
      }
      byte[] bytes = new byte[buffer.flip().remaining()];
      buffer.get(bytes);
      Conversation.Verdict verdict = judge.apply(ByteBuffer.wrap(bytes));
      if (verdict != null) {
        end(verdict);
      } else if (++strange > MOST_STRANGE) {
        end(
            Conversation.Verdict.failed(
                CheckResult.Cause.MALFORMED, "more than 100 datagrams that answer nothing"));
      }
    } catch (IOException | RuntimeException e) {
      end(NetworkFailure.result(e, took()));
    }
  }

  @Override
  CheckResult expired() {
    return silencePasses
        ? CheckResult.passed("no error within the time-out", took())
        : super.expired();
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
