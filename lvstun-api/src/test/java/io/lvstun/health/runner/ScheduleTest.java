// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.Pace;
import io.lvstun.health.TcpCheck;
import io.lvstun.health.Thresholds;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final TcpCheck TCP = new TcpCheck(CheckPath.direct(), Duration.ofSeconds(1));
  private static final CheckListener NOBODY = (server, check, step) -> {};
  private static final Instant START = Instant.EPOCH;

  private static Schedule.Question question(int server, HealthPolicy policy) {
    return new Schedule.Question(
        ServerKey.of("10." + (server >> 16) + "." + (server >> 8 & 255) + "." + (server & 255), 80),
        TCP,
        policy);
  }

  /** A run that ends at its time, in virtual time. */
  private record End(Instant at, Schedule.Watch watch) implements Comparable<End> {
    @Override
    public int compareTo(End other) {
      return at.compareTo(other.at);
    }
  }

  /** A third of the servers hang until the time-out; nobody is late because of them. */
  @Test
  void tenThousandServersAreAskedEveryThreeSecondsAlthoughAThirdHangs() {
    Schedule schedule = new Schedule();
    HealthPolicy policy =
        new HealthPolicy(
            new Thresholds(1, 1000, 1, 1000),
            new Pace(
                Duration.ofSeconds(3),
                Duration.ofSeconds(3),
                Duration.ofSeconds(3),
                Duration.ofSeconds(3),
                Duration.ZERO,
                Duration.ofSeconds(3),
                Pace.Spacing.START_TO_START,
                0),
            true,
            false,
            false);
    for (int i = 0; i < 10_000; i++) {
      schedule.add(START, question(i, policy), NOBODY);
    }
    PriorityQueue<End> ends = new PriorityQueue<>();
    Map<Schedule.Watch, Instant> lastStart = new HashMap<>();
    Instant now = START;
    int starts = 0;
    while (now.isBefore(START.plusSeconds(60))) {
      for (Schedule.Watch watch : schedule.due(now)) {
        Instant before = lastStart.put(watch, now);
        if (before != null) {
          assertThat(Duration.between(before, now)).isEqualTo(Duration.ofSeconds(3));
        }
        starts++;
        boolean hangs = watch.question.server().hashCode() % 3 == 0;
        ends.add(new End(now.plus(hangs ? TCP.timeout() : Duration.ofMillis(2)), watch));
      }
      Instant due = schedule.next().orElse(Instant.MAX);
      Instant end = ends.isEmpty() ? Instant.MAX : ends.peek().at();
      now = due.isBefore(end) ? due : end;
      while (!ends.isEmpty() && !ends.peek().at().isAfter(now)) {
        Schedule.Watch watch = ends.remove().watch();
        assertThat(schedule.ended(watch, now, CheckResult.passed("", Duration.ZERO))).isPresent();
      }
    }
    assertThat(starts).isBetween(199_000, 201_000);
  }

  @Test
  void latenessDoesNotAddUp() {
    Schedule schedule = new Schedule();
    HealthPolicy policy =
        new HealthPolicy(
            new Thresholds(1, 1, 1, 1), Pace.every(Duration.ofSeconds(1)), true, false, false);
    schedule.add(START, question(1, policy), NOBODY);
    for (int i = 0; i < 100; i++) {
      Instant late = START.plusSeconds(i).plusMillis(300);
      Schedule.Watch watch = schedule.due(late).get(0);
      assertThat(schedule.ended(watch, late, CheckResult.passed("", Duration.ZERO))).isPresent();
      assertThat(schedule.next()).contains(START.plusSeconds(i + 1));
    }
  }

  @Test
  void equalQuestionsAreAskedOnce() {
    Schedule schedule = new Schedule();
    HealthPolicy policy = HealthPolicy.standard();
    CheckListener other = (server, check, step) -> {};
    schedule.add(START, question(1, policy), NOBODY);
    schedule.add(START, question(1, HealthPolicy.standard()), other);
    assertThat(schedule.size()).isEqualTo(1);
    List<Schedule.Watch> due = schedule.due(START.plusSeconds(10));
    assertThat(due).hasSize(1);
    assertThat(due.get(0).listeners).containsExactly(NOBODY, other);
    schedule.remove(question(1, policy), NOBODY);
    assertThat(schedule.size()).isEqualTo(1);
    schedule.remove(question(1, policy), other);
    assertThat(schedule.size()).isZero();
    assertThat(schedule.ended(due.get(0), START, CheckResult.passed("", Duration.ZERO))).isEmpty();
    assertThat(schedule.next()).isEmpty();
  }
}
