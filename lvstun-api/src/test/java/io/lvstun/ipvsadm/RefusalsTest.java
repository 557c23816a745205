// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.ServiceKey;
import io.lvstun.UnsupportedException;
import io.lvstun.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ipvsadm said in the lab, and what it might say. */
final class RefusalsTest {

  /** Each failure of the recording: command, exit code, message, as the file has them. */
  private record Failure(String command, int exitCode, String message) {

    static List<Failure> all() {
      List<String> lines = Recorded.text("errors").lines().toList();
      int[] starts =
          IntStream.range(0, lines.size()).filter(i -> lines.get(i).startsWith("exit ")).toArray();
      List<Failure> failures = new ArrayList<>();
      for (int i = 0; i < starts.length; i++) {
        int end = i + 1 < starts.length ? starts[i + 1] - 1 : lines.size();
        String message =
            String.join(
                "\n", lines.subList(starts[i] + 1, end).stream().map(String::strip).toList());
        failures.add(
            new Failure(
                lines.get(starts[i] - 1),
                Integer.parseInt(lines.get(starts[i]).substring(5)),
                message));
      }
      return failures;
    }
  }

  @Test
  void failuresAreThoseOfTheKernel() {
    int understood = 0;
    for (Failure failure : Failure.all()) {
      if (failure.exitCode == Refusals.KERNEL_REFUSED
          && !failure.message.contains("unknown option")) {
        Command command = Rules.parse(failure.command).get(0).command();
        LvsException error = Refusals.of(command, failure.exitCode, failure.message + '\n');
        assertThat(error).as("%s", failure).isExactlyInstanceOf(expected(failure));
        assertThat(error.reason()).as("%s", failure).doesNotContain("ipvsadm failed");
        assertThat(error.code()).hasValue(255);
        understood++;
      }
    }
    assertThat(understood).isEqualTo(18);
  }

  private static Class<? extends LvsException> expected(Failure failure) {
    return switch (failure.message) {
      case "Service already exists", "Destination already exists", "Daemon has already run" ->
          AlreadyExistsException.class;
      case "No such service",
          "Service not defined",
          "No such destination",
          "No such device",
          "No daemon is running",
          "Scheduler or persistence engine not found" ->
          NotFoundException.class;
      case "Numerical result out of range",
          "Invalid operation.  Possibly wrong module version, address not unicast, ..." ->
          LvsException.class;
      default -> throw new AssertionError("an unknown message: " + failure);
    };
  }

  @Test
  void failuresOfTheProgramItselfAreUnderstood() {
    Program.Purpose purpose = new Program.Purpose("open", "");
    Failure user = failure("as another user");
    assertThat(Refusals.of(purpose, user.exitCode, user.message))
        .isInstanceOf(PermissionException.class)
        .hasMessageStartingWith("cannot open (ipvsadm): not permitted [2]");
    Failure option = failure("-A -t 10.0.0.1:80 --none-such");
    assertThat(Refusals.of(purpose, option.exitCode, option.message))
        .isInstanceOf(UnsupportedException.class);
    Failure argument = failure("-A -t 10.0.0.9:0");
    assertThat(Refusals.of(purpose, argument.exitCode, argument.message))
        .isExactlyInstanceOf(LvsException.class)
        .hasMessage(
            "cannot open (ipvsadm): ipvsadm failed"
                + " (Zero port specified for non-persistent service) [2]");
    assertThat(Refusals.isMissingService(failure("-L -n -t 10.0.0.2:80").message)).isTrue();
  }

  private static Failure failure(String command) {
    return Failure.all().stream()
        .filter(failure -> failure.command.equals(command))
        .findFirst()
        .orElseThrow();
  }

  private static final Program.Purpose OPEN = new Program.Purpose("open", "");

  @ParameterizedTest
  @CsvSource({
    "137, '', ipvsadm was killed by signal 9",
    "143, ' ', ipvsadm was killed by signal 15",
    "1, '', ipvsadm failed without a message",
    "128, '', ipvsadm failed without a message",
    "193, '', ipvsadm failed without a message",
    "137, 'a word', ipvsadm failed (a word)"
  })
  void programThatSaysNothingIsToldByItsExitCode(int code, String text, String reason) {
    assertThat(Refusals.of(OPEN, code, text).reason()).isEqualTo(reason);
    assertThat(Refusals.of(OPEN, code, text).code()).hasValue(code);
  }

  @ParameterizedTest
  @CsvSource({
    "No such file or directory, NotFoundException",
    "Operation not permitted, PermissionException",
    "Permission denied, PermissionException",
    "Cannot allocate memory, LvsException"
  })
  void namespaceThatCannotBeEnteredIsNotAnErrorOfIpvsadm(String said, String type) {
    LvsException e = Refusals.of(OPEN, 1, "nsenter: cannot open /run/netns/blue: " + said + "\n");
    assertThat(e.getClass().getSimpleName()).isEqualTo(type);
    assertThat(e).hasMessageContaining("the network namespace cannot be entered");
  }

  @Test
  void lastLineOfSeveralDecides() {
    Command command = new Command.RemoveService(ServiceKey.fwmark(1));
    assertThat(Refusals.of(command, 255, "a warning\nNo such service\n\n"))
        .isInstanceOf(NotFoundException.class);
    assertThat(Refusals.isMissingService("Service not defined")).isTrue();
    assertThat(Refusals.isMissingService("No such service\nsomething else")).isFalse();
    assertThat(Refusals.isMissingService("")).isFalse();
  }

  @Test
  void hostileTextIsCutAndCleaned() {
    String reason = Refusals.of(OPEN, 1, "\u001b[31mä\n" + "x".repeat(10_000)).reason();
    assertThat(reason).hasSizeLessThan(400).doesNotContain("\u001b", "\n").endsWith("…)");
    assertThat(Refusals.of(OPEN, 1, "a\nb\tc").reason()).contains("(a b c)");
  }
}
