// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class CapturedOutputTest {

  private static final byte[] TEXT = "one\ntwo\n".getBytes(StandardCharsets.US_ASCII);

  private static String text(CapturedOutput output) {
    return output.text(StandardCharsets.US_ASCII);
  }

  @Test
  void piecesAreJoined() throws Exception {
    CapturedOutput output = CapturedOutput.of(100);
    assertThat(output.accept(TEXT, 0, 3)).isTrue();
    assertThat(output.accept(TEXT, 3, 5)).isTrue();
    assertThat(text(output)).isEqualTo("one\ntwo\n");
    assertThat(output.stream().readAllBytes()).isEqualTo(TEXT);
    assertThat(output.overflowed()).isFalse();
  }

  @Test
  void bufferMayBeUsedAgain() {
    CapturedOutput output = CapturedOutput.of(100);
    byte[] buffer = TEXT.clone();
    assertThat(output.accept(buffer, 0, 8)).isTrue();
    buffer[0] = '!';
    assertThat(text(output)).startsWith("one");
  }

  @Test
  void asMuchAsTheLimitIsNoOverflow() {
    CapturedOutput output = CapturedOutput.of(8);
    assertThat(output.accept(TEXT, 0, 8)).isTrue();
    assertThat(output.overflowed()).isFalse();
    assertThat(output.accept(TEXT, 0, 1)).isFalse();
    assertThat(output.overflowed()).isTrue();
    assertThat(text(output)).isEqualTo("one\ntwo\n");
  }

  @Test
  void moreThanTheLimitIsCutOffAndEndsTheProgram() {
    CapturedOutput output = CapturedOutput.of(5);
    assertThat(output.accept(TEXT, 0, 8)).isFalse();
    assertThat(output.overflowed()).isTrue();
    assertThat(text(output)).isEqualTo("one\nt");
    assertThat(output.accept(TEXT, 0, 8)).isFalse();
    assertThat(text(output)).isEqualTo("one\nt");
  }

  @Test
  void firstLineSatisfies() {
    CapturedOutput output = CapturedOutput.firstLine(100);
    assertThat(output.accept(TEXT, 0, 3)).isTrue();
    assertThat(output.satisfied()).isFalse();
    assertThat(output.accept(TEXT, 3, 5)).isFalse();
    assertThat(output.satisfied()).isTrue();
    assertThat(output.overflowed()).isFalse();
  }
}
