// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.Snapshot;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.rules.Listing;
import io.lvstun.rules.ListingTable;
import io.lvstun.rules.Loss;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import io.lvstun.rules.RulesText;
import io.lvstun.state.Counters;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the real program printed is understood, and printed again byte for byte. */
final class RecordedOutputTest {

  private static final List<ListingTable> TABLES = Recorded.tables(Recorded.text("all"));
  private static final List<ServiceState> STATES = Recorded.states(TABLES);
  private static final IpvsInfo INFO = TABLES.get(0).info().orElseThrow();

  private static VirtualService definition(ServiceKey key) {
    return STATES.stream()
        .map(ServiceState::definition)
        .filter(service -> service.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void listsOfOneRunShowTheSameTable() {
    assertThat(TABLES).hasSize(6);
    assertThat(TABLES).allMatch(table -> table.sameStructure(TABLES.get(0)));
    assertThat(TABLES).noneMatch(ListingTable::hasRepetitions);
    assertThat(INFO).isEqualTo(new IpvsInfo(0x010201, 4096));
    assertThat(STATES).hasSize(20);
  }

  @Test
  void everyKindOfServerIsUnderstood() {
    assertThat(definition(ServiceKey.tcp("10.0.0.1", 80)))
        .isEqualTo(
            VirtualService.tcp("10.0.0.1", 80)
                .scheduler(Scheduler.RR)
                .addRealServer("10.0.1.1")
                .weight(2)
                .tunnel()
                .addRealServer("10.0.1.2")
                .weight(0)
                .tunnel(Encapsulation.gue(6080))
                .addRealServer("10.0.1.3")
                .weight(65535)
                .tunnel(Encapsulation.gue(65535).checksum())
                .addRealServer("10.0.1.4")
                .tunnel(Encapsulation.gue(1).remoteChecksum())
                .addRealServer("10.0.1.5")
                .tunnel(Encapsulation.gre())
                .addRealServer("10.0.1.6")
                .tunnel(Encapsulation.gre().checksum())
                .addRealServer("fd00:1::7")
                .thresholds(100, 50)
                .tunnel());
    assertThat(definition(ServiceKey.tcp("fd00:1::1", 80)))
        .isEqualTo(
            VirtualService.tcp("fd00:1::1", 80)
                .scheduler(Scheduler.RR)
                .addRealServer("fd00:1:2:3:4:5:6:7")
                .weight(3)
                .tunnel()
                .addRealServer("fd00:1::8")
                .masquerade()
                .addRealServer("10.0.1.8")
                .tunnel());
    assertThat(definition(ServiceKey.fwmark(1)).realServers())
        .containsExactlyInAnyOrder(
            RealServer.tunnel("10.0.1.1"), RealServer.masquerade("10.0.1.1").port(8080));
  }

  @Test
  void everyKindOfServiceIsUnderstood() {
    assertThat(definition(ServiceKey.tcp("255.255.255.254", 65535)).withoutRealServers())
        .isEqualTo(
            VirtualService.tcp("255.255.255.254", 65535)
                .scheduler(Scheduler.MH.with(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK))
                .persistence(Duration.ofSeconds(360)));
    assertThat(definition(ServiceKey.tcp("10.0.0.3", 0)))
        .isEqualTo(
            VirtualService.allPorts(
                    Protocol.TCP,
                    "10.0.0.3",
                    Persistence.of(Duration.ofDays(31)).netmask("255.0.255.0"))
                .scheduler(Scheduler.SH.with(SchedulerFlag.SH_PORT)));
    assertThat(definition(ServiceKey.udp("10.0.0.1", 5060)))
        .isEqualTo(
            VirtualService.udp("10.0.0.1", 5060)
                .scheduler(Scheduler.RR)
                .persistence(Persistence.of(Duration.ofSeconds(300)).engine("sip")));
    assertThat(definition(ServiceKey.udp("192.168.1.1", 53)).scheduler())
        .isEqualTo(Scheduler.LC.with(SchedulerFlag.values()));
    assertThat(definition(ServiceKey.udp("fd00:1::1", 53)))
        .isEqualTo(VirtualService.udp("fd00:1::1", 53).scheduler(Scheduler.OVF).onePacket(true));
    assertThat(definition(ServiceKey.fwmark6(4294967295L)).withoutRealServers())
        .isEqualTo(
            VirtualService.fwmark6(4294967295L)
                .scheduler(Scheduler.WRR)
                .persistence(Persistence.of(Duration.ofSeconds(60)).prefixLength(48)));
    assertThat(definition(ServiceKey.fwmark(2147483648L)))
        .isEqualTo(
            VirtualService.fwmark(2147483648L)
                .scheduler(Scheduler.LBLCR)
                .persistence(Persistence.of(Duration.ofSeconds(60)).prefixLength(16)));
  }

  @Test
  void figuresAreUnderstood() {
    ServiceState masqueraded =
        STATES.stream()
            .filter(state -> state.key().equals(ServiceKey.tcp("10.0.0.1", 81)))
            .findFirst()
            .orElseThrow();
    Counters counters = masqueraded.counters();
    assertThat(counters.connections()).isEqualTo(1);
    assertThat(counters.outBytes()).isGreaterThan(130_000_000);
    ServerState server = masqueraded.servers().get(0);
    assertThat(server.counters()).isEqualTo(counters);
    assertThat(server.inactiveConnections()).isEqualTo(1);
    assertThat(server.definition().upperThreshold()).isEqualTo(Integer.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTIONS, connections",
    "TUNNELS, tun-info",
    "THRESHOLDS, thresholds",
    "PERSISTENT_CONNECTIONS, persistent-conn",
    "STATS, stats",
    "STATS_EXACT, stats-exact"
  })
  void listingIsThatOfTheProgram(Listing.View view, String recording) {
    assertThat(Listing.of(INFO, STATES, view)).isEqualTo(Recorded.text(recording));
  }

  @ParameterizedTest
  @CsvSource({"RATE, rate", "RATE_EXACT, rate-exact"})
  void listingOfRatesIsThatOfTheProgram(Listing.View view, String recording) {
    ListingTable rates = Recorded.tables(Recorded.text("rate-exact")).get(0);
    List<ServiceState> states = new ArrayList<>();
    for (ListingTable.Row row : rates.services()) {
      List<ServerState> servers =
          row.servers().stream()
              .map(
                  server ->
                      new ServerState(
                          new RealServer(
                              server.key().address(),
                              server.key().port(),
                              Forwarding.TUNNEL,
                              1,
                              0,
                              0),
                          0,
                          0,
                          0,
                          Counters.ZERO,
                          rates(server.columns())))
              .toList();
      states.add(
          new ServiceState(
              VirtualService.observed(
                  row.key(),
                  Scheduler.RR,
                  null,
                  false,
                  servers.stream().map(ServerState::definition).toList()),
              servers,
              Counters.ZERO,
              rates(row.columns())));
    }
    assertThat(Listing.of(INFO, states, view)).isEqualTo(Recorded.text(recording));
    assertThat(states).anyMatch(state -> state.rates().outBytes() > 1_000_000);
  }

  private static Rates rates(List<String> columns) {
    long[] figures = columns.stream().mapToLong(Long::parseLong).toArray();
    return Rates.of(figures[0], figures[1], figures[2], figures[3], figures[4]);
  }

  @Test
  void listOfOneServiceIsUnderstood() {
    List<ServiceState> states = Recorded.states(Recorded.tables(Recorded.text("one")));
    assertThat(states)
        .containsExactly(
            STATES.stream()
                .filter(state -> state.key().equals(ServiceKey.tcp("10.0.0.1", 80)))
                .findFirst()
                .orElseThrow());
  }

  @Test
  void savedTextIsUnderstoodAndWrittenAgain() {
    String saved = Recorded.text("save");
    List<VirtualService> services = Rules.replay(Rules.parse(saved)).snapshot().services();
    List<VirtualService> definitions =
        STATES.stream()
            .map(ServiceState::definition)
            .map(RecordedOutputTest::withoutThresholds)
            .toList();
    assertThat(services).containsExactlyInAnyOrderElementsOf(definitions);
    assertThat(Rules.replay(Rules.parse(saved)).refusals()).isEmpty();

    RulesText written =
        Rules.write(
            new Snapshot(
                STATES.stream().map(ServiceState::definition).toList(),
                Timeouts.ofSeconds(900, 120, 300),
                List.of()),
            RulesForm.SAVED);
    assertThat(written.text())
        .isEqualTo(
            saved.replace("-f -1 ", "-f 4294967295 ").replace("-f -2147483648 ", "-f 2147483648 "));
    assertThat(written.losses())
        .extracting(Loss::kind)
        .containsOnly(Loss.Kind.THRESHOLDS)
        .hasSize(2);
  }

  private static VirtualService withoutThresholds(VirtualService service) {
    return VirtualService.observed(
        service.key(),
        service.scheduler(),
        service.persistence().orElse(null),
        service.onePacket(),
        service.realServers().stream()
            .map(
                server ->
                    new RealServer(
                        server.address(),
                        server.port(),
                        server.forwarding(),
                        server.weight(),
                        0,
                        0))
            .toList());
  }

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

  @Test
  void marksAreWhatBatchesRelyOn() {
    assertThat(Recorded.text("marks"))
        .isEqualTo(
            """
            --mark-1: unknown option
            Service already exists
            --mark-2: unknown option
            --mark-3: unknown option
            """);
  }

  @Test
  void filesOfTheKernelNameNoForeignServiceHere() throws Exception {
    assertThat(
            ForeignService.parse(
                new ByteArrayInputStream(
                    Recorded.text("proc-ip_vs").getBytes(StandardCharsets.US_ASCII))))
        .isEmpty();
    assertThat(STATES)
        .extracting(state -> state.key().family())
        .contains(AddressFamily.IPV4, AddressFamily.IPV6);
  }
}
