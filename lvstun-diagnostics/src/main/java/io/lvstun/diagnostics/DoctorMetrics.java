// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Status;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Examines a cluster again and again, and publishes what is found as Micrometer gauges.
 *
 * <pre>{@code
 * new DoctorMetrics(() -> Doctor.examine(topology).run(), Duration.ofMinutes(5), Tags.empty())
 *     .bindTo(registry);
 * }</pre>
 *
 * <p>The meters: {@code lvstun.doctor.findings} (how many, by {@code status} and {@code severity}),
 * {@code lvstun.doctor.finding} (1 for each that is FAIL, WARN or ERROR, by {@code code}, {@code
 * host}, {@code status} and {@code root}), {@code lvstun.doctor.verdict} (0 PASS, 1 WARN, 2 ERROR,
 * 3 FAIL), {@code lvstun.doctor.examination} (a timer), {@code lvstun.doctor.last} (when the last
 * examination ended, in seconds since 1970) and {@code lvstun.doctor.up} (1 if it ended with a
 * report). An examination that throws leaves the findings at their last values.
 *
 * <p>Needs {@code io.micrometer:micrometer-core}, which this library does not bring. Thread-safe.
 * One instance serves one registry.
 *
 * @since 0.1.0
 */
public final class DoctorMetrics implements MeterBinder, AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(DoctorMetrics.class.getName());

  private final Supplier<Report> examination;
  private final Duration period;
  private final Tags tags;
  private final ScheduledExecutorService examiner =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "lvstun-doctor-metrics");
            thread.setDaemon(true);
            return thread;
          });
  private volatile @Nullable Report last;
  private volatile double ended = Double.NaN;
  private volatile boolean up;

  /**
   * Makes a binder; nothing is examined before {@link #bindTo}.
   *
   * @param examination examines, and returns a report; it is called from one thread
   * @param period the pause after an examination, 10 seconds to 1 day
   * @param tags tags for every meter, for example the cluster's name
   * @throws IllegalArgumentException if the period is out of range
   */
  public DoctorMetrics(Supplier<Report> examination, Duration period, Tags tags) {
    if (period.compareTo(Duration.ofSeconds(10)) < 0 || period.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("period must be 10 seconds to 1 day, not " + period);
    }
    this.examination = examination;
    this.period = period;
    this.tags = tags;
  }

  /**
   * Registers the meters, and begins to examine, in a thread of its own.
   *
   * @param registry the registry
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    Runnable task = register(registry);
    var unused = examiner.scheduleWithFixedDelay(task, 0, period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Registers the meters, and returns what examines once. */
  Runnable register(MeterRegistry registry) {
    Gauge.builder("lvstun.doctor.up", this, metrics -> metrics.up ? 1 : 0)
        .description("1 if the last examination ended with a report")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    Gauge.builder("lvstun.doctor.last", this, metrics -> metrics.ended)
        .description("When the last examination ended with a report")
        .baseUnit("seconds")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    Gauge.builder("lvstun.doctor.verdict", this, DoctorMetrics::verdict)
        .description("0 PASS, 1 WARN, 2 ERROR, 3 FAIL")
        .tags(tags)
        .strongReference(true)
        .register(registry);
    for (Status status : Status.values()) {
      for (Severity severity : Severity.values()) {
        Gauge.builder("lvstun.doctor.findings", this, metrics -> metrics.count(status, severity))
            .description("How many findings have this status, by severity of their check")
            .tags(tags)
            .tag("status", text(status))
            .tag("severity", text(severity))
            .strongReference(true)
            .register(registry);
      }
    }
    Timer timer =
        Timer.builder("lvstun.doctor.examination")
            .description("Time to examine the cluster")
            .tags(tags)
            .register(registry);
    MultiGauge each =
        MultiGauge.builder("lvstun.doctor.finding")
            .description("1 for each finding that is not as it should be")
            .tags(tags)
            .register(registry);
    return () -> examine(timer, each);
  }

  private void examine(Timer timer, MultiGauge each) {
    try {
      Report report = timer.record(examination);
      if (report == null) {
        throw new IllegalStateException("the examination gave no report");
      }
      last = report;
      List<MultiGauge.Row<?>> rows = new ArrayList<>();
      for (Finding finding : report.findings()) {
        if (finding.wrong() || finding.status() == Status.ERROR) {
          rows.add(MultiGauge.Row.of(tags(finding), 1));
        }
      }
      each.register(rows, true);
      ended = System.currentTimeMillis() / 1000.0;
      up = true;
    } catch (RuntimeException e) {
      // Whatever it is: an executor drops a task that throws, and the figures would stand still.
      if (up || last == null) {
        LOGGER.log(System.Logger.Level.WARNING, "cannot examine the cluster: {0}", e.getMessage());
      }
      up = false;
    }
  }

  private static Tags tags(Finding finding) {
    return Tags.of(
        "code",
        finding.code(),
        "host",
        finding.host(),
        "status",
        text(finding.status()),
        "root",
        Boolean.toString(finding.rootCause()));
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private double verdict() {
    Report report = last;
    if (report == null) {
      return Double.NaN;
    }
    return switch (report.verdict()) {
      case PASS -> 0;
      case WARN -> 1;
      case ERROR -> 2;
      case FAIL -> 3;
    };
  }

  private double count(Status status, Severity severity) {
    Report report = last;
    return report == null
        ? Double.NaN
        : report.findings(status).stream()
            .filter(finding -> finding.check().severity() == severity)
            .count();
  }

  /** Stops examining. The meters stay registered with their last values. */
  @Override
  public void close() {
    examiner.shutdownNow();
  }
}
