// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With stand-ins for Debian's tools. */
class InstallPackageTest {

  private static final InstallPackage KEEPALIVED = new InstallPackage("keepalived");

  @TempDir Path folder;

  private FolderHost debian() {
    return new FolderHost(folder)
        .program("dpkg-query", "cat \"$ROOT/installed\" 2>/dev/null")
        .program(
            "apt-get",
            "echo \"$DEBIAN_FRONTEND $*\" >>\"$ROOT/calls\"; [ ! -e \"$ROOT/broken\" ] ||"
                + " { echo 'E: Unable to locate package' >&2; exit 100; };"
                + " printf installed >\"$ROOT/installed\"")
        .program(
            "dpkg",
            "[ ! -e \"$ROOT/needed\" ] || { echo 'dependency problems' >&2; exit 1; };"
                + " printf config-files >\"$ROOT/installed\"");
  }

  @Test
  void isInstalledWithoutQuestionsAndRemovedAgain() {
    FolderHost host = debian();
    AppliedChange applied = KEEPALIVED.apply(host);
    assertThat(host.read("calls"))
        .startsWith("noninteractive -q -y --no-install-recommends")
        .contains("install -- keepalived");
    assertThat(KEEPALIVED.holds(host)).isTrue();
    assertThat(KEEPALIVED.apply(host).changed()).isFalse();
    assertThat(applied.undo()).isTrue();
    assertThat(KEEPALIVED.holds(host)).isFalse();
  }

  @Test
  void packageThatCannotBeHadSaysWhy() {
    FolderHost host = debian();
    host.write("broken", "");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> KEEPALIVED.apply(host))
        .withMessageContaining("install the package keepalived")
        .withMessageContaining("Unable to locate package");
  }

  @Test
  void packageThatOthersNeedStays() {
    FolderHost host = debian();
    AppliedChange applied = KEEPALIVED.apply(host);
    host.write("needed", "");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(applied::undo)
        .withMessageContaining("dependency problems");
    assertThat(KEEPALIVED.holds(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-y", "a b", "a;b", "a/b", "a=1"})
  void nameThatIsNoneIsRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new InstallPackage(name));
  }
}
