// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class IoLoopTest {

  @Test
  void timersRunInTheOrderOfTheirTimesAndThoseOfOneTimeAsTheyCame() throws Exception {
    List<Integer> ran = new CopyOnWriteArrayList<>();
    CountDownLatch end = new CountDownLatch(1);
    try (IoLoop loop = new IoLoop("test")) {
      loop.execute(
          () -> {
            long now = System.nanoTime();
            loop.at(now + 3_000_000, () -> ran.add(4));
            loop.at(now + 4_000_000, end::countDown);
            loop.at(now, () -> ran.add(1));
            loop.at(now, () -> ran.add(2));
            IoLoop.Timer never = loop.at(now + 1, () -> ran.add(-1));
            loop.cancel(never);
            loop.cancel(never);
            loop.at(now + 2, () -> ran.add(3));
          });
      end.await();
    }
    assertThat(ran).containsExactly(1, 2, 3, 4);
  }

  @Test
  void taskThatThrowsStopsNobody() throws Exception {
    CountDownLatch end = new CountDownLatch(2);
    try (IoLoop loop = new IoLoop("test")) {
      loop.execute(
          () -> {
            throw new IllegalStateException("a task");
          });
      loop.execute(
          () -> {
            loop.at(
                System.nanoTime(),
                () -> {
                  throw new IllegalStateException("a timer");
                });
            loop.at(System.nanoTime(), end::countDown);
          });
      loop.execute(end::countDown);
      end.await();
    }
    assertThat(end.getCount()).isZero();
  }

  @Test
  void closingClosesWhatIsRegistered() throws Exception {
    ServerSocketChannel channel = ServerSocketChannel.open();
    channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    channel.configureBlocking(false);
    CompletableFuture<Boolean> registered = new CompletableFuture<>();
    try (IoLoop loop = new IoLoop("test")) {
      loop.execute(
          () -> {
            try {
              registered.complete(
                  loop.register(channel, SelectionKey.OP_ACCEPT, key -> {}).isValid());
            } catch (IOException e) {
              registered.completeExceptionally(e);
            }
          });
      assertThat(registered.get()).isTrue();
    }
    assertThat(channel.isOpen()).isFalse();
  }
}
