// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetworkStatementTest {

  @Test
  void statementsOfOthersNeverBecomeCommands() {
    for (String hostile :
        List.of("address 192.0.2.1/32; reboot", "module $(id)", "gue 6080\nreboot", "run x")) {
      assertThat(NetworkStatement.commands("tunl0", List.of(hostile))).isEmpty();
      String text = FileFormat.IFUPDOWN.render("tunl0", List.of("own", "up"));
      String edited = text.replace("#: up", "#: up\n#: " + hostile);
      assertThat(FileFormat.IFUPDOWN.parse("tunl0", text)).contains(List.of("own", "up"));
      assertThat(
              FileFormat.IFUPDOWN
                  .parse("tunl0", edited)
                  .map(statements -> NetworkStatement.commands("tunl0", statements).size())
                  .orElse(1))
          .isEqualTo(1);
    }
    assertThat(FileFormat.IFUPDOWN.parse("tunl0", "\u0000\u001b[2J")).isEmpty();
    assertThat(FileFormat.LINES.parse("", FileFormat.HEADER + "\n")).isEmpty();
  }

  @Test
  void commandsHaveTheirOrderWhateverThatOfTheStatements() {
    List<String> shuffled =
        new ArrayList<>(
            List.of(
                "address 2001:db8::1/128",
                "gue6 6081",
                "gue 6080",
                "up",
                "mode any",
                "create external",
                "module ipip",
                "own"));
    List<String> commands = NetworkStatement.commands("lvstun0", shuffled);
    assertThat(commands)
        .containsExactly(
            "modprobe ipip",
            "ip link add lvstun0 type ipip external",
            "ip -6 tunnel change lvstun0 mode any",
            "ip link set dev lvstun0 up",
            "ip -6 fou add port 6081 gue",
            "ip fou add port 6080 gue",
            "ip address add 2001:db8::1/128 dev lvstun0 nodad preferred_lft 0");
    Collections.shuffle(shuffled, new Random(5));
    assertThat(NetworkStatement.commands("lvstun0", shuffled))
        .containsExactlyInAnyOrderElementsOf(commands);
  }

  @Test
  void deviceOfOthersIsNotSwitchedOff() {
    assertThat(NetworkStatement.reverse("eth0", List.of("up", "address 192.0.2.1/32")))
        .containsExactly("ip address delete 192.0.2.1/32 dev eth0");
    assertThat(NetworkStatement.reverse("tunl0", List.of("own", "up", "gue 6080")))
        .containsExactly("ip link set dev tunl0 down", "ip fou del port 6080");
  }
}
