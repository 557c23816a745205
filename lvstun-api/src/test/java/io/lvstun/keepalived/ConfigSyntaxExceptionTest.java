// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfigSyntaxExceptionTest {

  @Test
  void saysWhereAndWhy() {
    ConfigSyntaxException refused =
        new ConfigSyntaxException(new SourcePosition("/k", 3, 9), "it ends");
    assertThat(refused).hasMessage("/k:3:9: it ends");
    assertThat(refused.place()).isEqualTo(new SourcePosition("/k", 3, 9));
    assertThat(refused.reason()).isEqualTo("it ends");
  }

  @Test
  void foreignTextIsCutAndCleaned() {
    assertThat(ConfigSyntaxException.excerpt("x".repeat(48))).isEqualTo("x".repeat(48));
    assertThat(ConfigSyntaxException.excerpt("x".repeat(49))).isEqualTo("x".repeat(48) + "…");
    assertThat(ConfigSyntaxException.excerpt("a\u001b[2Jb\u0000\n\u202e\u2028\u2029\ud83d\u0085é"))
        .isEqualTo("ab  \ufffd\ufffd\ufffd\ufffd\ufffdé");
  }
}
