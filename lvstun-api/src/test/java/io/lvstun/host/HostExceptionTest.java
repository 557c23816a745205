// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.LvsException;
import java.io.IOException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class HostExceptionTest {

  @Test
  void messageNamesHostOperationReasonAndHint() {
    HostException e =
        HostException.of(Host.netns("rs1"), "load ipip", "no such module", "Install it.");
    assertThat(e)
        .hasMessageContaining("load ipip")
        .hasMessageContaining("netns:rs1")
        .hasMessageContaining("no such module")
        .hasMessageContaining("Install it.");
    assertThat(e.driver()).isEqualTo("host");
    assertThat(e.code()).isEmpty();
  }

  @Test
  void passwordsAreNotInHostsAndSoNotInMessages() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Host.ssh("ssh://root:secret@rs1", SshOptions.DEFAULTS));
  }

  @Test
  void causeIsRequiredWhereItIsPromised() {
    LvsException.Failure failure =
        new LvsException.Failure("connect", "rs1", "host", "refused", OptionalInt.empty(), "");
    IOException cause = new IOException("x");
    assertThat(new HostException(failure, cause)).hasCause(cause);
    assertThat(new HostException(failure)).hasNoCause();
  }
}
