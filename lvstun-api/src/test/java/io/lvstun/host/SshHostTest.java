// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshHostTest {

  @Test
  void opensshIsToldNeverToAskAndNeverToTrust() {
    SshHost host =
        SshHost.parse(
            "ssh://admin@rs1:2222",
            SshOptions.DEFAULTS.configuration(Path.of("/c")).identity(Path.of("/i")));
    assertThat(host.clientArguments())
        .containsSubsequence("ssh", "-F", "/c", "-i", "/i")
        .contains("BatchMode=yes", "StrictHostKeyChecking=yes", "ForwardAgent=no")
        .containsSubsequence("-p", "2222", "-l", "admin", "--", "rs1");
  }

  /** What the other side of ssh runs, run here by each shell that is installed. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox"})
  void argumentsReachTheOtherSideUnharmedAndAreNeverCode(String shell) throws Exception {
    assumeThat(
            Files.isExecutable(Path.of("/bin/" + shell))
                || Files.isExecutable(Path.of("/usr/bin/" + shell)))
        .as("%s is installed", shell)
        .isTrue();
    List<String> hostile =
        List.of(
            "plain",
            "",
            "two words",
            "$(touch /nonexistent/x)",
            "`id`",
            "'; id; '",
            "\"",
            "\\",
            "\\n",
            "line\nbreak\n",
            "trailing ",
            "-n",
            "%b%s",
            "\\0101",
            "ünïcode");
    List<String> arguments = new ArrayList<>(List.of("printf", "<%s>"));
    arguments.addAll(hostile);
    HostCommand command = HostCommand.of(arguments).input("the input");
    List<String> receiver = new ArrayList<>();
    if (shell.equals("busybox")) {
      receiver.addAll(List.of("busybox", "sh", "-c"));
    } else {
      receiver.addAll(List.of(shell, "-c"));
    }
    receiver.add(
        SshHost.RECEIVER.replace(
            "exec /bin/sh", "exec " + (shell.equals("busybox") ? "busybox sh" : shell)));
    CommandResult result =
        BoundedProcess.run(Host.local(), command, receiver, SshHost.message("the-mark", command));
    assertThat(result.errors()).isEmpty();
    StringBuilder expected = new StringBuilder("the-mark\n");
    hostile.forEach(argument -> expected.append('<').append(argument).append('>'));
    assertThat(result.output()).isEqualTo(expected.toString());

    HostCommand reader = HostCommand.of("cat").input("the input\nof many\n");
    CommandResult read =
        BoundedProcess.run(Host.local(), reader, receiver, SshHost.message("m", reader));
    assertThat(read.output()).isEqualTo("m\nthe input\nof many\n");
    HostCommand status = HostCommand.of("sh", "-c", "exit 255");
    assertThat(
            BoundedProcess.run(Host.local(), status, receiver, SshHost.message("m", status))
                .exitCode())
        .isEqualTo(255);
  }

  @Test
  void hostThatCannotBeReachedIsAnExceptionWithTheReason() {
    Host host =
        Host.ssh(
            "ssh://nobody@127.0.0.1:1", SshOptions.DEFAULTS.connectTimeout(Duration.ofSeconds(1)));
    assertThatThrownBy(() -> host.run(HostCommand.of("true")))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("ssh://nobody@127.0.0.1:1");
  }

  @ParameterizedTest
  @CsvSource({
    "root@rs1, ssh://root@rs1, rs1",
    "rs1, ssh://rs1, rs1",
    "ssh://rs1/, ssh://rs1, rs1",
    "ssh://rs1:22, ssh://rs1:22, rs1",
    "ssh://root@rs1:2222, ssh://root@rs1:2222, rs1:2222",
    "ssh://[2001:db8::1]:2222, ssh://[2001:db8::1]:2222, [2001:db8::1]:2222",
    "root@[2001:db8::1], ssh://root@[2001:db8::1], 2001:db8::1",
    "ssh://[fe80::1%eth0], ssh://[fe80::1%eth0], fe80::1%eth0",
    "ssh://[192.0.2.1]:1, ssh://192.0.2.1:1, 192.0.2.1:1"
  })
  void targetsHaveOneForm(String target, String specification, String label) {
    SshHost host = SshHost.parse(target, SshOptions.DEFAULTS);
    assertThat(host.specification()).isEqualTo(specification);
    assertThat(host.label()).isEqualTo(label);
    assertThat(SshHost.parse(specification, SshOptions.DEFAULTS)).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@rs1",
        "root@",
        "ssh://",
        "2001:db8::1",
        "[rs1]",
        "rs1:",
        "rs1:0",
        "rs1:65536",
        "rs1:123456",
        "-l",
        "a@-b",
        "rs1 x",
        "rs1\u001b[2J"
      })
  void otherTargetsAreRefusedWithoutEchoingTheirControlCharacters(String target) {
    assertThatThrownBy(() -> SshHost.parse(target, SshOptions.DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ssh ")
        .hasMessageNotContaining("\u001b");
  }

  @Test
  void endlessTargetIsRefusedAtOnceAndNotEchoedWhole() {
    assertThatThrownBy(() -> SshHost.parse("a".repeat(1_000_000), SshOptions.DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }

  @Test
  void optionsCountInEquality() {
    SshOptions other = SshOptions.DEFAULTS.identity(Path.of("/i"));
    assertThat(SshHost.parse("rs1", SshOptions.DEFAULTS))
        .isEqualTo(SshHost.parse("ssh://rs1", SshOptions.DEFAULTS))
        .isNotEqualTo(SshHost.parse("rs1", other))
        .isNotEqualTo(SshHost.parse("rs1:22", SshOptions.DEFAULTS));
  }

  @Test
  void nothingIsSaidOfUserAndPortWhereTheConfigurationDecides() {
    assertThat(SshHost.parse("rs1", SshOptions.DEFAULTS).clientArguments())
        .doesNotContain("-l", "-p", "-F", "-i")
        .endsWith("--", "rs1");
  }
}
