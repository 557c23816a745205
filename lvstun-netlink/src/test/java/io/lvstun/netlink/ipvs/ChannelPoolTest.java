// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChannelPoolTest {

  private final FakeKernel kernel = new FakeKernel();
  private final List<Channel> made = new ArrayList<>();
  private int over;
  private final ChannelPool pool = new ChannelPool(this::make, () -> over++);

  private Channel make() {
    Channel channel =
        new Channel(kernel, Duration.ofSeconds(1), new AtomicInteger(), new TunnelSupport("6.1"));
    made.add(channel);
    return channel;
  }

  @Test
  void channelThatCameBackLastIsTakenFirst() {
    Channel first = pool.take();
    Channel second = pool.take();
    assertThat(second).isNotSameAs(first);
    pool.giveBack(first);
    pool.giveBack(second);
    assertThat(pool.take()).isSameAs(second);
    assertThat(pool.take()).isSameAs(first);
    assertThat(made).hasSize(2);
  }

  @Test
  void onlySomeAreKeptOpen() {
    List<Channel> taken = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Channel channel = pool.take();
      assertThat(channel.session().portId()).isNotZero();
      taken.add(channel);
    }
    assertThat(kernel.openSockets()).isEqualTo(6);
    taken.forEach(pool::giveBack);
    assertThat(kernel.openSockets()).isEqualTo(4);
    pool.close();
    assertThat(kernel.openSockets()).isZero();
    assertThat(over).isEqualTo(1);
  }

  @Test
  void lastReadEndsAClosedPool() {
    Channel reading = pool.take();
    assertThat(reading.session().portId()).isNotZero();
    pool.close();
    assertThat(over).isZero();
    assertThatThrownBy(pool::take).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(pool::takeToWrite).isInstanceOf(IllegalStateException.class);
    pool.giveBack(reading);
    assertThat(kernel.openSockets()).isZero();
    pool.close();
    assertThat(over).isEqualTo(1);
  }

  @Test
  void closeWaitsForAWriteOfAnotherThread() throws InterruptedException {
    Channel writing = pool.takeToWrite();
    CountDownLatch begun = new CountDownLatch(1);
    Thread closer =
        new Thread(
            () -> {
              begun.countDown();
              pool.close();
            });
    closer.start();
    begun.await();
    while (closer.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertThat(over).isZero();
    pool.giveBackWritten(writing);
    closer.join();
    assertThat(over).isEqualTo(1);
  }

  @Test
  void closeDoesNotWaitForAWriteOfItsOwnThread() {
    Channel writing = pool.takeToWrite();
    pool.close();
    assertThat(over).isZero();
    pool.giveBackWritten(writing);
    assertThat(over).isEqualTo(1);
  }
}
