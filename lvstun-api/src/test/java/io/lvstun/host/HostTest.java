// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "local",
        "netns:rs1",
        "ssh://root@rs1",
        "ssh://root@rs1:2222",
        "ssh://rs1",
        "ssh://u@[2001:db8::1]:22",
        "ssh://root@192.0.2.1"
      })
  void specificationsAreReadBack(String specification) {
    assertThat(Host.parse(specification).specification()).isEqualTo(specification);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "rs1",
        "-oProxyCommand=touch x",
        "ssh://-oProxyCommand=x",
        "root@-oProxyCommand=x",
        "-l@host",
        "ssh://root@rs1;id",
        "ssh://root@rs1 -v",
        "ssh://root@$(id)",
        "ssh://root@rs1:0",
        "ssh://root@rs1:65536",
        "ssh://root@rs1/path",
        "netns:",
        "netns:-n",
        "netns:../x",
        "netns:a b",
        "netns:..",
        "netns:a/b",
        "ssh://root@rs1\nx",
        "local ",
        "docker:x"
      })
  void whatLooksLikeAnOptionOrIsNoHostIsRefused(String specification) {
    assertThatThrownBy(() -> Host.parse(specification))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("\n");
  }

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

  @Test
  void namespaceThatIsNotThereIsAnException() {
    assertThatThrownBy(() -> Host.netns("lvstun-none").run(HostCommand.of("true")))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("netns:lvstun-none");
  }

  @Test
  void statusAndBothOutputsComeBack() {
    CommandResult result =
        Host.local().run(HostCommand.of("sh", "-c", "cat; echo e >&2; exit 3").input("in\n"));
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.output()).isEqualTo("in\n");
    assertThat(result.errors()).isEqualTo("e\n");
    assertThat(result.timedOut()).isFalse();
    assertThat(result.truncated()).isFalse();
  }

  @Test
  void programThatIsNotInstalledIsAnException() {
    assertThatThrownBy(() -> Host.local().run(HostCommand.of("lvstun-no-such-program")))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("lvstun-no-such-program");
  }

  @Test
  @Timeout(20)
  void endlessOutputIsCutAndTheWriterKilled() {
    CommandResult result =
        Host.local()
            .run(
                HostCommand.of("sh", "-c", "exec yes")
                    .maxOutput(100_000)
                    .deadline(Duration.ofSeconds(15)));
    assertThat(result.truncated()).isTrue();
    assertThat(result.timedOut()).isFalse();
    assertThat(result.exitCode()).isEqualTo(CommandResult.KILLED);
    assertThat(result.output().getBytes(StandardCharsets.UTF_8)).hasSize(100_000);
  }

  @Test
  @Timeout(20)
  void deadlineKillsGrandchildrenAndKeepsWhatWasWritten() {
    CommandResult result =
        Host.local()
            .run(
                HostCommand.of("sh", "-c", "echo begun; sh -c 'sleep 4711; :'; :")
                    .deadline(Duration.ofMillis(700)));
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(ProcessHandle.current().descendants())
                    .as("nothing is left behind")
                    .noneMatch(HostTest::sleeps));
    assertThat(result.timedOut()).isTrue();
    assertThat(result.output()).isEqualTo("begun\n");
    assertThat(result.took()).isLessThan(Duration.ofSeconds(10));
  }

  private static boolean sleeps(ProcessHandle process) {
    return process.info().arguments().map(List::of).orElse(List.of()).contains("4711");
  }

  @Test
  @Timeout(20)
  void interruptEndsTheWaitAndStays() throws Exception {
    Thread waiting =
        new Thread(
            () -> {
              try {
                CommandResult result =
                    Host.local()
                        .run(HostCommand.of("sleep", "60").deadline(Duration.ofSeconds(60)));
                throw new AssertionError("not interrupted: " + result);
              } catch (HostException e) {
                if (!Thread.currentThread().isInterrupted()) {
                  throw new AssertionError("the interrupt was swallowed", e);
                }
                interrupted = true;
              }
            });
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    waiting.interrupt();
    waiting.join();
    assertThat(interrupted).isTrue();
  }

  private volatile boolean interrupted;

  @Test
  void filesAreReadOrTheReasonIsGiven(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "content\n");
    assertThat(Host.local().readFile(file.toString())).isEqualTo("content\n");
    assertThatThrownBy(() -> Host.local().readFile(directory + "/none"))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("No such file");
    assertThatThrownBy(() -> Host.local().readFile("relative"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
