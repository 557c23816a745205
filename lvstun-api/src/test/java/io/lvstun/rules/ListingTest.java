// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.state.Counters;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the recordings of the program do not show; they are compared in the driver's tests. */
final class ListingTest {

  private static final IpvsInfo INFO = new IpvsInfo(0x010201, 4096);

  private static ServiceState state(VirtualService service) {
    List<ServerState> servers = new ArrayList<>();
    for (RealServer server : service.realServers()) {
      servers.add(new ServerState(server, 0, 0, 0, Counters.ZERO, Rates.ZERO));
    }
    return new ServiceState(service, servers, Counters.ZERO, Rates.ZERO);
  }

  private static List<String> lines(VirtualService... services) {
    return lines(Listing.View.TUNNELS, services);
  }

  private static List<String> lines(Listing.View view, VirtualService... services) {
    String text =
        Listing.of(INFO, List.of(services).stream().map(ListingTest::state).toList(), view);
    return text.lines().skip(3).toList();
  }

  @Test
  void emptyTableHasItsTitlesOnly() {
    assertThat(Listing.of(INFO, List.of()))
        .isEqualTo(
            """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
            """);
  }

  @Test
  void foreignValuesLookAsTheProgramShowsThem() {
    ServiceKey key = ServiceKey.tcp("10.0.0.1", 80);
    RealServer plain = RealServer.tunnel("10.0.1.1").port(80);
    VirtualService service =
        VirtualService.observed(
            key,
            Scheduler.SH.with(SchedulerFlag.FLAG_3),
            null,
            false,
            List.of(
                plain.forwarding(new Forwarding.Other(1)),
                plain.port(81).forwarding(new Forwarding.Other(4)),
                plain.port(82).forwarding(new Forwarding.Tunnel(new Encapsulation(9, 1, 1))),
                new RealServer(IpAddress.parse("10.0.1.2"), 80, Forwarding.TUNNEL, 70000, 0, 0)));
    VirtualService gre =
        VirtualService.observed(
            new ServiceKey.Endpoint(Protocol.of(47), IpAddress.parse("10.0.0.1"), 0),
            Scheduler.RR,
            null,
            false,
            List.of());
    assertThat(lines(service, gre))
        .containsExactly(
            "TCP  10.0.0.1:80 sh ()",
            "  -> 10.0.1.1:80                  Local   n/a           1      0          0         ",
            "  -> 10.0.1.1:81                  (null)  n/a           1      0          0         ",
            "  -> 10.0.1.1:82                  Tunnel  n/a           1      0          0         ",
            "  -> 10.0.1.2:80                  Tunnel  ipip          70000  0          0         ",
            "?    10.0.0.1:0 rr");
  }

  @ParameterizedTest
  @CsvSource({
    "99999999, ' 99999999', ' 99999999'",
    "100000000, '  100000K', ' 100000000'",
    "999999999, '  999999K', ' 999999999'",
    "1000000000, '    1000M', ' 1000000000'",
    "99999999999, '   99999M', ' 99999999999'",
    "100000000000, '     100G', ' 100000000000'",
    "99999999999999, '   99999G', ' 99999999999999'",
    "100000000000000, '     100T', ' 100000000000000'",
    "9223372036854775807, ' 9223372T', ' 9223372036854775807'"
  })
  void largeFiguresAreShortenedUnlessExact(long figure, String shortened, String exact) {
    ServiceState state =
        new ServiceState(
            VirtualService.fwmark(1), List.of(), new Counters(figure, 0, 0, 0, 0), Rates.ZERO);
    String name = "FWM  1                           ";
    assertThat(Listing.of(INFO, List.of(state), Listing.View.STATS).lines().skip(3))
        .containsExactly(name + shortened + "        0".repeat(4));
    assertThat(Listing.of(INFO, List.of(state), Listing.View.STATS_EXACT).lines().skip(3))
        .containsExactly(name + exact + "        0".repeat(4));
  }

  @Test
  void orderIsThatOfTheProgramsSubtractions() {
    assertThat(
            lines(
                VirtualService.tcp("10.0.0.1", 80),
                VirtualService.tcp("192.168.1.1", 80),
                VirtualService.tcp("100.0.0.1", 80),
                VirtualService.udp("10.0.0.1", 53),
                VirtualService.tcp("fd00::1", 80),
                VirtualService.fwmark6(5),
                VirtualService.fwmark(5),
                VirtualService.fwmark(4294967295L)))
        .containsExactly(
            "FWM  -1 wlc",
            "TCP  100.0.0.1:80 wlc",
            "TCP  192.168.1.1:80 wlc",
            "TCP  10.0.0.1:80 wlc",
            "UDP  10.0.0.1:53 wlc",
            "TCP  [fd00::1]:80 wlc",
            "FWM  5 wlc",
            "FWM  5 IPv6 wlc");
  }

  @Test
  void serversOfBothFamiliesAreOrderedAsTheProgramDoes() {
    assertThat(
            lines(
                VirtualService.tcp("10.0.0.1", 80)
                    .addRealServer("fd00::2")
                    .tunnel()
                    .addRealServer("10.0.1.2")
                    .tunnel()
                    .addRealServer("10.0.1.1")
                    .tunnel()
                    .addRealServer("fd00::1")
                    .tunnel()))
        .extracting(line -> line.split(" +")[line.startsWith(" ") ? 2 : 1])
        .containsExactly(
            "10.0.0.1:80", "[fd00::1]:80", "[fd00::2]:80", "10.0.1.1:80", "10.0.1.2:80");
  }
}
