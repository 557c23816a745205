// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a stand-in for ip that keeps a file for each device. */
class AddTunnelDeviceTest {

  static final String IP =
      """
      cd "$ROOT"
      case "$*" in
      "link show dev "*) [ -e "device-$4" ] ;;
      "link add "*" type ipip external") echo >"device-$3" ;;
      "link delete "*) rm "device-$3" ;;
      *) exit 2 ;;
      esac
      """;

  @TempDir Path folder;

  @Test
  void deviceIsAddedAndDeletedAgain() {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    AddTunnelDevice change = new AddTunnelDevice("lvstun0");
    AppliedChange applied = change.apply(host);
    assertThat(folder.resolve("device-lvstun0")).exists();
    assertThat(change.holds(host)).isTrue();
    assertThat(applied.undo()).isTrue();
    assertThat(folder.resolve("device-lvstun0")).doesNotExist();
    assertThat(change.holds(host)).isFalse();
  }

  @Test
  void deviceThatWasThereBeforeSurvivesTheUndo() {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("device-lvstun0", "");
    AppliedChange applied = new AddTunnelDevice("lvstun0").apply(host);
    assertThat(applied.changed()).isFalse();
    assertThat(applied.undo()).isFalse();
    assertThat(folder.resolve("device-lvstun0")).exists();
  }

  @Test
  void commandAndItsOpposite() {
    HostChangeTest.check(
        new AddTunnelDevice("lvstun0"),
        "ip link add lvstun0 type ipip external",
        "ip link delete lvstun0",
        HostChange.ABSENT,
        "run ip link add lvstun0 type ipip external",
        "run ip link delete lvstun0");
  }
}
