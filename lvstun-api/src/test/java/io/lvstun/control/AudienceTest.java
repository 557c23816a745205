// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AudienceTest {

  private static Decision decision(int number) {
    return new Decision(
        Instant.EPOCH,
        Decision.Kind.PROGRESS,
        Optional.empty(),
        Optional.empty(),
        "number " + number,
        "",
        "",
        Duration.ZERO);
  }

  @Test
  void decisionsAreHeardInTheirOrderAndTheLastOnesAfterTheEnd() throws InterruptedException {
    List<String> heard = new CopyOnWriteArrayList<>();
    CountDownLatch all = new CountDownLatch(100);
    try (Audience audience =
        new Audience(
            decision -> {
              heard.add(decision.what());
              all.countDown();
            })) {
      for (int i = 0; i < 100; i++) {
        audience.tell(decision(i));
      }
    }
    all.await();
    assertThat(heard)
        .containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(i -> "number " + i).toList());
  }

  @Test
  void listenerThatThrowsHearsTheNextDecision() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(2);
    try (Audience audience =
        new Audience(
            decision -> {
              second.countDown();
              throw new IllegalStateException("no");
            })) {
      audience.tell(decision(1));
      audience.tell(decision(2));
      second.await();
    }
    assertThat(second.getCount()).isZero();
  }

  @Test
  void listenerThatBlocksLosesTheOldestAndHoldsNobodyUp() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch free = new CountDownLatch(1);
    CountDownLatch last = new CountDownLatch(1);
    List<String> heard = new CopyOnWriteArrayList<>();
    try (Audience audience =
        new Audience(
            decision -> {
              heard.add(decision.what());
              entered.countDown();
              try {
                free.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              if (decision.what().equals("number 1500")) {
                last.countDown();
              }
            })) {
      audience.tell(decision(0));
      entered.await();
      for (int i = 1; i <= 1500; i++) {
        audience.tell(decision(i));
      }
      free.countDown();
      last.await();
    }
    assertThat(heard).hasSize(1001).startsWith("number 0", "number 501").endsWith("number 1500");
  }
}
