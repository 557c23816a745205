// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.ServerKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightReportTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final ServerKey ONE = ServerKey.of("192.0.2.1", 80);
  private static final ServerKey TWO = ServerKey.of("192.0.2.2", 80);

  @Test
  void loopsServersAreReportedWithTheirLastReports() {
    WeightLoop loop =
        WeightLoop.start(Damping.every(Duration.ofSeconds(5)))
            .join(START, ONE, 100)
            .join(START, TWO, 50)
            .report(START.plusSeconds(9), ONE, 0.5);
    WeightReport report = WeightReport.of(START.plusSeconds(10), loop);
    assertThat(report.at()).isEqualTo(START.plusSeconds(10));
    assertThat(report.staleAfter()).isEqualTo(loop.damping().staleAfter());
    assertThat(report.servers())
        .containsExactly(
            new WeightReport.Server("192.0.2.1:80", START.plusSeconds(9), 100, List.of(100)),
            new WeightReport.Server("192.0.2.2:80", START, 50, List.of(50)));
  }

  private static WeightReport of(String name, Integer... weights) {
    return new WeightReport(
        START,
        Duration.ofSeconds(1),
        List.of(new WeightReport.Server(name, START, 10, List.of(weights))));
  }

  @Test
  void earlierWeightsStandBeforeAndTheOldestAreForgotten() {
    assertThat(of("a", 8).after(of("a", 10, 9)).servers().get(0).weights())
        .containsExactly(10, 9, 8);
    assertThat(of("a", 8).after(of("b", 10, 9)).servers().get(0).weights()).containsExactly(8);
    Integer[] many = IntStream.range(0, WeightReport.HISTORY).boxed().toArray(Integer[]::new);
    assertThat(of("a", 8).after(of("a", many)).servers().get(0).weights())
        .hasSize(WeightReport.HISTORY)
        .startsWith(1)
        .endsWith(8);
  }

  @Test
  void rangesAreChecked() {
    assertThatIllegalArgumentException().isThrownBy(() -> of("a"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WeightReport.Server("a", START, 0, List.of(1)))
        .withMessageContaining("base");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WeightReport(START, Duration.ZERO, List.of()))
        .withMessageContaining("staleAfter");
  }
}
