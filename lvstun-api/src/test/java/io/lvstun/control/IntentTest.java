// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ServerKey;
import org.junit.jupiter.api.Test;

class IntentTest {

  private static final ServerKey OLD = ServerKey.of("198.51.100.1", 80);

  @Test
  void drainedServerIsOutAndKeepsWhoAskedForIt() {
    Intent out = new Intent(Intent.Kind.DRAINING, "drain 3", 5, 9, true).out(7);
    assertThat(out).isEqualTo(new Intent(Intent.Kind.OUT, "drain 3", 7, 9, true));
  }

  @Test
  void replacedServerLeavesTheServiceWhenItIsOut() {
    assertThat(Intent.replaced("replace 1", 5, 9, false).leaves()).isTrue();
    assertThat(Intent.replaced("replace 1", 5, 9, false).out(7).leaves()).isTrue();
    assertThat(new Intent(Intent.Kind.DRAINING, "drain 1", 5, 9, false).out(7).leaves()).isFalse();
  }

  @Test
  void replacementThatIsTakenOutReplacesNobody() {
    Intent joining = Intent.replacing("replace 1", 5, 9, OLD, 60, true);
    assertThat(joining.kind()).isEqualTo(Intent.Kind.JOINING);
    assertThat(joining.replaces()).isEqualTo(OLD);
    assertThat(joining.out(7).replaces()).isNull();
    assertThat(joining.out(7).patience()).isZero();
  }
}
