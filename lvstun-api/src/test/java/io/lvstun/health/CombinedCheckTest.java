// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CombinedCheckTest {

  private static final Duration TOOK = Duration.ofMillis(3);
  private static final CheckResult PASS = CheckResult.passed("fine", TOOK);
  private static final CheckResult FAIL =
      CheckResult.failed(CheckResult.Cause.TIMED_OUT, "silent", TOOK);
  private static final CheckResult OPEN = CheckResult.undecided("cannot look", TOOK);
  private static final TcpCheck TCP = new TcpCheck(CheckPath.direct(), Duration.ofSeconds(2));
  private static final PingCheck PING = new PingCheck(CheckPath.direct(), Duration.ofSeconds(1));

  private static String all(CheckResult... results) {
    return CombinedCheck.all(TCP, PING).combine(List.of(results), TOOK).toString();
  }

  private static String any(CheckResult... results) {
    return CombinedCheck.any(TCP, PING).combine(List.of(results), TOOK).toString();
  }

  @Test
  void allWantsAll() {
    assertThat(all(PASS, PASS)).isEqualTo("passed: fine");
    assertThat(all(PASS, FAIL)).isEqualTo("failed: silent");
    assertThat(all(OPEN, FAIL)).isEqualTo("failed: silent");
    assertThat(all(PASS, OPEN)).isEqualTo("undecided: cannot look");
  }

  @Test
  void anyWantsOne() {
    assertThat(any(FAIL, PASS)).isEqualTo("passed: fine");
    assertThat(any(FAIL, FAIL)).isEqualTo("failed: silent");
    assertThat(any(FAIL, OPEN)).isEqualTo("undecided: cannot look");
    assertThat(any(OPEN, PASS)).isEqualTo("passed: fine");
  }

  @Test
  void takesAsLongAsItsLongest() {
    assertThat(CombinedCheck.any(PING, TCP).timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(CombinedCheck.any(PING, TCP).describe()).isEqualTo("ping or TCP");
    assertThatIllegalArgumentException().isThrownBy(CombinedCheck::all);
  }
}
