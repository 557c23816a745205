// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Encapsulation;
import io.lvstun.ProtocolException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.TimeoutException;
import io.lvstun.VirtualService;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.io.IOException;
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

/** The driver on scripts that behave as ipvsadm does, or as it should not. */
@Timeout(60)
final class ListingReaderTest {

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

  @Test
  void putsTheListsTogether() {
    IpvsadmDriver driver = driver(list("TCP  10.0.0.1:80", "10.0.1.1:80"), LONG);
    List<ServiceState> states = driver.services(Consistency.VERIFIED);
    assertThat(states).hasSize(1);
    ServiceState state = states.get(0);
    assertThat(state.definition())
        .isEqualTo(
            WEB.scheduler(Scheduler.RR)
                .addRealServer(
                    RealServer.tunnel("10.0.1.1", Encapsulation.gue(6080).checksum())
                        .weight(3)
                        .thresholds(100, 50)));
    assertThat(state.servers().get(0).activeConnections()).isEqualTo(7);
    assertThat(state.servers().get(0).inactiveConnections()).isEqualTo(8);
    assertThat(state.servers().get(0).persistentConnections()).isEqualTo(6);
    assertThat(state.servers().get(0).counters().outBytes()).isEqualTo(5);
    assertThat(state.counters().connections()).isEqualTo(5);
    assertThat(driver.services(Consistency.SINGLE_PASS)).isEqualTo(states);
    assertThat(driver.service(WEB.key())).contains(state);
  }

  @Test
  void absentServiceIsEmpty() {
    IpvsadmDriver driver = driver("echo 'No such service' >&2; exit 1", LONG);
    assertThat(driver.service(WEB.key())).isEmpty();
  }

  @Test
  void tableThatNeverRestsIsATimeoutIfVerifiedAndReducedIfNot() {
    // Each list has a service of its own beside the one that stays.
    String lists =
        """
        n=$((n + 1))
        case "$line" in
          -L*)
        """
            + TITLES
            + """
                case "$line" in
                  *--stats*|*--rate*) echo 'FWM  7 0 0 0 0 0'; echo "FWM  10$n 0 0 0 0 0" ;;
                  *) echo 'FWM  7 rr'; echo "FWM  10$n rr" ;;
                esac ;;
            esac
            """;
    IpvsadmDriver driver = driver(lists, SHORT);
    assertThatExceptionOfType(TimeoutException.class)
        .isThrownBy(() -> driver.services(Consistency.VERIFIED))
        .withMessageContaining("changed during each of the attempts to read them");
    assertThat(driver.services(Consistency.SINGLE_PASS))
        .extracting(ServiceState::key)
        .containsExactly(ServiceKey.fwmark(7));
  }

  @Test
  void settingThatChangesBetweenTheListsIsReadAgain() throws IOException {
    // The first two runs see the weight change; then it rests.
    Path runs = folder.resolve("runs");
    String lists =
        """
        [ -n "$run" ] || { echo x >> '%s'; run=$(wc -l < '%s'); }
        n=$((n + 1))
        w=9; [ "$run" -gt 2 ] || w=$n
        case "$line" in
          -L*)
        """
                .formatted(runs, runs)
            + TITLES
            + """
                case "$line" in
                  *--stats*|*--rate*) echo 'FWM  7 0 0 0 0 0'; echo '  -> 10.0.1.1:0 0 0 0 0 0' ;;
                  *--thresholds*) echo 'FWM  7 rr'; echo '  -> 10.0.1.1:0 0 0 0 0' ;;
                  *--persistent-conn*) echo 'FWM  7 rr'; echo "  -> 10.0.1.1:0 $w 0 0 0" ;;
                  *) echo 'FWM  7 rr'; echo "  -> 10.0.1.1:0 Route n/a $w 0 0" ;;
                esac ;;
            esac
            """;
    IpvsadmDriver driver = driver(lists, LONG);
    List<ServiceState> states = driver.services(Consistency.VERIFIED);
    assertThat(states.get(0).servers().get(0).definition().weight()).isEqualTo(9);
    assertThat(Files.readAllLines(runs)).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "IP Virtual Server version 1.2.1 (size=4096)",
        "IP Virtual Server version x (size=4096)",
        "Prot LocalAddress:Port",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\n  -> 10.0.0.1:80 Route 1 0 0",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nTCP",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nTCP  10.0.0.1:80",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nTCP  host:80 rr",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nTCP  10.0.0.1:65536 rr",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nTCP  fd00::1:80 rr",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nTCP  [10.0.0.1]:80 rr",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nXYZ  10.0.0.1:80 rr",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  0 rr",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  4294967296 rr",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  1 rr\\t",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  1 rr what",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  1 rr persistent",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  1 rr persistent x",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  1 rr persistent 5 mask 24",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  1 IPv6 rr persistent 5 mask 129",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  1 rr (flag-9)",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  1 rr (flag-1",
        "Prot LocalAddress:Port\\n"
            + "  -> RemoteAddress:Port\\n"
            + "FWM  1 rr\\n"
            + "  -> 10.0.0.1:0 Route n/a 1",
        "Prot LocalAddress:Port\\n"
            + "  -> RemoteAddress:Port\\n"
            + "FWM  1 rr\\n"
            + "  -> 10.0.0.1:0 Fly n/a 1 0 0",
        "Prot LocalAddress:Port\\n"
            + "  -> RemoteAddress:Port\\n"
            + "FWM  1 rr\\n"
            + "  -> 10.0.0.1:0 Tunnel xyz 1 0 0",
        "Prot LocalAddress:Port\\n"
            + "  -> RemoteAddress:Port\\n"
            + "FWM  1 rr\\n"
            + "  -> 10.0.0.1:0 Route n/a -1 0 0",
        "Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nFWM  1 averyverylongscheduler"
      })
  void garbageIsAProtocolException(String output) {
    IpvsadmDriver driver = driver("printf '" + output + "\\n'", LONG);
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> driver.services(Consistency.VERIFIED));
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> driver.services(Consistency.SINGLE_PASS));
  }

  @Test
  void outputThatIsCutOffIsAProtocolException() {
    IpvsadmDriver driver =
        driver(
            "printf 'Prot LocalAddress:Port\\n  -> RemoteAddress:Port\\nTCP  10.0.0.1:80 r'", LONG);
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> driver.services(Consistency.VERIFIED));
  }
}
