// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppliedChangeTest {

  private static final String FORWARD = "proc/sys/net/ipv4/ip_forward";

  @TempDir Path folder;

  @Test
  void parameterIsSetOnceAndSetBack() {
    FolderHost host = new FolderHost(folder);
    host.write(FORWARD, "0\n");
    SetSysctl change = new SetSysctl("net/ipv4/ip_forward", "1");
    assertThat(change.holds(host)).isFalse();
    AppliedChange applied = change.apply(host);
    assertThat(host.read(FORWARD)).isEqualTo("1\n");
    assertThat(change.apply(host).changed()).isFalse();
    assertThat(change.apply(host).undo()).isFalse();
    assertThat(applied.undo()).isTrue();
    assertThat(host.read(FORWARD)).isEqualTo("0\n");
  }

  @Test
  void whatSomebodyElseChangedStays() {
    FolderHost host = new FolderHost(folder);
    host.write(FORWARD, "0\n");
    AppliedChange applied = new SetSysctl("net/ipv4/ip_forward", "1").apply(host);
    host.write(FORWARD, "2\n");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(applied::undo)
        .withMessageContaining("somebody else has changed it since");
    assertThat(host.read(FORWARD)).isEqualTo("2\n");
  }

  @Test
  void whatIsMissingIsSaid() {
    FolderHost host = new FolderHost(folder);
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new SetSysctl("net/ipv4/ip_forward", "1").apply(host))
        .withMessageContaining("sysctl -w net.ipv4.ip_forward=1")
        .withMessageContaining("not present on this host");
  }

  @Test
  void commandIsRunAndUndoneByItsOpposite() {
    FolderHost host = new FolderHost(folder);
    host.program("tool", "echo $1 >>\"$ROOT/calls\"");
    RunCommand change =
        RunCommand.once(List.of("tool", "on"), List.of("tool", "off"), Risk.DISRUPTIVE);
    assertThat(change.holds(host)).isFalse();
    assertThat(change.apply(host).undo()).isTrue();
    assertThat(host.read("calls")).isEqualTo("on\noff\n");
    AppliedChange lasting =
        RunCommand.once(List.of("tool", "on"), List.of(), Risk.DISRUPTIVE).apply(host);
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(lasting::undo)
        .withMessageContaining("no command undoes it");
  }

  @Test
  void failingCommandSaysWhy() {
    FolderHost host = new FolderHost(folder);
    host.program("tool", "echo it broke >&2; exit 4");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> RunCommand.once(List.of("tool"), List.of(), Risk.SAFE).apply(host))
        .withMessageContaining("it broke (it ended with status 4)");
  }

  @Test
  void changeForAPersonIsNotApplied() {
    FolderHost host = new FolderHost(folder);
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new ManualChange("Call the provider.").apply(host))
        .withMessageContaining("a person has to do it");
  }
}
