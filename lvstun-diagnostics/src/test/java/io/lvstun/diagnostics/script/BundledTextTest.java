// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvstun.diagnostics.facts.Collector;
import org.junit.jupiter.api.Test;

class BundledTextTest {

  @Test
  void fileBesideAClassIsRead() {
    assertThat(BundledText.beside(Collector.class, "collect.sh")).contains("shellcheck shell=sh");
  }

  @Test
  void missingFileIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> BundledText.beside(Collector.class, "away.sh"))
        .withMessageContaining("away.sh");
  }
}
