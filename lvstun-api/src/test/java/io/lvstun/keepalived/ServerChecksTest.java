// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerChecksTest {

  @Test
  void noRetriesAreForChecksAlone() {
    ServerChecks checks = ServerChecks.of(Checker.tcp().timers(timers -> timers.retry(0)));
    assertThat(checks.checkers().get(0).timers().retry()).contains(0);
    assertThatThrownBy(() -> checks.timers(CheckTimers.INHERITED.retry(0)))
        .hasMessage("retry must be 1 to 2147483647, not 0");
  }

  @Test
  void listIsCopiedAndCopiesKeepTheRest() {
    List<Checker> mutable = new ArrayList<>(List.of(Checker.ping()));
    ServerChecks checks = ServerChecks.NONE.checkers(mutable).inhibitOnFailure(false);
    mutable.clear();
    assertThat(checks.checkers()).containsExactly(Checker.ping());
    assertThat(checks.timers(CheckTimers.INHERITED.retry(2)))
        .isEqualTo(
            new ServerChecks(
                CheckTimers.INHERITED.retry(2), Optional.of(false), List.of(Checker.ping())));
    assertThat(ServerChecks.of()).isEqualTo(ServerChecks.NONE);
  }
}
