// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
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
