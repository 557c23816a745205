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

class LoadModuleTest {

  @TempDir Path folder;

  @Test
  void moduleIsLoadedAndUnloaded() {
    HostChangeTest.check(
        new LoadModule("ipip"),
        "modprobe ipip",
        "",
        HostChange.ABSENT,
        "run modprobe ipip",
        "unload ipip");
  }

  private FolderHost host() {
    return new FolderHost(folder)
        .program("modprobe", "mkdir -p \"$ROOT/sys/module/$(echo \"$1\" | tr - _)\"")
        .program("rmmod", "rmdir \"$ROOT/sys/module/$1\"")
        .program("ip", "exit 0");
  }

  @Test
  void kernelAndModprobeSpellNamesDifferently() {
    FolderHost host = host();
    LoadModule change = new LoadModule("nf-tables");
    AppliedChange applied = change.apply(host);
    assertThat(folder.resolve("sys/module/nf_tables")).exists();
    assertThat(applied.changed()).isTrue();
    assertThat(change.holds(host)).isTrue();
    assertThat(new LoadModule("nf_tables").holds(host)).isTrue();
  }

  @Test
  void moduleInUseIsNotUnloaded() {
    FolderHost host = host();
    AppliedChange applied = new LoadModule("ipip").apply(host);
    host.program("ip", "[ \"$1\" = netns ] || echo '2: tunl0@NONE: <NOARP,UP,LOWER_UP>'");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(applied::undo)
        .withMessageContaining("ipip is in use");
    assertThat(folder.resolve("sys/module/ipip")).exists();
    host.program("ip", "exit 0");
    assertThat(applied.undo()).isTrue();
    assertThat(folder.resolve("sys/module/ipip")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-r", "a b", "../x", "ip;id", "a\n", ".."})
  void whatIsNoNameOfAModuleIsRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new LoadModule(name));
  }
}
