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

class SetSysctlTest {

  @TempDir Path folder;

  @Test
  void parameterIsSetAndSetBack() {
    HostChangeTest.check(
        new SetSysctl("net/ipv4/conf/eth0.7/rp_filter", "0"),
        "sysctl -w net/ipv4/conf/eth0.7/rp_filter=0",
        "",
        "1",
        "sysctl net/ipv4/conf/eth0.7/rp_filter 0",
        "sysctl net/ipv4/conf/eth0.7/rp_filter 1");
    assertThat(new SetSysctl("net/ipv4/ip_forward", "1").name()).isEqualTo("net.ipv4.ip_forward");
  }

  @Test
  void valueIsWrittenAndTheFormerOneComesBack() {
    FolderHost host = new FolderHost(folder);
    host.write("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
    SetSysctl change = new SetSysctl("net/ipv4/ip_local_port_range", "1024 65000");
    AppliedChange applied = change.apply(host);
    assertThat(host.read("proc/sys/net/ipv4/ip_local_port_range")).isEqualTo("1024 65000\n");
    assertThat(change.holds(host)).isTrue();
    assertThat(applied.undo()).isTrue();
    assertThat(host.read("proc/sys/net/ipv4/ip_local_port_range")).isEqualTo("32768 60999\n");
  }

  @Test
  void numbersThatTabsSeparateAreTheSameValue() {
    FolderHost host = new FolderHost(folder);
    host.write("proc/sys/net/ipv4/ip_local_port_range", "1024\t65000\n");
    SetSysctl change = new SetSysctl("net/ipv4/ip_local_port_range", "1024 65000");
    assertThat(change.holds(host)).isTrue();
    assertThat(change.apply(host).changed()).isFalse();
  }

  @Test
  void valueThatSomebodyElseHasSetSinceIsLeft() {
    FolderHost host = new FolderHost(folder);
    host.write("proc/sys/net/ipv4/ip_forward", "0\n");
    AppliedChange applied = new SetSysctl("net/ipv4/ip_forward", "1").apply(host);
    host.write("proc/sys/net/ipv4/ip_forward", "2\n");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(applied::undo)
        .withMessageContaining("somebody else has changed it since");
    assertThat(host.read("proc/sys/net/ipv4/ip_forward")).isEqualTo("2\n");
  }

  @Test
  void parameterThatIsNotThereIsNotMade() {
    FolderHost host = new FolderHost(folder);
    host.write("proc/sys/net/x", "");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new SetSysctl("net/ipv4/none", "1").apply(host))
        .withMessageContaining("not present on this host");
    assertThat(folder.resolve("proc/sys/net/ipv4")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ip_forward",
        "/net/ipv4/ip_forward",
        "net/../etc/passwd",
        "net/..",
        "net/ipv4/.",
        "net/./ipv4/ip_forward",
        "net//ipv4",
        "net/ipv4/",
        "net/a b",
        "net/$(id)",
        "net/ipv4\n"
      })
  void pathsThatLeaveTheTreeAreRefused(String path) {
    assertThatIllegalArgumentException().isThrownBy(() -> new SetSysctl(path, "1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1\n2", "1;id", "$(id)", "é"})
  void valuesThatAreNoneAreRefused(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new SetSysctl("net/ipv4/x", value));
  }
}
