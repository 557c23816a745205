// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvstun.Encapsulation;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.ProtocolException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.state.Counters;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lists of ipvsadm, as recorded in the lab and as made up. */
final class AssemblerTest {

  private static final List<ServiceState> STATES =
      Recorded.states(Recorded.tables(Recorded.text("all")));

  private static VirtualService definition(ServiceKey key) {
    return STATES.stream()
        .map(ServiceState::definition)
        .filter(service -> service.key().equals(key))
        .findFirst()
        .orElseThrow();
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

  private static String changed(String from, String to) {
    String text = Recorded.text("one");
    assertThat(text).contains(from);
    return text.replace(from, to);
  }

  @ParameterizedTest
  @CsvSource({
    "'TCP  10.0.0.1:80 rr', 'TCP  10.0.0.1:80 rr foo', unknown setting: foo",
    "'TCP  10.0.0.1:80 rr', 'TCP  10.0.0.1:80 rr persistent', ends before a time-out",
    "'TCP  10.0.0.1:80 rr', 'TCP  10.0.0.1:80 rr persistent x', a number is malformed: x",
    "'TCP  10.0.0.1:80 rr', 'TCP  10.0.0.1:80 rr persistent 4294967296', a number is malformed",
    "'TCP  10.0.0.1:80 rr', 'TCP  10.0.0.1:80 rr persistent 1 mask', ends before a mask",
    "'TCP  10.0.0.1:80 rr', 'TCP  10.0.0.1:80 rr persistent 1 mask ::1', a mask is malformed",
    "'TCP  10.0.0.1:80 rr', 'TCP  10.0.0.1:80 rr persistent 1 mask x', a mask is malformed",
    "'TCP  10.0.0.1:80 rr', 'TCP  10.0.0.1:80 sh (sh-port', scheduler flags are malformed",
    "'TCP  10.0.0.1:80 rr', 'TCP  10.0.0.1:80 sh (sh-none)', a scheduler flag is unknown: sh-none",
    "'  Tunnel  ', '  Carrier ', a forwarding method is unknown: Carrier"
  })
  void whatIpvsadmNeverPrintsIsAProtocolException(String from, String to, String reason) {
    String text = changed(from, to);
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> Recorded.states(Recorded.tables(text)))
        .withMessageContaining(reason);
  }

  @Test
  void listThatWasNotReadIsAMistakeOfTheCaller() {
    assertThatIllegalStateException()
        .isThrownBy(() -> new Assembler(View.TUNNELS, Map.of()).states())
        .withMessage("the list TUNNELS was not read");
  }
}
