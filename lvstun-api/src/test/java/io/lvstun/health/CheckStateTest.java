// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CheckStateTest {

  private static final Instant START = Instant.EPOCH;
  private static final Duration TOOK = Duration.ofMillis(500);
  private static final CheckResult PASS = CheckResult.passed("", TOOK);
  private static final CheckResult FAIL =
      CheckResult.failed(CheckResult.Cause.REFUSED, "connection refused", TOOK);
  private static final CheckResult OPEN = CheckResult.undecided("no descriptor left", TOOK);

  /** Runs a check once for each letter, and tells when it ran and what its health was after. */
  private static List<String> play(HealthPolicy policy, String results) {
    CheckState state = CheckState.start(policy, START, 1);
    List<String> lines = new ArrayList<>();
    for (char letter : results.toCharArray()) {
      Instant started = state.due();
      CheckResult result = letter == '+' ? PASS : letter == '-' ? FAIL : OPEN;
      CheckState.Step step = state.after(policy, started, started.plus(TOOK), result);
      state = step.state();
      lines.add(
          Duration.between(START, started).toMillis()
              + " "
              + state.health()
              + (step.transition().isPresent() ? "!" : ""));
    }
    lines.add("next " + Duration.between(START, state.due()).toMillis());
    return lines;
  }

  private static HealthPolicy tutorial() {
    return HealthPolicy.keepalived(Duration.ofSeconds(6), 3, Duration.ofSeconds(3))
        .warmup(Duration.ZERO);
  }

  @Test
  void keepalivedForgivesRetriesAndComesBackAtTheFirstPass() {
    assertThat(play(tutorial(), "+----+"))
        .containsExactly(
            "1000 UP!",
            "7500 UP",
            "11000 UP",
            "14500 UP",
            "18000 DOWN!",
            "24500 UP!",
            "next 31000");
  }

  @Test
  void keepalivedForgivesNothingAtTheStartAndDoesNotRetryWhileDown() {
    assertThat(play(tutorial(), "---"))
        .containsExactly("1000 DOWN!", "7500 DOWN", "14000 DOWN", "next 20500");
  }

  @Test
  void keepalivedCountsFailuresInARowOnly() {
    assertThat(play(tutorial(), "+---+---")).filteredOn(line -> line.contains("DOWN")).isEmpty();
  }

  @Test
  void keepalivedsUrlsPassOneALoop() {
    HealthPolicy policy =
        HealthPolicy.keepalivedHttp(3, Duration.ofSeconds(6), 0, Duration.ofSeconds(10), false)
            .warmup(Duration.ZERO);
    assertThat(play(policy, "-++-+++"))
        .containsExactly(
            "1000 DOWN!",
            "11500 DOWN",
            "18000 DOWN",
            "24500 DOWN",
            "35000 DOWN",
            "41500 DOWN",
            "48000 UP!",
            "next 54500");
  }

  @Test
  void fastRecoveryAsksTheUrlsOneAfterTheOther() {
    HealthPolicy policy =
        HealthPolicy.keepalivedHttp(3, Duration.ofSeconds(6), 0, Duration.ofSeconds(3), true)
            .warmup(Duration.ZERO);
    assertThat(play(policy, "-+++"))
        .containsExactly("1000 DOWN!", "7500 DOWN", "8000 DOWN", "8500 UP!", "next 15000");
  }

  @Test
  void keepalivedsCommandsRunFromStartToStart() {
    HealthPolicy policy =
        HealthPolicy.keepalivedMisc(Duration.ofSeconds(6), 0, Duration.ofSeconds(1))
            .warmup(Duration.ZERO);
    assertThat(play(policy, "++")).containsExactly("1000 UP!", "7000 UP", "next 13000");
  }

  @Test
  void alphaWantsAsManyPassesAsAfterAFailure() {
    HealthPolicy policy = HealthPolicy.riseAndFall(3, 2, Duration.ofSeconds(2)).alpha();
    assertThat(play(policy, "+++")).element(1).asString().endsWith("UNKNOWN");
    assertThat(play(policy, "+++")).element(2).asString().endsWith("UP!");
    assertThat(policy.startsUp()).isFalse();
  }

  @Test
  void probesFasterWhileAChangeIsUnderWay() {
    HealthPolicy policy =
        HealthPolicy.riseAndFall(2, 3, Duration.ofSeconds(4)).jitter(0).warmup(Duration.ZERO);
    assertThat(play(policy, "+---++"))
        .containsExactly(
            "0 UP!", "4000 UP", "5000 UP", "6000 DOWN!", "10000 DOWN", "11000 UP!", "next 15000");
  }

  @Test
  void resultThatDecidesNothingChangesNothing() {
    assertThat(play(tutorial(), "+---?-")).element(4).asString().endsWith("UP");
    assertThat(play(tutorial(), "+---?-")).element(5).asString().endsWith("DOWN!");
    assertThat(play(tutorial(), "???")).filteredOn(line -> line.contains("!")).isEmpty();
  }

  @Test
  void runThatIsLateStartsTheNextAtOnce() {
    HealthPolicy policy =
        new HealthPolicy(
            new Thresholds(1, 1, 1, 1), Pace.every(Duration.ofSeconds(1)), true, false, false);
    CheckState state = CheckState.start(policy, START, 1);
    Instant end = START.plusSeconds(5);
    assertThat(state.after(policy, START, end, PASS).state().due()).isEqualTo(end);
  }

  @Test
  void transitionTellsWhy() {
    HealthPolicy policy = tutorial();
    CheckState state = CheckState.start(policy, START, 1);
    CheckState.Transition transition =
        state.after(policy, START, START.plus(TOOK), FAIL).transition().orElseThrow();
    assertThat(transition.reason()).isEqualTo("failed once: connection refused");
    assertThat(transition.from()).isEqualTo(Health.UNKNOWN);
    assertThat(transition.to()).isEqualTo(Health.DOWN);
    assertThat(transition.at()).isEqualTo(START.plus(TOOK));
    assertThat(transition.evidence()).isEqualTo(FAIL);
  }

  @Test
  void lastPassDecidesTheWeight() {
    HealthPolicy policy = tutorial();
    CheckState state = CheckState.start(policy, START, 1);
    state = state.after(policy, START, START, PASS.shift(WeightShift.to(7))).state();
    assertThat(state.shift()).contains(WeightShift.to(7));
    state = state.after(policy, START, START, FAIL).state();
    assertThat(state.shift()).contains(WeightShift.to(7));
    state = state.after(policy, START, START, PASS).state();
    assertThat(state.shift()).isEmpty();
  }

  @Test
  void warmupSpreadsFirstRunsEvenly() {
    HealthPolicy policy = HealthPolicy.keepalived(Duration.ofSeconds(6), 1, Duration.ofSeconds(1));
    int[] thirds = new int[3];
    for (int seed = 0; seed < 3000; seed++) {
      long delay =
          Duration.between(START, CheckState.start(policy, START, seed).due()).toMillis() - 1000;
      assertThat(delay).isBetween(0L, 6000L);
      thirds[(int) Math.min(2, delay / 2000)]++;
    }
    for (int count : thirds) {
      assertThat(count).isBetween(850, 1150);
    }
  }

  @Test
  void jitterStaysWithinItsShareAndIsRepeatable() {
    HealthPolicy policy =
        HealthPolicy.riseAndFall(1, 1, Duration.ofSeconds(10)).jitter(0.2).warmup(Duration.ZERO);
    CheckState state = CheckState.start(policy, START, 42);
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Instant due = state.due();
      state = state.after(policy, due, due, PASS).state();
      delays.add(Duration.between(due, state.due()).toMillis());
    }
    assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(8000L, 12000L));
    assertThat(delays.stream().mapToLong(Long::longValue).average().orElseThrow())
        .isBetween(9900.0, 10100.0);
    assertThat(CheckState.start(policy, START, 42)).isEqualTo(CheckState.start(policy, START, 42));
  }

  /** Whatever the results: no change without enough results in a row, and time goes forward. */
  @Test
  void randomHistoriesKeepTheRules() {
    for (long seed = 0; seed < 500; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      HealthPolicy policy =
          HealthPolicy.riseAndFall(
              random.nextInt(1, 5), random.nextInt(1, 5), Duration.ofMillis(1000));
      CheckState state = CheckState.start(policy, START, seed);
      int passes = 0;
      int failures = 0;
      for (int i = 0; i < 200; i++) {
        Instant started = state.due();
        int what = random.nextInt(5);
        CheckResult result = what < 2 ? PASS : what < 4 ? FAIL : OPEN;
        passes = what < 2 ? passes + 1 : what < 4 ? 0 : passes;
        failures = what < 2 ? 0 : what < 4 ? failures + 1 : failures;
        Health before = state.health();
        CheckState.Step step =
            state.after(policy, started, started.plusMillis(random.nextInt(3000)), result);
        state = step.state();
        assertThat(state.due()).as("seed %d run %d", seed, i).isAfterOrEqualTo(started);
        assertThat(step.transition().isPresent()).isEqualTo(before != state.health());
        if (before == Health.UP && state.health() == Health.DOWN) {
          assertThat(failures).isEqualTo(policy.thresholds().fall());
        }
        if (before == Health.DOWN && state.health() == Health.UP) {
          assertThat(passes).isEqualTo(policy.thresholds().rise());
        }
        assertThat(state.passes() == 0 || state.failures() == 0).isTrue();
      }
    }
  }
}
