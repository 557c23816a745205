// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Consistency;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ForgottenDriverTest {

  private final FakeKernel kernel = new FakeKernel();

  /** In a method of its own, so that nothing of it stays on the stack. */
  private void forgetADriver() {
    NetlinkDriver driver = new NetlinkDriver(kernel, Duration.ofMinutes(1), "6.1");
    assertThat(driver.services(Consistency.SINGLE_PASS)).isEmpty();
    assertThat(kernel.openSockets()).isPositive();
  }

  @Test
  void socketsOfForgottenDriversAreClosed() {
    for (int i = 0; i < 3; i++) {
      forgetADriver();
      for (int j = 0; j < 1000 && kernel.openSockets() > 0; j++) {
        System.gc();
      }
      assertThat(kernel.openSockets()).isZero();
    }
  }

  private ChannelPool pool() {
    ChannelPool pool =
        new ChannelPool(
            () ->
                new Channel(
                    kernel, Duration.ofMinutes(1), new AtomicInteger(), new TunnelSupport("6.1")),
            () -> {});
    Channel channel = pool.take();
    assertThat(channel.session()).isNotNull();
    pool.giveBack(channel);
    return pool;
  }

  @Test
  void thatOneWasForgottenIsSaidOnce() {
    List<String> said = new ArrayList<>();
    AtomicBoolean warned = new AtomicBoolean();
    new ForgottenDriver(pool(), new AtomicBoolean(true), warned, said::add).run();
    assertThat(said).as("of one that was closed").isEmpty();
    for (int i = 0; i < 2; i++) {
      new ForgottenDriver(pool(), new AtomicBoolean(), warned, said::add).run();
      assertThat(said)
          .singleElement()
          .asString()
          .startsWith("a director of the netlink driver was never closed;");
    }
    assertThat(kernel.openSockets()).isZero();
  }
}
