// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelEchoTest {

  @Test
  void everyOutcomeIsReadBackAsWritten() {
    for (TunnelEcho.Outcome outcome : TunnelEcho.Outcome.values()) {
      TunnelEcho echo =
          new TunnelEcho("192.0.2.1", "2001:db8::1", "gue:6080", outcome, 80, "open", "a = b c");
      assertThat(TunnelEcho.parse("x\n" + echo.line() + "\n")).containsExactly(echo);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo server=a port=80 outcome=silent",
        "echo server=a port=x outcome=silent detail=",
        "echo server=a outcome=silent detail=",
        "echo server=a port=80 outcome=odd detail=",
        "echo server=a port=123456 outcome=silent detail="
      })
  void lineThatIsNotAsTheProbeWritesItIsRefused(String line) {
    assertThatThrownBy(() -> TunnelEcho.parse(line)).isInstanceOf(IllegalArgumentException.class);
  }
}
