// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.section.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FramesTest {

  private static final String M = "MARK";

  private static String section(String name, String body, String result) {
    return "\n" + M + " B " + name + " cat " + name + "\n" + body + "\n" + M + " R " + result
        + "\n";
  }

  private static Map<String, Section> byName(Frames frames) {
    Map<String, Section> sections = new LinkedHashMap<>();
    frames.sections().forEach(section -> sections.put(section.name(), section));
    return sections;
  }

  @Test
  void sectionsAreReadInTheirOrder() {
    Frames frames =
        Frames.parse(
            "banner\n" + section("a", "1\n2\n", "0") + section("b", "", "0") + "\nMARK END\n",
            "",
            M);
    assertThat(frames.complete()).isTrue();
    assertThat(byName(frames).keySet()).containsExactly("a", "b");
    assertThat(byName(frames).get("a").text()).isEqualTo("1\n2\n");
    assertThat(byName(frames).get("a").state()).isEqualTo(Section.State.READ);
  }

  @Test
  void outputCutAnywhereIsIncompleteAndThrowsNothing() {
    String whole = section("a", "1\n", "0") + section("b", "2\n", "1") + "\nMARK END\n";
    for (int length = 0; length < whole.length() - 1; length++) {
      Frames frames = Frames.parse(whole.substring(0, length), "", M);
      assertThat(frames.complete()).as("after %d characters", length).isFalse();
    }
    assertThat(Frames.parse(whole, "", M).complete()).isTrue();
  }

  @Test
  void garbageHasNoSections() {
    for (String text : List.of("", "\n\n", "MARK", "\nMARK R 0\n", "\nMARK\n", "\nMARK B\n")) {
      Frames frames = Frames.parse(text, text, M);
      assertThat(frames.complete()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'',0,READ",
    "'',1,READ",
    "'',2,UNREADABLE",
    "text,2,READ",
    "'',absent,ABSENT",
    "text,unreadable,UNREADABLE",
    "text,127,UNREADABLE",
    "'',126,UNREADABLE",
    "text,1,READ"
  })
  void statusTellsWhetherItWasRead(String body, String status, Section.State state) {
    Section section = Frames.parse(section("a", body, status), "", M).sections().get(0);
    assertThat(section.state()).isEqualTo(state);
    assertThat(section.problem())
        .isEqualTo(state == Section.State.UNREADABLE ? "ended with status " + status : "");
  }

  @Test
  void complaintsBelongToTheirSectionAndSecretsToNobody() {
    Section section =
        Frames.parse(
                section("configuration", "/etc/x:auth_pass 1111\n", "1"),
                "\nMARK B other\nno\n\nMARK B configuration\ncat: denied\u001b[31m\n",
                M)
            .sections()
            .get(0);
    assertThat(section.problem()).startsWith("cat: denied").doesNotContain("\u001b");
    assertThat(section.text()).doesNotContain("1111");
  }
}
