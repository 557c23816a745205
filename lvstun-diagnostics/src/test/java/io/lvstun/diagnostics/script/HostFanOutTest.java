// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.host.HostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostFanOutTest {

  private static final HostFanOut HOSTS = new HostFanOut("count", "nothing was counted");

  @Test
  void resultsStayInTheOrderOfTheInputs() {
    List<Integer> inputs = IntStream.range(0, 200).boxed().toList();
    assertThat(HOSTS.each(inputs, input -> input * 2))
        .isEqualTo(inputs.stream().map(input -> input * 2).toList());
    assertThat(HOSTS.each(List.<Integer>of(), input -> input)).isEmpty();
  }

  @Test
  void inputsAreWorkedOnAtTheSameTime() {
    CyclicBarrier all = new CyclicBarrier(4);
    assertThat(
            HOSTS.each(
                List.of(1, 2, 3, 4),
                input -> {
                  try {
                    return all.await(30, TimeUnit.SECONDS) >= 0;
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }))
        .containsOnly(true);
  }

  @Test
  void asManyAsAllowedRunAtATime() {
    CountDownLatch both = new CountDownLatch(2);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    new HostFanOut("count", "", 2)
        .each(
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
  void faultOfTheWorkIsThrownAsItIs() {
    IllegalStateException fault = new IllegalStateException("fault");
    for (List<Integer> inputs : List.of(List.of(1), List.of(1, 2, 3))) {
      assertThatThrownBy(
              () ->
                  HOSTS.each(
                      inputs,
                      input -> {
                        throw fault;
                      }))
          .isSameAs(fault);
    }
  }

  @Test
  void interruptIsToldAndKept() {
    CountDownLatch never = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(
              () ->
                  HOSTS.each(
                      List.of(1, 2),
                      input -> {
                        try {
                          never.await();
                        } catch (InterruptedException e) {
                          throw new IllegalStateException(e);
                        }
                        return input;
                      }))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("interrupted")
          .hasMessageContaining("nothing was counted");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }
}
