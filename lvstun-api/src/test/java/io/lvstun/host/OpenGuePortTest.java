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

class OpenGuePortTest {

  private static final String IP =
      """
      cd "$ROOT"
      case "$*" in
      "-4 fou show" | "-6 fou show") cat ports ;;
      "-4 fou add port "*" gue") echo "port $5 gue" >>ports ;;
      "-6 fou add port "*" gue") echo "port $5 gue -6" >>ports ;;
      "-4 fou del port "*) sed -i "/^port $5 gue\\$/d" ports ;;
      "-6 fou del port "*) sed -i "/^port $5 gue -6\\$/d" ports ;;
      *) exit 2 ;;
      esac
      """;

  @TempDir Path folder;

  private FolderHost host(String ports) {
    FolderHost host = new FolderHost(folder).program("ip", IP);
    host.write("ports", ports);
    return host;
  }

  @Test
  void portOfOneFamilyIsNotThatOfTheOther() {
    FolderHost host = host("port 6080 gue -6\n");
    OpenGuePort change = new OpenGuePort(false, 6080);
    assertThat(new OpenGuePort(true, 6080).holds(host)).isTrue();
    assertThat(change.holds(host)).isFalse();
    AppliedChange applied = change.apply(host);
    assertThat(host.read("ports")).isEqualTo("port 6080 gue -6\nport 6080 gue\n");
    assertThat(applied.undo()).isTrue();
    assertThat(host.read("ports")).isEqualTo("port 6080 gue -6\n");
  }

  @Test
  void portThatOnlyBeginsTheSameIsAnother() {
    assertThat(new OpenGuePort(false, 608).holds(host("port 6080 gue\n"))).isFalse();
    assertThat(new OpenGuePort(false, 6080).holds(host("port 16080 gue\n"))).isFalse();
  }

  @Test
  void portOfAnotherProtocolIsLeftAlone() {
    FolderHost host = host("port 6080 ipproto 4\n");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new OpenGuePort(false, 6080).apply(host))
        .withMessageContaining("open for something else than GUE");
    assertThat(host.read("ports")).isEqualTo("port 6080 ipproto 4\n");
  }

  @Test
  void commandAndItsOpposite() {
    HostChangeTest.check(
        new OpenGuePort(false, 6080),
        "ip fou add port 6080 gue",
        "ip fou del port 6080",
        HostChange.ABSENT,
        "run ip -4 fou add port 6080 gue",
        "run ip -4 fou del port 6080");
    assertThat(new OpenGuePort(true, 6080).text()).isEqualTo("ip -6 fou add port 6080 gue");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void portIsChecked(int port) {
    assertThatIllegalArgumentException().isThrownBy(() -> new OpenGuePort(false, port));
  }
}
