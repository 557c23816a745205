// SPDX-License-Identifier: Apache-2.0
package io.lvstun.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.spi.KernelError;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {

  @Test
  void negativeDelayIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Fault.delay(Duration.ofMillis(-1)))
        .withMessage("delay must be 0 or more, not PT-0.001S");
  }

  @Test
  void faultsSayWhatTheyDo() {
    assertThat(
            List.of(
                Fault.NONE,
                Fault.refuse(KernelError.EBUSY),
                Fault.delay(Duration.ofSeconds(1)),
                Fault.loseReply()))
        .extracting(Fault::toString)
        .containsExactly("none", "refuse with EBUSY", "delay by PT1S", "lose the reply");
  }

  @Test
  void delayOfNothingIsNone() {
    assertThat(Fault.delay(Duration.ZERO)).hasToString("none");
    assertThat(Fault.delay(Duration.ZERO).error()).isEmpty();
    assertThat(Fault.delay(Duration.ZERO).lost()).isFalse();
  }

  @Test
  void eachFaultDoesOneThing() {
    assertThat(Fault.refuse(KernelError.ENOMEM).error()).contains(KernelError.ENOMEM);
    assertThat(Fault.refuse(KernelError.ENOMEM).lost()).isFalse();
    assertThat(Fault.loseReply().error()).isEmpty();
    assertThat(Fault.loseReply().delay()).isZero();
  }
}
