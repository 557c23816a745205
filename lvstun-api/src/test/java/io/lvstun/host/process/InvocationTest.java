// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InvocationTest {

  @Test
  void isolatedProgramsGetNothingOfTheCallers() {
    Invocation invocation = Invocation.isolated(List.of("/bin/true"));
    assertThat(invocation.environment())
        .isEqualTo(Map.of("LC_ALL", "C", "PATH", "/usr/sbin:/usr/bin:/sbin:/bin"));
    assertThat(invocation.directory()).isEqualTo(Path.of("/"));
    assertThat(invocation.input()).isEmpty();
  }

  @Test
  void inheritedEnvironmentDiffersInTheLocaleAlone() {
    Invocation invocation = Invocation.inherited(List.of("/bin/true"));
    assertThat(invocation.environment())
        .containsEntry("LC_ALL", "C")
        .doesNotContainKey("LANGUAGE")
        .containsEntry("PATH", System.getenv("PATH"));
    assertThat(invocation.directory()).isEqualTo(Path.of("").toAbsolutePath());
  }

  @Test
  void inputReplacesNothingElse() {
    Invocation invocation = Invocation.isolated(List.of("/bin/cat", " a "));
    Invocation reading = invocation.withInput(new byte[] {1, 2});
    assertThat(reading.input()).containsExactly(1, 2);
    assertThat(reading.command()).containsExactly("/bin/cat", " a ");
    assertThat(reading.environment()).isEqualTo(invocation.environment());
  }

  @Test
  void commandNamesAProgram() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Invocation.isolated(List.of()))
        .withMessage("command must name a program");
  }
}
