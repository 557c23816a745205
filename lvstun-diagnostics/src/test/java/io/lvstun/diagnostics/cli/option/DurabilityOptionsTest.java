// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.diagnostics.cli.Runner;
import io.lvstun.diagnostics.cli.terminal.ExitStatus;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.diagnostics.repair.persist.NetworkConfiguration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DurabilityOptionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          check --fix --root a/b -d local                             | root must be an absolute
          check --fix --runtime-only --root /a -d local               | neither --root nor
          check --fix --network dhcp -d local                         | systemd-networkd
          """)
  void whatMakesNoSenseIsRefused(String command, String message) {
    Runner runner = Runner.run(command.split(" "));
    assertThat(runner.status()).as(runner.err()).isEqualTo(ExitStatus.USAGE);
    assertThat(runner.err()).contains(message);
    assertThat(runner.out()).isEmpty();
  }

  private static Durability durability(String... arguments) {
    return Mixee.parse(new DurabilityOptions(), arguments).durability();
  }

  @Test
  void optionsComeToADurability() {
    assertThat(durability().wanted()).isTrue();
    assertThat(durability("--runtime-only").wanted()).isFalse();
    assertThat(durability("--root", "/mnt/{host}").rootFor("rs1")).contains("/mnt/rs1");
    for (NetworkConfiguration one : NetworkConfiguration.values()) {
      assertThat(durability("--network", one.toString().toUpperCase(Locale.ROOT)).network())
          .contains(one);
    }
  }

  @Test
  void refusalNamesEveryChoice() {
    assertThatThrownBy(() -> durability("--network", "netplan"))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessageContaining("systemd-networkd")
        .hasMessageContaining("NetworkManager")
        .hasMessageContaining("ifupdown")
        .hasMessageContaining("network-scripts");
  }
}
