// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prepare, as far as it goes without changing this machine. */
class PrepareCommandTest {

  @Test
  void dryRunShowsTheStepsInTheirOrder() {
    Runner runner =
        Runner.run(
            "prepare",
            "real-server",
            "--vip",
            "192.0.2.1:80",
            "--dry-run",
            "--runtime-only",
            "--tunnel",
            "gue");
    assertThat(runner.status()).as(runner.err()).isEqualTo(ExitStatus.OK);
    assertThat(runner.out())
        .containsSubsequence(
            "nothing has been changed",
            "modprobe ipip",
            "modprobe fou",
            "arp_ignore=1",
            "tunl0.rp_filter=2",
            "ip link set dev tunl0 up",
            "fou add port 6080 gue",
            "ip address add 192.0.2.1/32 dev tunl0")
        .doesNotContain("/etc/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          prepare nothing -d local --vip 192.0.2.1                    | director or real-server
          prepare real-server                                         | virtual address is missing
          prepare real-server --vip 127.0.0.1                         | clients can reach
          prepare real-server --tunnel vxlan --vip 192.0.2.1          | ipip, gue, gue:PORT or gre
          prepare real-server --mss 1 --vip 192.0.2.1                 | 88 to 65495
          prepare director --device -x --vip 192.0.2.1                | name of a network device
          prepare director -r local --vip 192.0.2.1                   | no host of this role
          prepare --vip 192.0.2.1                                     | a host is missing
          prepare real-server -r rs1;reboot --vip 192.0.2.1           | host
          """)
  void whatMakesNoSenseIsRefused(String command, String message) {
    Runner runner = Runner.run(command.split(" "));
    assertThat(runner.status()).as(runner.err()).isEqualTo(ExitStatus.USAGE);
    assertThat(runner.err()).contains(message);
    assertThat(runner.out()).isEmpty();
  }

  @Test
  void hostThatIsNotThereIsAnErrorAndNoSuccess() {
    for (String[] command :
        new String[][] {{"prepare", "real-server", "-r", "netns:no-such", "--vip", "192.0.2.1"}}) {
      Runner runner = Runner.run(command);
      assertThat(runner.status()).as(String.join(" ", command)).isEqualTo(ExitStatus.INTERNAL);
      assertThat(runner.err()).contains("no-such");
    }
  }
}
