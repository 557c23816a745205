// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Examination;
import io.lvstun.host.Host;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LimitOptionsTest {

  private static LimitOptions parse(String... arguments) {
    return Mixee.parse(new LimitOptions(), arguments);
  }

  @Test
  void defaultsAreWithinTheirRanges() {
    LimitOptions options = parse();
    options.validate();
    assertThat(options.deadline()).isEqualTo(Duration.ofSeconds(30));
    assertThat(parse("--deadline", "100ms").deadline()).isEqualTo(Duration.ofMillis(100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--sample=601s",
        "--sample=1500ms",
        "--deadline=99ms",
        "--deadline=61m",
        "--parallel=0",
        "--parallel=-5"
      })
  void whatIsOutOfRangeIsRefusedWithTheOptionsName(String argument) {
    LimitOptions options = parse(argument);
    assertThatThrownBy(options::validate)
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageStartingWith(argument.substring(0, argument.indexOf('=')));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--sample=0s", "--sample=10m", "--deadline=1h", "--parallel=1"})
  void limitsThemselvesAreTaken(String argument) {
    LimitOptions options = parse(argument);
    options.validate();
    Examination examination = Doctor.examine(Topology.builder().director(Host.local()).build());
    options.apply(examination);
    assertThat(options.deadline()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1s", "1d", "1.5s", "9999999999s", "s", "\u0661s"})
  void timesThatAreNoneAreRefused(String text) {
    assertThatThrownBy(() -> parse("--sample=" + text))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("--sample")
        .hasMessageContaining("500ms, 2s, 5m or 1h");
  }
}
