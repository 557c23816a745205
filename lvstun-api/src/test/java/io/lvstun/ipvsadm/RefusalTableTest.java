// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.RealServer;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.spi.KernelError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each message of ipvsadm, on each operation, through a program that says it. */
final class RefusalTableTest {

  private static final Path PAGE =
      Path.of("").toAbsolutePath().getParent().resolve("docs/reference/kernel-errors.md");

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  private static final RealServer SERVER = RealServer.tunnel("198.51.100.1").port(80);

  private static final List<Command> COMMANDS =
      List.of(
          new Command.AddService(WEB),
          new Command.EditService(WEB),
          new Command.RemoveService(WEB.key()),
          new Command.AddServer(WEB.key(), SERVER),
          new Command.EditServer(WEB.key(), SERVER),
          new Command.RemoveServer(WEB.key(), SERVER.key()),
          new Command.StartDaemon(SyncDaemon.master("eth0")),
          new Command.StopDaemon(SyncDaemon.Role.BACKUP),
          new Command.SetTimeouts(Timeouts.ofSeconds(1, 2, 3)),
          new Command.Zero(Optional.of(WEB.key())),
          new Command.Zero(Optional.empty()),
          new Command.Flush());

  @TempDir private Path folder;

  /** The table of the page: what libipvs says, and the number that it stands for. */
  private static Map<String, KernelError> messages() throws IOException {
    Map<String, KernelError> messages = new LinkedHashMap<>();
    Files.readAllLines(PAGE).stream()
        .filter(line -> line.startsWith("| `") && line.contains("` | E"))
        .map(line -> line.split(" \\| "))
        .forEach(
            cells ->
                messages.put(
                    cells[0].substring(3, cells[0].length() - 1),
                    KernelError.valueOf(cells[1].replace(" |", "").strip())));
    return messages;
  }

  private IpvsadmDriver driver() {
    return FakeProgram.driver(
        folder, "cat '" + folder + "/said' >&2; exit 255", Duration.ofSeconds(20));
  }

  @Test
  void everyMessageOnEveryOperationIsWhatTheTableSays() throws IOException {
    assertThat(messages()).hasSizeGreaterThan(25);
    List<KernelError> covered = List.copyOf(messages().values());
    assertThat(covered)
        .contains(
            KernelError.EPERM,
            KernelError.ENOENT,
            KernelError.ESRCH,
            KernelError.ENOMEM,
            KernelError.EMFILE,
            KernelError.ENFILE,
            KernelError.EINVAL,
            KernelError.ERANGE);
    for (Map.Entry<String, KernelError> message : messages().entrySet()) {
      int errno = message.getValue().number();
      for (Command command : COMMANDS) {
        LvsException expected = KernelError.refused("ipvsadm", command, errno, 255, "");
        assertThat(Refusals.of(command, 255, message.getKey() + '\n'))
            .as("%s of %s", message, command)
            .isExactlyInstanceOf(expected.getClass())
            .hasMessage(expected.getMessage());
      }
      Program.Purpose read = new Program.Purpose("read services", "");
      LvsException expected = KernelError.refused("ipvsadm", "read services", "", errno, 255, "");
      assertThat(Refusals.of(read, 255, message.getKey() + '\n'))
          .isExactlyInstanceOf(expected.getClass())
          .hasMessage(expected.getMessage());
    }
  }

  /** The same through processes, for the messages that stand for the numbers of the issue. */
  @Test
  void programThatSaysItIsUnderstood() throws IOException {
    try (IpvsadmDriver driver = driver()) {
      for (String text :
          List.of(
              "Permission denied (you must be root)",
              "Memory allocation problem",
              "Too many open files",
              "Invalid argument")) {
        Files.writeString(folder.resolve("said"), text + '\n');
        int errno = messages().get(text).number();
        Command command = new Command.AddService(WEB);
        assertThat(driver.execute(List.of(command)).get(0).error())
            .hasMessage(KernelError.refused("ipvsadm", command, errno, 255, "").getMessage());
        assertThat(
                catchThrowableOfType(
                    LvsException.class, () -> driver.services(Consistency.SINGLE_PASS)))
            .hasMessage(
                KernelError.refused("ipvsadm", "read services", "", errno, 255, "").getMessage());
      }
    }
  }

  @Test
  void programThatIsKilledIsNotAnError() {
    Program.Purpose read = new Program.Purpose("read services", "");
    assertThat(Refusals.of(read, 137, ""))
        .hasMessage(
            "cannot read services (ipvsadm): ipvsadm was killed by signal 9 [137]. Find out what"
                + " killed it: the kernel's log (dmesg) shows whether memory ran out");
    assertThat(Refusals.of(read, 3, ""))
        .hasMessage("cannot read services (ipvsadm): ipvsadm failed without a message [3]");
  }

  @Test
  void missingModuleIsToldWithItsCure() {
    Program.Purpose read = new Program.Purpose("read services", "");
    String said =
        "Can't initialize ipvs: Protocol not available\n"
            + "Are you sure that IP Virtual Server is built in the kernel or as module?\n";
    assertThat(Refusals.of(read, 2, said)).hasMessageContaining("modprobe ip_vs");
    assertThat(Refusals.of(read, 2, "Can't initialize ipvs: Operation not permitted\n"))
        .hasMessageContaining("CAP_NET_ADMIN")
        .hasMessageNotContaining("modprobe");
  }

  @Test
  void programThatCannotBeStartedSaysWhy() throws IOException {
    Program program = FakeProgram.program(folder, "exit 0", Duration.ofSeconds(20));
    Program.Purpose read = new Program.Purpose("read services", "");
    for (Map.Entry<Integer, String> start :
        Map.of(
                24, "this process is out of file descriptors",
                23, "the machine is out of file descriptors",
                12, "there is not enough memory",
                11, "the kernel starts no further process or thread",
                13, "not permitted",
                2, "there is no such file")
            .entrySet()) {
      // As JDK 17 words it, and as JDK 25 does.
      for (String words :
          List.of("error=" + start.getKey() + ", so", "error: " + start.getKey() + " (so)")) {
        LvsException told =
            program.notStarted(read, new IOException("Cannot run program: " + words));
        assertThat(told.reason()).startsWith(start.getValue()).contains("ipvsadm cannot be run");
        assertThat(told.code()).hasValue(start.getKey());
        assertThat(told.hint()).doesNotContain("modprobe");
      }
    }
    assertThat(program.notStarted(read, new IOException("Stream closed")))
        .hasMessageContaining("ipvsadm cannot be run: Stream closed");
  }

  /** For real: the program was deleted after the driver was opened. */
  @Test
  void programThatWasDeletedIsNotFound() throws IOException {
    Program program = FakeProgram.program(folder, "exit 0", Duration.ofSeconds(20));
    Files.delete(folder.resolve("ipvsadm"));
    Program.Purpose read = new Program.Purpose("read services", "");
    assertThat(catchThrowableOfType(LvsException.class, () -> program.run(read, List.of())))
        .isInstanceOf(io.lvstun.NotFoundException.class)
        .hasMessageContaining("there is no such file");
  }
}
