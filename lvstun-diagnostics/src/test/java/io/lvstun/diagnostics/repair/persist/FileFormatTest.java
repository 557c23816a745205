// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileFormatTest {

  private static final List<String> STATEMENTS =
      List.of("own", "module ipip", "up", "address 192.0.2.1/32");

  @ParameterizedTest
  @EnumSource
  void whatWasRenderedIsReadBackAndWhatWasEditedIsNot(FileFormat format) {
    String text = format.render("tunl0", STATEMENTS);
    assertThat(text).contains(FileFormat.HEADER).endsWith("\n");
    assertThat(format.parse("tunl0", text)).contains(STATEMENTS);
    assertThat(format.parse("tunl0", text + "# edited\n")).isEmpty();
    assertThat(format.parse("tunl0", text.replace(FileFormat.HEADER, "# mine"))).isEmpty();
    assertThat(format.parse("tunl0", text.substring(0, text.length() - 1))).isEmpty();
    assertThat(format.parse("tunl0", "")).isEmpty();
  }

  @Test
  void fileOfAnotherDeviceIsNotOurs() {
    String text = FileFormat.IFUPDOWN.render("tunl0", STATEMENTS);
    assertThat(FileFormat.IFUPDOWN.parse("eth0", text)).isEmpty();
  }

  @Test
  void laterSettingReplacesTheEarlierOfItsName() {
    assertThat(FileFormat.LINES.with(List.of("a = 1", "b = 1"), List.of("a=2", "c")))
        .containsExactly("a=2", "b = 1", "c");
  }

  @Test
  void takingBackLeavesWhatOthersAddedSince() {
    List<String> before = List.of("a = 1");
    List<String> after = List.of("a = 2", "b = 1");
    assertThat(FileFormat.LINES.without(List.of("a = 2", "b = 1", "c = 1"), before, after))
        .contains(List.of("a = 1", "c = 1"));
    assertThat(FileFormat.LINES.without(List.of("a = 3", "b = 1"), before, after)).isEmpty();
    assertThat(FileFormat.LINES.without(List.of("a = 2"), before, after)).isEmpty();
    assertThat(FileFormat.LINES.without(after, after, after)).contains(after);
  }

  /** Adding and taking back, in any order of two, ends where it began. */
  @Test
  void takingBackUndoesAddingWhateverCameBetween() {
    Random random = new Random(11);
    for (int round = 0; round < 500; round++) {
      List<String> start = statements(random, "x");
      List<String> ours = statements(random, "y");
      List<String> theirs = statements(random, "z");
      List<String> after = FileFormat.LINES.with(start, ours);
      List<String> later = FileFormat.LINES.with(after, theirs);
      assertThat(FileFormat.LINES.without(later, start, after))
          .as("%s %s %s", start, ours, theirs)
          .hasValueSatisfying(
              left ->
                  assertThat(left)
                      .containsExactlyInAnyOrderElementsOf(FileFormat.LINES.with(start, theirs)));
    }
  }

  private static List<String> statements(Random random, String prefix) {
    List<String> statements = new ArrayList<>();
    for (int count = random.nextInt(4); count > 0; count--) {
      statements.add(prefix + count + " = " + random.nextInt(3));
    }
    return statements;
  }
}
