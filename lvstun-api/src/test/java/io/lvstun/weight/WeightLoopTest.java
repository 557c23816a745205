// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.ServerKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WeightLoopTest {

  private static final Instant START = Instant.EPOCH;
  private static final Duration INTERVAL = Duration.ofSeconds(2);
  private static final ServerKey A = ServerKey.of("192.0.2.1", 80);
  private static final ServerKey B = ServerKey.of("192.0.2.2", 80);
  private static final ServerKey C = ServerKey.of("192.0.2.3", 80);

  private static WeightLoop three() {
    return WeightLoop.start(Damping.every(INTERVAL))
        .join(START, A, 10)
        .join(START, B, 10)
        .join(START, C, 10);
  }

  private static Instant at(int seconds) {
    return START.plusSeconds(seconds);
  }

  @Test
  void nothingChangesDuringTheBlackout() {
    WeightLoop loop = three().report(at(2), A, 9).report(at(2), B, 1).report(at(2), C, 1);
    assertThat(loop.decide(at(2)).changes()).isEmpty();
  }

  @Test
  void busyServerGetsLessAndOthersMore() {
    WeightLoop loop = three();
    for (int second = 2; second <= 40; second += 2) {
      loop = loop.report(at(second), A, 3).report(at(second), B, 0.5).report(at(second), C, 0.5);
      loop = loop.decide(at(second)).next();
    }
    assertThat(loop.servers().get(A).weight()).isLessThan(6);
    assertThat(loop.servers().get(B).weight()).isGreaterThan(10);
    assertThat(loop.panic()).isFalse();
  }

  @Test
  void periodIsKeptBetweenTwoChanges() {
    WeightLoop loop = three();
    List<Integer> times = new ArrayList<>();
    for (int second = 1; second <= 60; second++) {
      loop = loop.report(at(second), A, 3).report(at(second), B, 0.5).report(at(second), C, 0.5);
      WeightLoop.Decision decision = loop.decide(at(second));
      int now = second;
      decision.changes().stream()
          .filter(change -> change.server().equals(A))
          .forEach(change -> times.add(now));
      loop = decision.next();
    }
    assertThat(times).hasSizeGreaterThan(1);
    for (int i = 1; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(10);
    }
  }

  @Test
  void staleServerWalksBackToItsBase() {
    WeightLoop loop = three();
    int second = 2;
    for (; second <= 40; second += 2) {
      loop = loop.report(at(second), A, 3).report(at(second), B, 0.5).report(at(second), C, 0.5);
      loop = loop.decide(at(second)).next();
    }
    int low = loop.servers().get(A).weight();
    assertThat(low).isLessThan(10);
    // A is silent from 40 s on: its report is stale at 50 s, and the way back takes 20 s.
    for (; second <= 48; second += 2) {
      loop = loop.report(at(second), B, 0.5).report(at(second), C, 0.5).decide(at(second)).next();
    }
    for (; second <= 78; second += 2) {
      loop = loop.report(at(second), B, 0.5).report(at(second), C, 0.5).decide(at(second)).next();
    }
    assertThat(loop.servers().get(A).weight()).isEqualTo(10);
  }

  @Test
  void tooFewReportsGiveAllTheirBase() {
    WeightLoop loop = three();
    int second = 2;
    for (; second <= 40; second += 2) {
      loop = loop.report(at(second), A, 3).report(at(second), B, 0.5).report(at(second), C, 0.5);
      loop = loop.decide(at(second)).next();
    }
    // Two of three fall silent.
    for (; second <= 60; second += 2) {
      loop = loop.report(at(second), A, 3).decide(at(second)).next();
    }
    assertThat(loop.panic()).isTrue();
    assertThat(loop.servers().values())
        .allSatisfy(server -> assertThat(server.weight()).isEqualTo(10));
  }

  @Test
  void liesAreRefusedAndStrangersIgnored() {
    for (double lie : new double[] {-1, 1e9, Double.NaN}) {
      assertThatIllegalArgumentException().isThrownBy(() -> three().report(START, A, lie));
    }
    WeightLoop loop = three().leave(C);
    assertThat(loop.report(START, C, 1)).isSameAs(loop);
  }

  /** Whatever is reported: no weight of 0, none beyond the cap. */
  @Test
  void randomReportsKeepTheBounds() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      WeightLoop loop = three();
      for (int second = 0; second < 300; second++) {
        for (ServerKey key : List.of(A, B, C)) {
          if (random.nextInt(4) == 0) {
            loop = loop.report(at(second), key, random.nextDouble(0, LoadReport.HIGHEST));
          }
        }
        WeightLoop.Decision decision = loop.decide(at(second));
        decision
            .changes()
            .forEach(
                change -> assertThat(change.to()).isBetween(1, 100).isNotEqualTo(change.from()));
        loop = decision.next();
      }
    }
  }
}
