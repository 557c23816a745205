// SPDX-License-Identifier: Apache-2.0
package io.lvstun.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.lvstun.Consistency;
import io.lvstun.Director;
import io.lvstun.LvsException;
import io.lvstun.VirtualService;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class DirectorMetricsTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("192.0.2.11").weight(3).tunnel();

  private final IpvsDriver driver = mock();
  private final MeterRegistry registry = new SimpleMeterRegistry();

  private DirectorMetrics metrics() {
    return new DirectorMetrics(Director.on(driver), Duration.ofHours(1), Tags.of("director", "a"));
  }

  private void tableHolds(VirtualService... services) {
    when(driver.services(any(Consistency.class)))
        .thenReturn(
            java.util.Arrays.stream(services)
                .map(
                    service ->
                        new ServiceState(
                            service,
                            service.realServers().stream()
                                .map(
                                    server ->
                                        new ServerState(
                                            server,
                                            4,
                                            5,
                                            6,
                                            new Counters(7, 8, 0, 1L << 40, 0),
                                            Rates.ZERO))
                                .toList(),
                            new Counters(70, 80, 0, 1L << 41, 0),
                            Rates.ZERO))
                .toList());
  }

  @Test
  void metersCarryServiceServerAndCallersTags() {
    tableHolds(WEB);
    try (DirectorMetrics metrics = metrics()) {
      metrics.bindTo(registry);
      assertThat(registry.get("lvstun.up").tag("director", "a").gauge().value()).isEqualTo(1);
      assertThat(registry.get("lvstun.services").gauge().value()).isEqualTo(1);
      assertThat(
              registry
                  .get("lvstun.service.bytes")
                  .tags("service", "TCP 192.0.2.1:80", "direction", "in")
                  .functionCounter()
                  .count())
          .isEqualTo((double) (1L << 41));
      assertThat(
              registry
                  .get("lvstun.server.weight")
                  .tags("server", "192.0.2.11:80", "director", "a")
                  .gauge()
                  .value())
          .isEqualTo(3);
      assertThat(registry.get("lvstun.server.active").gauge().value()).isEqualTo(4);
      assertThat(registry.get("lvstun.server.connections").functionCounter().count()).isEqualTo(7);
    }
  }

  @Test
  void valuesOutliveAGarbageCollection() {
    tableHolds(WEB);
    metrics().bindTo(registry);
    System.gc();
    assertThat(registry.get("lvstun.server.weight").gauge().value()).isEqualTo(3);
    assertThat(registry.get("lvstun.service.connections").functionCounter().count()).isEqualTo(70);
  }

  @Test
  void metersOfWhatIsGoneVanish() {
    tableHolds(WEB, VirtualService.fwmark(7).addRealServer("192.0.2.12").tunnel());
    try (DirectorMetrics metrics = metrics()) {
      metrics.bindTo(registry);
      tableHolds(WEB.withoutRealServers());
      metrics.refresh(registry, registry.timer("lvstun.read", "director", "a"));
      assertThat(registry.get("lvstun.services").gauge().value()).isEqualTo(1);
      assertThat(registry.find("lvstun.server.weight").gauges()).isEmpty();
      assertThat(registry.find("lvstun.service.connections").functionCounters()).hasSize(1);
    }
  }

  @Test
  void failedReadShowsInUpAndKeepsTheLastValues() {
    tableHolds(WEB);
    try (DirectorMetrics metrics = metrics()) {
      metrics.bindTo(registry);
      when(driver.services(any(Consistency.class)))
          .thenThrow(
              new LvsException(
                  new LvsException.Failure(
                      "read services", "", "mock", "gone", OptionalInt.empty(), "")));
      metrics.refresh(registry, registry.timer("lvstun.read", "director", "a"));
      assertThat(registry.get("lvstun.up").gauge().value()).isZero();
      assertThat(registry.get("lvstun.server.weight").gauge().value()).isEqualTo(3);
    }
  }

  @Test
  void periodBelowTheKernelsIsRefused() {
    assertThatThrownBy(
            () -> new DirectorMetrics(Director.on(driver), Duration.ofSeconds(1), Tags.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("period must be 2 seconds to 1 hour, not PT1S");
  }

  @Test
  void readsAreTimed() {
    tableHolds();
    try (DirectorMetrics metrics = metrics()) {
      metrics.bindTo(registry);
      assertThat(registry.get("lvstun.read").timer().count()).isEqualTo(1);
      assertThat(List.copyOf(registry.getMeters())).hasSize(3);
    }
  }
}
