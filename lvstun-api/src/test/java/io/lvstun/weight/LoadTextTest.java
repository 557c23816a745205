// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadTextTest {

  private static final String METRICS =
      """
      # HELP node_load1 1m load average.
      # TYPE node_load1 gauge
      node_load1 2.5
      node_load15 9
      node_cpu_seconds_total{cpu="0",mode="idle"} 1.23456789e+06
      node_cpu_seconds_total{cpu="0",mode="user"} 3
      node_cpu_seconds_total{cpu="1",mode="idle"} 1.2e+06
      queue_depth{pool="a}b",note="say \\"x\\"",host="h1"} 7 1700000000000
      queue_depth{pool="c",host="h2"} 0.5
      broken_total NaN
      negative -1
      huge 1e9
      """;

  @Test
  void readsUptimeInAnyLocale() {
    assertThat(LoadText.uptime(" 19:27:45 up 3 days,  load average: 0.52, 0.58, 0.59"))
        .isEqualTo(0.52);
    assertThat(LoadText.uptime("19:27:45 up 3 min, load average: 1,05, 0,58, 0,59"))
        .isEqualTo(1.05);
    assertThat(LoadText.uptime("11:05  up 1 day, load averages: 2.40 2.01 1.99")).isEqualTo(2.4);
  }

  @Test
  void readsWhatTheKernelTells() {
    assertThat(LoadText.loadAverage("3.00 2.10 1.00 2/345 6789\n", 4)).isEqualTo(0.75);
    assertThat(
            LoadText.pressure(
                "some avg10=12.50 avg60=8.00 avg300=1.00 total=12345\nfull avg10=0.00"
                    + " avg60=0.00 avg300=0.00 total=0\n"))
        .isEqualTo(0.125);
  }

  @Test
  void readsPrometheusByNameAndLabels() {
    assertThat(LoadText.prometheus(METRICS, "queue_depth", Map.of("host", "h2"))).isEqualTo(0.5);
    assertThat(LoadText.prometheus(METRICS, "queue_depth", Map.of("pool", "a}b"))).isEqualTo(7);
    assertThat(LoadText.prometheus(METRICS, "queue_depth", Map.of("note", "say \"x\"")))
        .isEqualTo(7);
    assertThat(LoadText.nodeExporter(METRICS)).isEqualTo(1.25);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LoadText.prometheus(METRICS, "queue", Map.of()))
        .withMessageStartingWith("no metric queue{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"broken_total", "negative", "huge"})
  void liesAreRefused(String metric) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LoadText.prometheus(METRICS, metric, Map.of()))
        .withMessageStartingWith("load must be");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000", "load average:", "load average: x", "some avg10="})
  void garbageIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> LoadText.uptime(text));
    assertThatIllegalArgumentException().isThrownBy(() -> LoadText.loadAverage(text, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> LoadText.pressure(text));
    assertThatIllegalArgumentException().isThrownBy(() -> LoadText.nodeExporter(text));
  }
}
