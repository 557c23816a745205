// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.TimeoutException;
import io.lvstun.netlink.socket.NoAnswerException;
import io.lvstun.netlink.socket.RefusedException;
import io.lvstun.netlink.socket.SystemCallException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailuresTest {

  private static LvsException of(RuntimeException cause) {
    return Failures.of(cause, "read service", "TCP 192.0.2.1:80");
  }

  @ParameterizedTest
  @CsvSource({
    "DEADLINE, did not answer before the deadline",
    "OVERRUN, overflowed the queue",
    "CHANGED, changed during every reading",
    "BUSY, busy with another dump",
  })
  void answerThatDidNotComeInTimeIsATimeout(NoAnswerException.Cause why, String reason) {
    assertThat(of(new NoAnswerException(why)))
        .isExactlyInstanceOf(TimeoutException.class)
        .hasMessageContaining("cannot read service TCP 192.0.2.1:80 (netlink)")
        .hasMessageContaining(reason)
        .hasMessageContaining("Nothing was changed: try again");
  }

  @Test
  void interruptIsNoTimeout() {
    assertThat(of(new NoAnswerException(NoAnswerException.Cause.INTERRUPTED)))
        .isExactlyInstanceOf(LvsException.class)
        .hasMessageContaining("interrupted while waiting for the kernel");
  }

  @Test
  void missingFamilyIsNamedUnlessTheKernelNamesSomethingElse() {
    assertThat(of(new RefusedException(2, "")))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no generic netlink family IPVS");
    assertThat(of(new RefusedException(2, "so I say"))).hasMessageContaining("so I say");
  }

  @Test
  void refusalsAndSystemCallsKeepTheirNumbers() {
    assertThat(of(new RefusedException(1, "")))
        .isInstanceOf(PermissionException.class)
        .satisfies(error -> assertThat(error.code()).hasValue(1));
    assertThat(of(new SystemCallException("socket(AF_NETLINK)", 24)))
        .hasMessageContaining("socket(AF_NETLINK)")
        .satisfies(error -> assertThat(error.code()).hasValue(24));
  }

  @Test
  void whatHasBeenSaidAlreadyIsNotSaidAnew() {
    LvsException said = of(new RefusedException(1, ""));
    assertThat(of(said)).isSameAs(said);
    IllegalStateException mistake = new IllegalStateException("a mistake of this program");
    assertThatThrownBy(() -> of(mistake)).isSameAs(mistake);
  }
}
