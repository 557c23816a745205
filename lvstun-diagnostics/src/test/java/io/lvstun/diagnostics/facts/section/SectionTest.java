// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SectionTest {

  @Test
  void textIsCleanedAndLosesItsSecrets() {
    Section section =
        Section.read("x", "cat \u001b[31m/etc/x", "a\u001b[31mb\ncurl http://u:hush@host/\n");
    assertThat(section.state()).isEqualTo(Section.State.READ);
    assertThat(section.text()).startsWith("ab\n").doesNotContain("hush");
    assertThat(section.source()).doesNotContain("\u001b");
    assertThat(section.truncated()).isFalse();
  }

  @Test
  void reasonsAreCleanedToo() {
    Section unreadable = Section.unreadable("x", "nft", "no\u001b]0;t\u0007such");
    assertThat(unreadable.state()).isEqualTo(Section.State.UNREADABLE);
    assertThat(unreadable.text()).isEmpty();
    assertThat(unreadable.problem()).startsWith("no").doesNotContain("\u001b", "\u0007");
    Section absent = Section.absent("x", "not\u001b[1m loaded");
    assertThat(absent.state()).isEqualTo(Section.State.ABSENT);
    assertThat(absent.problem()).doesNotContain("\u001b");
  }
}
