// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FileCheckTest {

  @Test
  void multiplierCanBeNegatedWithoutOverflow() {
    Path file = Path.of("/f");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FileCheck(file, true, Integer.MIN_VALUE, false));
    assertThat(new FileCheck(file, true, -Integer.MAX_VALUE, true).multiplier())
        .isEqualTo(-Integer.MAX_VALUE);
  }

  @Test
  void fileIsNamedInReports() {
    assertThat(new FileCheck(Path.of("/run/x y"), false, 1, false).describe())
        .isEqualTo("file /run/x y");
  }
}
