// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetLinkUpTest {

  private static final String IP =
      """
      cd "$ROOT"
      case "$*" in
      "link show dev tunl0") cat shown ;;
      "link set dev tunl0 up") echo '4: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480' >shown ;;
      "link set dev tunl0 down") echo '4: tunl0@NONE: <NOARP> mtu 1480' >shown ;;
      *) exit 1 ;;
      esac
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "'4: tunl0@NONE: <NOARP> mtu 1480', false",
    "'4: tunl0@NONE: <NOARP,UP,LOWER_UP> mtu 1480', true",
    "'2: tunl0: <UP> mtu 1480', true",
    "'2: tunl0: <BROADCAST,MULTICAST,LOWER_UP> mtu 1480 state UP', false"
  })
  void flagUpDecidesAndNoOther(String shown, boolean up) {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("shown", shown + "\n");
    assertThat(new SetLinkUp("tunl0").holds(host)).isEqualTo(up);
  }

  @Test
  void deviceIsSwitchedOnAndOff() {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("shown", "4: tunl0@NONE: <NOARP> mtu 1480\n");
    AppliedChange applied = new SetLinkUp("tunl0").apply(host);
    assertThat(host.read("shown")).contains(",UP,");
    assertThat(applied.undo()).isTrue();
    assertThat(host.read("shown")).contains("<NOARP>");
    HostChangeTest.check(
        new SetLinkUp("tunl0"),
        "ip link set dev tunl0 up",
        "",
        "down",
        "run ip link set dev tunl0 up",
        "run ip link set dev tunl0 down");
  }

  @Test
  void deviceThatIsNotThereIsSaid() {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    assertThat(new SetLinkUp("tunl1").holds(host)).isFalse();
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new SetLinkUp("tunl1").apply(host))
        .withMessageContaining("not present on this host");
  }
}
