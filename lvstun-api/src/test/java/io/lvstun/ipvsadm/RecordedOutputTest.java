// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.Forwarding;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.Snapshot;
import io.lvstun.Timeouts;
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
import java.util.ArrayList;
import java.util.List;
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
