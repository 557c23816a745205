// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.lvstun.LvsException;
import io.lvstun.UnsupportedException;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteeringTableTest {

  private final Map<String, CommandResult> answers = new HashMap<>();
  private final List<String> ran = new ArrayList<>();
  private final Host host = mock(Host.class);

  private static CommandResult result(int code, String output, String errors) {
    return new CommandResult(code, output, errors, false, false, Duration.ZERO);
  }

  private SteeringTable table() {
    when(host.specification()).thenReturn("local");
    when(host.run(org.mockito.ArgumentMatchers.any()))
        .thenAnswer(
            call -> {
              String words = String.join(" ", call.<HostCommand>getArgument(0).arguments());
              ran.add(words);
              return answers.getOrDefault(words, result(1, "", "Error: No such file or directory"));
            });
    return SteeringTable.on(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a b", "a;flush ruleset", "a\n", "ä"})
  void namesThatNftWouldReadAsMoreAreRefused(String name) {
    SteeringTable table = SteeringTable.on(host);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.name(name))
        .withMessageNotContaining("\n");
    assertThatIllegalArgumentException().isThrownBy(() -> table.name("a".repeat(32)));
  }

  @Test
  void tableThatIsNotThereIsAbsentAndRemovingItRunsNothing() {
    SteeringTable table = table();
    assertThat(table.state().present()).isFalse();
    table.remove();
    assertThat(ran).containsOnly("nft -t list table inet lvstun_steering");
  }

  @Test
  void missingProgramIsUnsupportedAndOtherFailuresAreTold() {
    SteeringTable table = table();
    answers.put(
        "nft -t list table inet lvstun_steering", result(127, "", "nft: command not found"));
    assertThatExceptionOfType(UnsupportedException.class)
        .isThrownBy(table::state)
        .withMessageContaining("Install nftables");
    answers.put("nft -t list table inet lvstun_steering", result(1, "", "Operation not permitted"));
    assertThatExceptionOfType(LvsException.class)
        .isThrownBy(table::state)
        .withMessageContaining("Operation not permitted");
  }

  @Test
  void rulesOfOthersThatSetMarksAreFoundAndOursAreNot() {
    String ruleset =
        """
        table ip mangle {
        	chain PREROUTING {
        		meta mark set 0x1
        		meta mark 0x1 accept
        		xt target "CONNMARK"
        	}
        }
        table inet lvstun_steering {
        	chain steer {
        		meta mark set ip saddr map @m
        	}
        }
        """;
    assertThat(SteeringTable.foreignMarks(ruleset, "inet lvstun_steering"))
        .containsExactly(
            "ip mangle PREROUTING: meta mark set 0x1",
            "ip mangle PREROUTING: xt target \"CONNMARK\"");
    assertThat(SteeringTable.foreignMarks("", "inet x")).isEmpty();
  }
}
