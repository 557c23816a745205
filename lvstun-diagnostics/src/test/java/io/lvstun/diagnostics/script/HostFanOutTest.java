// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.host.HostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HostFanOutTest {

  private static final HostFanOut HOSTS = new HostFanOut("count", "nothing was counted", 2);

  @Test
  void resultsAreInTheOrderOfTheInputs() {
    assertThat(HOSTS.each(List.of(1, 2, 3, 4, 5), one -> one * one))
        .containsExactly(1, 4, 9, 16, 25);
    assertThat(HOSTS.each(List.<Integer>of(), one -> one)).isEmpty();
  }

  @Test
  void asManyAsAllowedRunAtATime() {
    CountDownLatch both = new CountDownLatch(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    HOSTS.each(
        List.of(1, 2, 3, 4),
        one -> {
          threads.add(Thread.currentThread());
          both.countDown();
          try {
            both.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return one;
        });
    assertThat(threads).hasSize(2);
  }

  @Test
  void whatTheWorkThrowsIsThrown() {
    assertThatThrownBy(
            () ->
                HOSTS.each(
                    List.of(1, 2),
                    one -> {
                      throw new IllegalArgumentException("no " + one);
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no 1");
  }

  @Test
  void interruptionIsToldWithTheHintAndStays() {
    CountDownLatch never = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () ->
                HOSTS.each(
                    List.of(1),
                    one -> {
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        // The workers end when the caller is interrupted.
                      }
                      return one;
                    }))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("count")
        .hasMessageContaining("interrupted")
        .hasMessageContaining("nothing was counted");
    assertThat(Thread.interrupted()).isTrue();
  }
}
