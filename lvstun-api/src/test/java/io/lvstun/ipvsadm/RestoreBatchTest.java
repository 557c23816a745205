// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.ProtocolException;
import io.lvstun.RealServer;
import io.lvstun.TimeoutException;
import io.lvstun.VirtualService;
import io.lvstun.spi.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver on scripts that behave as ipvsadm does, or as it should not. */
@Timeout(60)
final class RestoreBatchTest {

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final VirtualService WEB = VirtualService.tcp("10.0.0.1", 80);
  private static final RealServer SERVER = RealServer.tunnel("10.0.1.1").port(80);

  @TempDir private Path folder;

  private IpvsadmDriver driver(String forEachLine, Duration deadline) {
    return FakeProgram.driver(folder, forEachLine, deadline);
  }

  /** Services with marks from 1 on. */
  private static List<Command> additions(int count) {
    List<Command> commands = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      commands.add(new Command.AddService(VirtualService.fwmark(i)));
    }
    return commands;
  }

  private static List<Class<?>> kinds(List<Outcome> outcomes) {
    return outcomes.stream()
        .<Class<?>>map(
            outcome -> outcome.failure().<Class<?>>map(Object::getClass).orElse(Void.class))
        .toList();
  }

  private List<String> log() throws IOException {
    Path log = folder.resolve("log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /** Writes each line that is carried out to a file. */
  private String logging(String forEachLine) {
    return "echo \"$line\" >> '" + folder.resolve("log") + "'\n" + forEachLine;
  }

  // -- batches ------------------------------------------------------------------------------------

  @Test
  void batchTellsWhatBecameOfEachCommand() throws IOException {
    IpvsadmDriver driver =
        driver(
            logging(
                """
                case "$line" in
                  '-A -f 2 '*) echo 'Service already exists' >&2 ;;
                  '-A -f 4 '*) echo 'Scheduler or persistence engine not found' >&2 ;;
                  '-A -f 5 '*) echo 'Numerical result out of range' >&2 ;;
                esac
                """),
            LONG);
    List<Command> commands = additions(6);
    List<Outcome> outcomes = driver.execute(commands);
    assertThat(outcomes).extracting(Outcome::command).containsExactlyElementsOf(commands);
    assertThat(kinds(outcomes))
        .containsExactly(
            Void.class,
            AlreadyExistsException.class,
            Void.class,
            NotFoundException.class,
            LvsException.class,
            Void.class);
    assertThat(outcomes.get(1).failure().orElseThrow())
        .hasMessage(
            "cannot add service FWM 2 (ipvsadm): service already exists [255]."
                + " Edit it instead, or use apply");
    assertThat(log()).hasSize(6).first().isEqualTo("-A -f 1 -s wlc");
  }

  @Test
  void batchGoesOnBehindACommandThatEndsTheProgram() throws IOException {
    IpvsadmDriver driver =
        driver(
            logging("case \"$line\" in '-A -f 3 '*) echo 'illegal thing' >&2; exit 2 ;; esac\n"),
            LONG);
    List<Outcome> outcomes = driver.execute(additions(5));
    assertThat(kinds(outcomes))
        .containsExactly(Void.class, Void.class, LvsException.class, Void.class, Void.class);
    assertThat(outcomes.get(2).failure().orElseThrow())
        .hasMessage("cannot add service FWM 3 (ipvsadm): ipvsadm failed (illegal thing) [2]");
    assertThat(log()).hasSize(5);
  }

  @Test
  void programThatDiesLeavesTheFateOfItsCommandToALook() throws IOException {
    // It dies in the second command, and lists show the service that the command adds.
    IpvsadmDriver driver =
        driver(
            logging(
                """
                case "$line" in
                  '-A -f 2 '*) kill -KILL $$ ;;
                  -L*) echo 'Prot LocalAddress:Port'; echo '  -> RemoteAddress:Port'
                    case "$line" in
                      *--stats*|*--rate*) echo 'FWM  2    0 0 0 0 0' ;;
                      *) echo 'FWM  2 wlc' ;;
                    esac ;;
                esac
                """),
            LONG);
    assertThat(kinds(driver.execute(additions(3)))).containsOnly(Void.class);
    assertThat(log()).filteredOn(line -> line.startsWith("-A")).hasSize(3);
  }

  @Test
  void hangingCommandTimesOutAndTheOthersAreCarriedOut() throws IOException {
    IpvsadmDriver driver =
        driver(
            logging(
                """
                case "$line" in
                  '-A -f 2 '*) sleep 600 ;;
                  -L*) echo 'No such service' >&2; exit 1 ;;
                esac
                """),
            SHORT);
    List<Outcome> outcomes = driver.execute(additions(4));
    assertThat(kinds(outcomes))
        .containsExactly(Void.class, TimeoutException.class, Void.class, Void.class);
    assertThat(outcomes.get(1).failure().orElseThrow())
        .hasMessageContaining(
            "ipvsadm did not end it within 400 ms and was killed; it has not been carried out");
    assertThat(log()).filteredOn(line -> line.startsWith("-A")).hasSize(4);
  }

  @Test
  void nothingMoreIsTriedWhenTheTableCannotBeReadEither() throws IOException {
    IpvsadmDriver driver =
        driver(logging("case \"$line\" in '-A -f 2 '*|-L*) sleep 600 ;; esac\n"), SHORT);
    List<Outcome> outcomes = driver.execute(additions(50));
    assertThat(outcomes).hasSize(50);
    assertThat(outcomes.get(1).failure().orElseThrow())
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("whether it was carried out is not known");
    assertThat(outcomes.subList(2, 50))
        .allSatisfy(
            outcome ->
                assertThat(outcome.failure().orElseThrow().reason())
                    .startsWith("not tried, because an earlier command failed: "));
    assertThat(log()).filteredOn(line -> line.startsWith("-A")).hasSize(2);
  }

  @Test
  void deadlineOfABatchIsThatOfEachCommand() {
    IpvsadmDriver driver = driver("sleep 0.1", Duration.ofMillis(2000));
    assertThat(kinds(driver.execute(additions(30)))).containsOnly(Void.class);
  }

  @Test
  void programThatReportsInAnotherOrderIsNotBelieved() {
    IpvsadmDriver driver =
        new IpvsadmDriver(
            FakeProgram.program(
                folder, "echo '--lvstun-mark-5: unknown option' >&2; cat > /dev/null", LONG),
            null,
            true,
            true);
    assertThat(kinds(driver.execute(additions(3)))).containsOnly(ProtocolException.class);
  }

  @Test
  void failureToBeginIsTheFailureOfEachCommand() {
    IpvsadmDriver driver =
        new IpvsadmDriver(
            FakeProgram.program(
                folder,
                """
                echo "Can't initialize ipvs: Permission denied (you must be root)" >&2
                echo "Are you sure that IP Virtual Server is built in the kernel or as module?" >&2
                exit 2
                """,
                LONG),
            null,
            true,
            true);
    assertThat(kinds(driver.execute(additions(3)))).containsOnly(PermissionException.class);
    assertThatExceptionOfType(PermissionException.class)
        .isThrownBy(() -> driver.services(Consistency.VERIFIED))
        .withMessageContaining("cannot read services (ipvsadm): not permitted [2]");
    assertThatExceptionOfType(PermissionException.class).isThrownBy(driver::timeouts);
    assertThatExceptionOfType(PermissionException.class).isThrownBy(driver::syncDaemons);
    assertThatExceptionOfType(PermissionException.class).isThrownBy(driver::info);
  }

  @Test
  void floodOfMessagesIsCutOff() {
    IpvsadmDriver driver =
        driver(
            "case \"$line\" in '-A -f 2 '*) exec yes flood >&2 ;; esac\n", Duration.ofSeconds(5));
    List<Outcome> outcomes = driver.execute(additions(2));
    assertThat(outcomes.get(0).failure()).isEmpty();
    assertThat(outcomes.get(1).failure()).isPresent();
  }

  // -- single commands ----------------------------------------------------------------------------

  // -- reads --------------------------------------------------------------------------------------

  private static final String TITLES =
      "echo 'Prot LocalAddress:Port Scheduler Flags'; echo '  -> RemoteAddress:Port'\n";

  /** Prints a list with one service and, in each view, the columns of one server. */
  private static String list(String service, String server) {
    return """
    case "$line" in
      -L*)
        echo 'Prot LocalAddress:Port Scheduler Flags'; echo '  -> RemoteAddress:Port'
        case "$line" in
          *--stats*|*--rate*) echo 'SERVICE 5 4 3 2 1'; echo '  -> SERVER 1 2 3 4 5' ;;
          *--thresholds*) echo 'SERVICE rr'; echo '  -> SERVER 100 50 7 8' ;;
          *--persistent-conn*) echo 'SERVICE rr'; echo '  -> SERVER 3 6 7 8' ;;
          *) echo 'SERVICE rr'; echo '  -> SERVER Tunnel gue:6080:+c 3 7 8' ;;
        esac ;;
    esac
    """
        .replace("SERVICE", service)
        .replace("SERVER", server);
  }
}
