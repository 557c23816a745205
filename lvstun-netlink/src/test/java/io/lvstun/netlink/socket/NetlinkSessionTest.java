// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Waiting for answers that do not come, on whatever Linux the build runs on. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "netlink is Linux's")
class NetlinkSessionTest {

  private static final int QUEUE = 64 * 1024;

  private final KernelSocketSource source = new KernelSocketSource(null, QUEUE);
  private NetlinkSession session;

  @BeforeEach
  void open() {
    KernelSocketSource.load();
    session = new NetlinkSession(source.open(SocketSource.GENERIC), 4096, NetlinkSession.SMALL);
  }

  @AfterEach
  void close() {
    session.close();
    session.close();
  }

  @Test
  void silenceLastsUntilTheDeadline() {
    long start = System.nanoTime();
    assertThat(session.receive(Deadline.in(Duration.ofMillis(30))))
        .isEqualTo(NetlinkSession.Event.SILENCE);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
    assertThat(session.receive(null)).isEqualTo(NetlinkSession.Event.SILENCE);
  }

  @Test
  void interruptEndsTheWaitAndStays() {
    Thread.currentThread().interrupt();
    assertThat(session.receive(Deadline.in(Duration.ofMinutes(1))))
        .isEqualTo(NetlinkSession.Event.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
  }
}
