// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Report;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DoctorMetricsTest {

  private static Report report(boolean up) {
    return Doctor.analyse(
            Clusters.withServer(
                up
                    ? Recorded.facts("json-rs1")
                    : Clusters.edited(
                        "json-rs1",
                        f -> f.replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\""))),
            check -> check.code().equals("TUN-001"))
        .filtered(finding -> finding.code().equals("TUN-001"));
  }

  private static double value(MeterRegistry registry, String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  @Test
  void findingsAppearAndVanish() {
    MeterRegistry registry = new SimpleMeterRegistry();
    AtomicReference<Supplier<Report>> examination = new AtomicReference<>(() -> report(false));
    try (DoctorMetrics metrics =
        new DoctorMetrics(
            () -> examination.get().get(), Duration.ofMinutes(1), Tags.of("cluster", "a"))) {
      Runnable examine = metrics.register(registry);
      assertThat(value(registry, "lvstun.doctor.up")).isZero();
      assertThat(value(registry, "lvstun.doctor.verdict")).isNaN();

      examine.run();
      assertThat(value(registry, "lvstun.doctor.up", "cluster", "a")).isEqualTo(1);
      assertThat(value(registry, "lvstun.doctor.verdict")).isEqualTo(3);
      assertThat(value(registry, "lvstun.doctor.findings", "status", "fail", "severity", "fail"))
          .isEqualTo(1);
      assertThat(
              value(
                  registry,
                  "lvstun.doctor.finding",
                  "code",
                  "TUN-001",
                  "host",
                  "rs",
                  "status",
                  "fail",
                  "root",
                  "true"))
          .isEqualTo(1);
      assertThat(value(registry, "lvstun.doctor.last")).isGreaterThan(1e9);

      examination.set(
          () -> {
            throw new IllegalStateException("no");
          });
      examine.run();
      assertThat(value(registry, "lvstun.doctor.up")).isZero();
      assertThat(value(registry, "lvstun.doctor.verdict")).isEqualTo(3);

      examination.set(() -> report(true));
      examine.run();
      assertThat(value(registry, "lvstun.doctor.up")).isEqualTo(1);
      assertThat(value(registry, "lvstun.doctor.verdict")).isZero();
      assertThat(registry.find("lvstun.doctor.finding").gauges()).isEmpty();
      assertThat(registry.get("lvstun.doctor.examination").timer().count()).isEqualTo(3);
    }
  }

  @Test
  void examinesByItselfUntilItIsClosed() {
    MeterRegistry registry = new SimpleMeterRegistry();
    DoctorMetrics metrics =
        new DoctorMetrics(() -> report(true), Duration.ofSeconds(10), Tags.empty());
    metrics.bindTo(registry);
    await().untilAsserted(() -> assertThat(value(registry, "lvstun.doctor.up")).isEqualTo(1));
    metrics.close();
  }

  @Test
  void periodIsWithinReason() {
    for (Duration period : new Duration[] {Duration.ofSeconds(9), Duration.ofDays(2)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new DoctorMetrics(() -> report(true), period, Tags.empty()));
    }
  }
}
