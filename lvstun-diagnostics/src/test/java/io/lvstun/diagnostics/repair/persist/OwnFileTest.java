// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.host.HostChange;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnFileTest {

  private static final String PATH = "/etc/sysctl.d/90-lvstun.conf";

  private static OwnFile file(String... lines) {
    return new OwnFile(PATH, FileFormat.LINES, "", List.of(lines));
  }

  private static String text(String... lines) {
    return FileFormat.HEADER + "\n" + String.join("\n", lines) + "\n";
  }

  @Test
  void statementsAreAddedToWhatIsThere() {
    assertThat(file("a = 1").wanted(HostChange.NONE)).isEqualTo(text("a = 1"));
    assertThat(file("b = 1").wanted(text("a = 1"))).isEqualTo(text("a = 1", "b = 1"));
    assertThat(file("a = 2").wanted(text("a = 1"))).isEqualTo(text("a = 2"));
    assertThat(file("a = 1").wanted(text("a = 1"))).isEqualTo(text("a = 1"));
  }

  @Test
  void fileOfSomebodyElseIsLeft() {
    for (String foreign : List.of("", "a = 1\n", text("a = 1") + "# edited\n")) {
      assertThatThrownBy(() -> file("b = 1").wanted(foreign))
          .isInstanceOfSatisfying(
              ForeignFileException.class,
              e -> assertThat(e.reason()).startsWith(PATH + " is somebody else's"));
    }
  }

  @Test
  void operationNamesTheContentThatItExpects() {
    assertThat(file("a = 1").operation(HostChange.NONE, "x"))
        .containsExactly("write", PATH, "none", "644", "x");
    assertThat(file("a = 1").operation("\u00e9\n", "x"))
        .containsExactly("write", PATH, "c3a90a", "644", "x");
    assertThat(file("a = 1").operation("x", HostChange.NONE)).containsExactly("remove", PATH, "78");
  }

  @Test
  void takingBackAfterOthersChangedItLeavesTheirs() {
    OwnFile file = file("a = 1");
    String after = text("a = 1");
    assertThat(file.merged(HostChange.NONE, after, text("a = 1", "b = 1")))
        .isEqualTo(text("b = 1"));
    assertThat(file.merged(HostChange.NONE, after, after)).isEqualTo(HostChange.NONE);
    assertThat(file.merged(HostChange.NONE, after, text("a = 2"))).isNull();
    assertThat(file.merged(HostChange.NONE, after, "# theirs\n")).isNull();
    assertThat(file.merged(HostChange.NONE, after, HostChange.NONE)).isNull();
    assertThat(file.merged("# damaged\n", after, text("a = 1", "b = 1"))).isNull();
  }

  @Test
  void elsewhereIsTheSameFileAtAnotherPath() {
    OwnFile moved = file("a = 1").at("/srv" + PATH);
    assertThat(moved.path()).isEqualTo("/srv" + PATH);
    assertThat(moved.statements()).containsExactly("a = 1");
    assertThat(moved.text()).isEqualTo("/srv" + PATH + ": a = 1");
    assertThat(moved.command()).isEmpty();
  }
}
