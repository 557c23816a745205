// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InboxTest {

  private static final ServiceKey WEB = ServiceKey.tcp("192.0.2.1", 80);
  private static final Destination RS1 = new Destination(WEB, ServerKey.of("198.51.100.1", 80));
  private static final Destination RS2 = new Destination(WEB, ServerKey.of("198.51.100.2", 80));
  private final Inbox inbox = new Inbox();

  private List<Event> all() throws InterruptedException {
    List<Event> events = new ArrayList<>();
    for (Event event = inbox.poll(0); event != null; event = inbox.poll(0)) {
      events.add(event);
    }
    return events;
  }

  @Test
  void floodOfResultsKeepsTheNewestOfEachCheck() throws InterruptedException {
    for (int i = 0; i < 100_000; i++) {
      inbox.put(new Event.Load(RS1, i, "a"));
      inbox.put(new Event.Checked(RS1, "http", null));
    }
    inbox.put(new Event.Load(RS2, 7, "a"));
    inbox.put(new Event.Checked(RS1, "tcp", null));
    assertThat(all())
        .containsExactly(
            new Event.Load(RS1, 99_999, "a"),
            new Event.Checked(RS1, "http", null),
            new Event.Load(RS2, 7, "a"),
            new Event.Checked(RS1, "tcp", null));
  }

  @Test
  void loadOfAnotherSourceReplacesTheFormerOne() throws InterruptedException {
    inbox.put(new Event.Load(RS1, 1, "a"));
    inbox.put(new Event.Load(RS1, 2, "b"));
    assertThat(all()).containsExactly(new Event.Load(RS1, 2, "b"));
  }

  @Test
  void wishesAreNeverPutTogether() throws InterruptedException {
    Event unwant = new Event.Unwant(WEB);
    inbox.put(unwant);
    inbox.put(new Event.Tick());
    inbox.put(unwant);
    assertThat(all()).containsExactly(unwant, new Event.Tick(), unwant);
  }

  @Test
  void resultThatWasTakenDoesNotHideTheNext() throws InterruptedException {
    inbox.put(new Event.Load(RS1, 1, "a"));
    assertThat(inbox.poll(0)).isNotNull();
    inbox.put(new Event.Load(RS1, 1, "a"));
    assertThat(inbox.poll(0)).isNotNull();
    assertThat(inbox.pollMillis(0)).isNull();
    assertThat(inbox.pollMillis(-1)).isNull();
  }

  @Test
  void nothingIsLostBetweenThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    for (int i = 0; i < 3; i++) {
      threads.execute(
          () -> {
            for (int n = 0; n < 1000; n++) {
              inbox.put(new Event.Tick());
            }
          });
    }
    for (int n = 0; n < 3000; n++) {
      assertThat(inbox.pollMillis(20_000)).isNotNull();
    }
    threads.shutdown();
    assertThat(inbox.poll(0)).isNull();
  }

  @Test
  void interruptEndsTheWait() {
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> inbox.pollMillis(10_000));
    assertThat(Thread.interrupted()).isFalse();
  }
}
