// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.ProtocolException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver on scripts that behave as ipvsadm does, or as it should not. */
@Timeout(60)
final class IpvsadmDriverTest {

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
                + " Edit it instead, or let apply bring it about");
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

  @Test
  void withoutBatchesEachCommandHasItsRun() throws IOException {
    String body =
        "echo \"$*\" >> '"
            + folder.resolve("log")
            + "'\n"
            + "case \"$*\" in '-A -f 2 '*) echo 'Service already exists' >&2; exit 255 ;; esac";
    IpvsadmDriver driver =
        new IpvsadmDriver(FakeProgram.program(folder, body, LONG), null, true, false);
    assertThat(driver.missing()).containsKey(Capability.BATCHES);
    assertThat(kinds(driver.execute(additions(3))))
        .containsExactly(Void.class, AlreadyExistsException.class, Void.class);
    assertThat(log()).containsExactly("-A -f 1 -s wlc", "-A -f 2 -s wlc", "-A -f 3 -s wlc");
  }

  // -- single commands ----------------------------------------------------------------------------

  @Test
  void editsNameEverything() throws IOException {
    IpvsadmDriver driver = driver(logging(""), LONG);
    RealServer gue =
        RealServer.tunnel("10.0.1.1", Encapsulation.gue(6080).checksum()).port(80).weight(3);
    assertThat(driver.execute(List.of(new Command.EditServer(WEB.key(), gue.thresholds(100, 50)))))
        .containsExactly(Outcome.done(new Command.EditServer(WEB.key(), gue.thresholds(100, 50))));
    assertThat(log())
        .containsExactly(
            "-e -t 10.0.0.1:80 -r 10.0.1.1:80 -i -w 3 --tun-type gue --tun-port 6080 --tun-csum"
                + " -x 100 -y 50");
  }

  @Test
  void daemonThatIsGoneCountsAsStoppedThoughTheProgramHangs() {
    IpvsadmDriver driver =
        driver("case \"$line\" in --stop-daemon*) sleep 600 ;; esac\n", Duration.ofSeconds(30));
    Command stop = new Command.StopDaemon(SyncDaemon.Role.MASTER);
    assertThat(driver.execute(List.of(stop))).containsExactly(Outcome.done(stop));
  }

  @Test
  void daemonThatGoesOnIsATimeout() {
    IpvsadmDriver driver =
        driver(
            """
            case "$line" in
              --stop-daemon*) sleep 600 ;;
              '-L --daemon') echo 'master sync daemon (mcast=eth0, syncid=0)' ;;
            esac
            """,
            Duration.ofMillis(1200));
    List<Outcome> outcomes =
        driver.execute(List.of(new Command.StopDaemon(SyncDaemon.Role.MASTER)));
    assertThat(outcomes.get(0).failure().orElseThrow())
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("it has not been carried out");
  }

  @Test
  void optionThatTheProgramDoesNotKnowIsUnsupported() {
    IpvsadmDriver driver = driver("echo '-i: unknown option' >&2; exit 255", LONG);
    List<Outcome> outcomes = driver.execute(List.of(new Command.AddServer(WEB.key(), SERVER)));
    assertThat(outcomes.get(0).failure().orElseThrow())
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("this ipvsadm does not know an option (-i: unknown option) [255]");
  }

  @Test
  void whatTheProgramHasNoOptionsForIsUnsupportedWithTheReasonOfTheCapability() {
    IpvsadmDriver driver = driver("exit 9", LONG);
    RealServer local = SERVER.forwarding(new Forwarding.Other(1));
    RealServer wide =
        new RealServer(IpAddress.parse("10.0.1.1"), 80, Forwarding.TUNNEL, 65536, 0, 0);
    RealServer elsewhere = SERVER.port(81);
    VirtualService third =
        WEB.scheduler(Scheduler.SH.with(SchedulerFlag.SH_PORT, SchedulerFlag.FLAG_3));
    List<Outcome> outcomes =
        driver.execute(
            List.of(
                new Command.AddServer(WEB.key(), local),
                new Command.EditServer(WEB.key(), wide),
                new Command.AddServer(WEB.key(), elsewhere),
                new Command.AddService(third)));
    assertThat(kinds(outcomes)).containsOnly(UnsupportedException.class);
    assertThat(outcomes)
        .extracting(outcome -> outcome.failure().orElseThrow().reason())
        .containsExactly(
            driver.missing().get(Capability.FOREIGN_FORWARDING)
                + " (ipvsadm has no option for the forwarding method Local)",
            driver.missing().get(Capability.FOREIGN_NUMBERS)
                + " (ipvsadm takes weights up to 65535, not 65536)",
            "ipvsadm gives a server that is not masqueraded the service's port 80 instead of 81",
            "ipvsadm does not show the third flag of sh");
  }

  @Test
  void tunnelTypesAreUnsupportedBeforeIpvsadm131() {
    IpvsadmDriver driver =
        new IpvsadmDriver(FakeProgram.program(folder, "exit 0", LONG), null, false, false);
    RealServer gre = RealServer.tunnel("10.0.1.1", Encapsulation.gre()).port(80);
    List<Outcome> outcomes =
        driver.execute(
            List.of(
                new Command.AddServer(WEB.key(), SERVER), new Command.AddServer(WEB.key(), gre)));
    assertThat(kinds(outcomes)).containsExactly(Void.class, UnsupportedException.class);
    assertThat(outcomes.get(1).failure().orElseThrow().reason())
        .startsWith(driver.missing().get(Capability.TUNNEL_ENCAPSULATION));
  }

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

  @Test
  void timeoutsAreRead() {
    IpvsadmDriver driver = driver("echo 'Timeout (tcp tcpfin udp): 900 120 300'", LONG);
    assertThat(driver.timeouts()).isEqualTo(Timeouts.ofSeconds(900, 120, 300));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "Timeout (tcp tcpfin udp): 900 120",
        "Timeout (tcp tcpfin udp): 900 120 -1",
        "Timeout (tcp tcpfin udp): 900 120 300 5",
        "Timeout (tcp tcpfin udp): 900 120 99999999999"
      })
  void malformedTimeoutsAreAProtocolException(String output) {
    IpvsadmDriver driver = driver("echo '" + output + "'", LONG);
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(driver::timeouts)
        .withMessageContaining("cannot read timeouts (ipvsadm): what ipvsadm printed is malformed");
  }

  @Test
  void daemonsAreRead() {
    IpvsadmDriver driver =
        driver(
            """
            echo 'master sync daemon (mcast=eth0, syncid=7, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)'
            echo 'backup sync daemon (mcast=a,b=c), syncid=255, maxlen=100, group=ff05::81, port=1, ttl=255)'
            """,
            LONG);
    assertThat(driver.syncDaemons())
        .containsExactly(
            SyncDaemon.master("eth0").syncId(7).maxLength(1472),
            SyncDaemon.backup("a,b=c)")
                .syncId(255)
                .maxLength(100)
                .group("ff05::81")
                .port(1)
                .ttl(255));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage\\n",
        "master sync daemon (mcast=eth0, syncid=0)",
        "master sync daemon (mcast=eth0, syncid=256)\\n",
        "master sync daemon (mcast=eth0, syncid=1, group=10.0.0.1)\\n",
        "master sync daemon (mcast=eth0, syncid=1, group=....)\\n",
        "master sync daemon (mcast=eth0, syncid=1, port=0)\\n",
        "master sync daemon (mcast=averyverylonginterface, syncid=1)\\n",
        "master sync daemon (mcast=a, syncid=1)\\nmaster sync daemon (mcast=a, syncid=1)\\nx\\n"
      })
  void malformedDaemonsAreAProtocolException(String output) {
    IpvsadmDriver driver = driver("printf '" + output + "'", LONG);
    assertThatExceptionOfType(ProtocolException.class).isThrownBy(driver::syncDaemons);
  }

  @Test
  void infoNeedsOneLine() {
    IpvsadmDriver driver =
        driver("echo 'IP Virtual Server version 1.2.1 (size=4096)'; exec yes", LONG);
    assertThat(driver.info().versionText()).isEqualTo("1.2.1");
    assertThat(driver.info().connectionTableSize()).isEqualTo(4096);
  }

  @Test
  void zeroOfAWildServiceIsNotTakenForAll() throws IOException {
    IpvsadmDriver driver = driver(logging(""), LONG);
    List<Outcome> outcomes =
        driver.execute(
            List.of(
                new Command.Zero(Optional.of(ServiceKey.tcp("0.0.0.0", 0))),
                new Command.Zero(Optional.empty())));
    assertThat(kinds(outcomes)).containsExactly(UnsupportedException.class, Void.class);
    assertThat(log()).containsExactly("-Z");
  }
}
