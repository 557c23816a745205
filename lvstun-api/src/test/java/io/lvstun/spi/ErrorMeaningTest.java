// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Prints the table of error numbers, operations and words, and holds the page to it. */
final class ErrorMeaningTest {

  private static final Path PAGE =
      Path.of("").toAbsolutePath().getParent().resolve("docs/reference/kernel-errors.md");

  private static final String BEGIN = "<!-- table of ErrorMeaningTest -->\n";
  private static final String END = "<!-- end of the table -->\n";

  private static final String REGENERATE =
      "docs/reference/kernel-errors.md is not what ErrorMeaning says. To write it anew:\n"
          + "  mvn -q -Pquick -pl lvstun-api test -Dtest=ErrorMeaningTest -Dlvstun.docs=write\n";

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80).scheduler(Scheduler.RR);
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
          new Command.Zero(Optional.empty()),
          new Command.Flush());

  /** Operations that have meanings of their own; the others of a subject share one. */
  private static final Map<String, NetworkSubject> NETWORK = new LinkedHashMap<>();

  static {
    NETWORK.put("create tunnel", NetworkSubject.LINK);
    NETWORK.put("read, set or delete link", NetworkSubject.LINK);
    NETWORK.put("read, add or remove address", NetworkSubject.ADDRESS);
    NETWORK.put("read, add or remove route", NetworkSubject.ROUTE);
    NETWORK.put("read, add or remove rule", NetworkSubject.RULE);
    NETWORK.put("read or open GUE port", NetworkSubject.GUE_PORT);
    NETWORK.put("close GUE port", NetworkSubject.GUE_PORT);
  }

  private static String exception(ErrorMeaning meaning) {
    return switch (meaning.type()) {
      case PERMISSION -> "`PermissionException`";
      case ABSENT -> "`NotFoundException`";
      case PRESENT -> "`AlreadyExistsException`";
      case UNSUPPORTED -> "`UnsupportedException`";
      case OTHER -> "`LvsException`";
    };
  }

  private static String table(
      String title, List<String> operations, BiFunction<String, Integer, ErrorMeaning> meanings) {
    StringBuilder text = new StringBuilder("\n## ").append(title).append("\n\n");
    text.append("| errno | operation | exception | what happened | what to do |\n");
    text.append("| --- | --- | --- | --- | --- |\n");
    for (KernelError error : KernelError.values()) {
      Map<ErrorMeaning, List<String>> groups = new LinkedHashMap<>();
      for (String operation : operations) {
        groups
            .computeIfAbsent(
                meanings.apply(operation, error.number()), meaning -> new ArrayList<>())
            .add(operation);
      }
      groups.forEach(
          (meaning, those) ->
              text.append(
                  String.join(
                      " | ",
                      "| " + error + ' ' + error.number(),
                      those.size() == operations.size() ? "all" : String.join(", ", those),
                      exception(meaning),
                      meaning.reason(),
                      meaning.hint().replace("|", "\\|") + " |\n")));
    }
    return text.toString();
  }

  private static String page() {
    Map<String, Command> commands = new LinkedHashMap<>();
    COMMANDS.forEach(command -> commands.put(command.operation(), command));
    List<String> ipvs = new ArrayList<>(commands.keySet());
    ipvs.add("reads");
    return BEGIN
        + table(
            "IPVS",
            ipvs,
            (operation, errno) -> {
              Command command = commands.get(operation);
              return command == null ? ErrorMeaning.ofRead(errno) : ErrorMeaning.of(command, errno);
            })
        + table(
            "The host's network",
            List.copyOf(NETWORK.keySet()),
            (operation, errno) ->
                ErrorMeaning.of(
                    NETWORK.getOrDefault(operation, NetworkSubject.LINK), operation, errno))
        + table(
            "System calls and starts of programs",
            List.of("system call or start"),
            (operation, errno) -> ErrorMeaning.ofCall(errno))
        + END;
  }

  @Test
  void pageIsWhatTheTableSays() throws IOException {
    String text = Files.readString(PAGE);
    String written =
        text.substring(0, text.indexOf(BEGIN))
            + page()
            + text.substring(text.indexOf(END) + END.length());
    if (System.getProperty("lvstun.docs", "").equals("write")) {
      Files.writeString(PAGE, written);
    }
    assertThat(Files.readString(PAGE)).as(REGENERATE).isEqualTo(written);
  }

  @ParameterizedTest
  @EnumSource(KernelError.class)
  void everyCellHasWordsAndNoneIsANumber(KernelError error) {
    List<ErrorMeaning> cells = new ArrayList<>();
    COMMANDS.forEach(command -> cells.add(ErrorMeaning.of(command, error.number())));
    NETWORK.forEach(
        (operation, subject) -> cells.add(ErrorMeaning.of(subject, operation, error.number())));
    cells.add(ErrorMeaning.ofRead(error.number()));
    cells.add(ErrorMeaning.ofCall(error.number()));
    assertThat(cells)
        .allSatisfy(
            cell ->
                assertThat(cell.reason()).isNotBlank().doesNotContain("error " + error.number()));
  }

  /** Out of descriptors, out of memory and not permitted are never told as a missing module. */
  @Test
  void onlyWhatIsMissingIsSaidToNeedAModule() {
    for (KernelError error :
        List.of(
            KernelError.EPERM,
            KernelError.EACCES,
            KernelError.ENOMEM,
            KernelError.EMFILE,
            KernelError.ENFILE,
            KernelError.EINTR,
            KernelError.ENOBUFS)) {
      List<ErrorMeaning> cells = new ArrayList<>();
      COMMANDS.forEach(command -> cells.add(ErrorMeaning.of(command, error.number())));
      NETWORK.forEach(
          (operation, subject) -> cells.add(ErrorMeaning.of(subject, operation, error.number())));
      cells.add(ErrorMeaning.ofCall(error.number()));
      assertThat(cells)
          .as("%s", error)
          .allSatisfy(cell -> assertThat(cell.hint()).doesNotContain("modprobe"));
    }
  }

  @Test
  void descriptorsThatAreUsedUpHaveTheirHintWhereverTheyAreMissed() {
    assertThat(ErrorMeaning.ofCall(24).hint()).contains("ulimit -n");
    assertThat(ErrorMeaning.ofRead(24).hint()).contains("ulimit -n");
    assertThat(ErrorMeaning.of(NetworkSubject.ROUTE, "add route", 24).hint()).contains("ulimit -n");
    assertThat(ErrorMeaning.ofCall(11).hint()).contains("pids.max");
  }
}
