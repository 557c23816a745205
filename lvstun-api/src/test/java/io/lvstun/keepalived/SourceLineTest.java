// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceLineTest {

  @Test
  void columnsFollowWhatIsCutOff() {
    SourceLine line = SourceLine.of(" \t ab cd", "/k", 4, 1).stripped();
    assertThat(line.text()).isEqualTo("ab cd");
    assertThat(line.place()).isEqualTo(new SourcePosition("/k", 4, 4));
    assertThat(line.from(3).text()).isEqualTo("cd");
    assertThat(line.from(3).place(1)).isEqualTo(new SourcePosition("/k", 4, 8));
    assertThat(line.stripped()).isSameAs(line);
  }

  @Test
  void expandedLinesStayWhereTheyBegan() {
    SourceLine line = SourceLine.of("a ${B}", "/k", 4, 5);
    SourceLine expanded = line.expandedTo("  a long text", Map.of("I", "1"));
    assertThat(expanded.depth()).isEqualTo(1);
    assertThat(expanded.defines()).containsEntry("I", "1");
    assertThat(expanded.place(7)).isEqualTo(new SourcePosition("/k", 4, 5));
    assertThat(expanded.stripped().from(2).place()).isEqualTo(new SourcePosition("/k", 4, 5));
    assertThat(expanded.expandedTo("x", Map.of()).depth()).isEqualTo(2);
  }
}
