// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static io.lvstun.Scheduler.RR;
import static io.lvstun.Scheduler.WLC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlannerTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80)
          .scheduler(RR)
          .addRealServer("192.0.2.11")
          .tunnel()
          .addRealServer("192.0.2.12")
          .weight(2)
          .tunnel();

  private static Map<ServiceKey, VirtualService> table(VirtualService... services) {
    Map<ServiceKey, VirtualService> table = new LinkedHashMap<>();
    Arrays.stream(services).forEach(service -> table.put(service.key(), service));
    return table;
  }

  private static String text(List<Change> changes) {
    return new Plan(changes, OnFailure.KEEP).toString();
  }

  @Test
  void plansBetweenStatesNeedNoDirector() {
    VirtualService before =
        VirtualService.tcp("192.0.2.1", 80).addRealServer(RealServer.tunnel("192.0.2.11"));
    VirtualService other = VirtualService.tcp("192.0.2.2", 80);
    VirtualService after = before.addRealServer(RealServer.tunnel("192.0.2.12"));
    assertThat(Plan.between(List.of(before, other), List.of(before)).isEmpty()).isTrue();
    Plan plan = Plan.between(List.of(before, other), List.of(after));
    assertThat(plan.changes()).hasSize(1);
    assertThat(plan.toString()).contains("192.0.2.12");
    assertThat(Plan.between(List.of(after), List.of(before)).changes()).hasSize(1);
  }

  @Test
  void emptyTableGetsServiceThenServers() {
    assertThat(text(Planner.converge(List.of(WEB), Map.of())))
        .isEqualTo(
            """
            + TCP 192.0.2.1:80 rr
            + TCP 192.0.2.1:80 -> 192.0.2.11:80 Tunnel 1
            + TCP 192.0.2.1:80 -> 192.0.2.12:80 Tunnel 2\
            """);
  }

  @Test
  void agreeingTableNeedsNothingInWhateverOrderTheServersAre() {
    VirtualService three = WEB.addRealServer("192.0.2.13").tunnel();
    List<RealServer> servers = three.realServers();
    for (int[] order : new int[][] {{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {0, 2, 1}}) {
      VirtualService present =
          three
              .withoutRealServers()
              .addRealServers(Arrays.stream(order).mapToObj(servers::get).toList());
      assertThat(Planner.converge(List.of(three), table(present))).as("%s", present).isEmpty();
    }
  }

  @Test
  void editsShowOldAndNewValue() {
    VirtualService present =
        WEB.scheduler(WLC).realServer("192.0.2.12", server -> server.weight(7));
    assertThat(text(Planner.converge(List.of(WEB), table(present))))
        .isEqualTo(
            """
            ~ TCP 192.0.2.1:80 wlc => TCP 192.0.2.1:80 rr
            ~ TCP 192.0.2.1:80 -> 192.0.2.12:80 Tunnel 7 => 192.0.2.12:80 Tunnel 2\
            """);
  }

  @Test
  void changesOfPersistenceAndOnePacketAreEdits() {
    VirtualService dns = VirtualService.udp("192.0.2.1", 53);
    assertThat(
            text(
                Planner.converge(
                    List.of(dns.persistence(Duration.ofSeconds(60)).onePacket(true)), table(dns))))
        .isEqualTo("~ UDP 192.0.2.1:53 wlc => UDP 192.0.2.1:53 wlc persistent 60 ops");
  }

  @Test
  void removalsComeAfterEveryAdditionAndEdit() {
    VirtualService mail = VirtualService.tcp("192.0.2.2", 25).addRealServer("192.0.2.21").tunnel();
    VirtualService swapped =
        WEB.removeRealServer("192.0.2.11").addRealServer("192.0.2.13").tunnel();
    assertThat(text(Planner.converge(List.of(swapped, mail), table(WEB))))
        .isEqualTo(
            """
            + TCP 192.0.2.1:80 -> 192.0.2.13:80 Tunnel 1
            + TCP 192.0.2.2:25 wlc
            + TCP 192.0.2.2:25 -> 192.0.2.21:25 Tunnel 1
            - TCP 192.0.2.1:80 -> 192.0.2.11:80\
            """);
  }

  @Test
  void convergingLeavesOtherServicesAlone() {
    VirtualService other = VirtualService.fwmark(7);
    assertThat(Planner.converge(List.of(WEB), table(WEB, other))).isEmpty();
  }

  @Test
  void replacingRemovesOtherServicesAndCanPutThemBackWithTheirServers() {
    VirtualService other = VirtualService.fwmark(7).addRealServer("192.0.2.31").tunnel();
    List<Change> changes = Planner.replaceAll(List.of(WEB), table(WEB, other));
    assertThat(text(changes)).isEqualTo("- FWM 7");
    assertThat(changes.get(0).undo())
        .containsExactly(
            new Command.AddService(other),
            new Command.AddServer(other.key(), other.realServers().get(0)));
  }

  @Test
  void everyChangeNamesWhatTakesItBack() {
    VirtualService present =
        WEB.scheduler(WLC).removeRealServer("192.0.2.11").addRealServer("192.0.2.19").tunnel();
    assertThat(Planner.converge(List.of(WEB), table(present)))
        .extracting(change -> change.undo().get(0))
        .containsExactly(
            new Command.EditService(present),
            new Command.RemoveServer(WEB.key(), ServerKey.of("192.0.2.11", 80)),
            new Command.AddServer(WEB.key(), RealServer.tunnel("192.0.2.19").port(80)));
  }

  @Test
  void sameServiceTwiceIsTheCallersMistake() {
    assertThatThrownBy(() -> Planner.converge(List.of(WEB, WEB), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("service TCP 192.0.2.1:80 is given twice");
  }

  @Test
  void restoringStopsDaemonsBeforeServicesAndStartsThemAfter() {
    Timeouts timeouts = Timeouts.ofSeconds(900, 120, 300);
    Snapshot wanted =
        new Snapshot(List.of(WEB), timeouts, List.of(SyncDaemon.master("eth0").syncId(2)));
    Snapshot present =
        new Snapshot(
            List.of(),
            timeouts.udp(Duration.ofSeconds(60)),
            List.of(SyncDaemon.master("eth0").maxLength(1472)));
    List<Change> changes = Planner.restore(wanted, present);
    assertThat(changes.get(0).command()).isEqualTo(new Command.StopDaemon(SyncDaemon.Role.MASTER));
    assertThat(changes.get(1)).hasToString("~ timeouts 900 120 60 => 900 120 300");
    assertThat(changes.get(changes.size() - 1).command())
        .isEqualTo(new Command.StartDaemon(SyncDaemon.master("eth0").syncId(2)));
    assertThat(changes).hasSize(6);
  }

  @Test
  void lengthThatTheKernelChoseCountsAsAsked() {
    Timeouts timeouts = Timeouts.ofSeconds(900, 120, 300);
    Snapshot wanted = new Snapshot(List.of(), timeouts, List.of(SyncDaemon.backup("eth0")));
    Snapshot present =
        new Snapshot(List.of(), timeouts, List.of(SyncDaemon.backup("eth0").maxLength(1472)));
    assertThat(Planner.restore(wanted, present)).isEmpty();
  }
}
