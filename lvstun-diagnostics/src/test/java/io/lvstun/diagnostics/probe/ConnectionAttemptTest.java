// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionAttemptTest {

  private static final String LINE =
      "attempt address=2001:db8::1 port=80 source=- local=0 outcome=reset ms=3 sent=5 received=0"
          + " mss=1440 retrans=2\n";

  @Test
  void lineIsReadAndOthersAreLeftOut() {
    List<ConnectionAttempt> attempts = ConnectionAttempt.parse("note x\n" + LINE + "\nattempts\n");
    assertThat(attempts).hasSize(1);
    ConnectionAttempt attempt = attempts.get(0);
    assertThat(attempt.service()).isEqualTo("[2001:db8::1]:80");
    assertThat(attempt.outcome()).isEqualTo(ConnectionAttempt.Outcome.RESET);
    assertThat(attempt.number("mss")).hasValue(1440);
    assertThat(attempt.number("acked")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "port=80,port=x",
    "port=80,port=-1",
    "ms=3,ms=",
    "outcome=reset,outcome=fine",
    "mss=1440,mss=big",
    "sent=5,sent=9999999999999999999",
    "received=0,sent=1"
  })
  void lineThatIsNotAsTheProbeWritesItIsRefused(String old, String with) {
    assertThatThrownBy(() -> ConnectionAttempt.parse(LINE.replace(old, with)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void openedIsWhateverCameAfterwards() {
    for (ConnectionAttempt.Outcome outcome : ConnectionAttempt.Outcome.values()) {
      assertThat(outcome.opened())
          .isEqualTo(
              !Set.of("REFUSED", "TIMEOUT", "UNREACHABLE", "ERROR").contains(outcome.name()));
    }
  }
}
