// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.Snapshot;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RulesWriteTest {

  private static final VirtualService WEB =
      VirtualService.tcp("10.0.0.2", 80)
          .scheduler(Scheduler.MH.with(SchedulerFlag.MH_FALLBACK, SchedulerFlag.MH_PORT))
          .persistence(
              Persistence.of(Duration.ofSeconds(300)).netmask("255.255.255.0").engine("sip"))
          .addRealServer("10.0.1.2")
          .weight(2)
          .thresholds(100, 50)
          .tunnel(Encapsulation.gue(6080).checksum())
          .addRealServer("10.0.1.1")
          .tunnel()
          .addRealServer("10.0.1.3")
          .port(8080)
          .masquerade()
          .addRealServer("fd00::4")
          .weight(0)
          .tunnel(Encapsulation.gre());
  private static final VirtualService DNS =
      VirtualService.udp("10.0.0.1", 53).scheduler(Scheduler.RR).onePacket(true);
  private static final VirtualService MARK =
      VirtualService.fwmark6(4294967295L)
          .persistence(Persistence.of(Duration.ofSeconds(60)).prefixLength(64));
  private static final Snapshot SNAPSHOT =
      new Snapshot(
          List.of(MARK, WEB, DNS),
          Timeouts.ofSeconds(900, 120, 301),
          List.of(SyncDaemon.backup("eth1").syncId(3).maxLength(1400).group("ff05::81")));

  @Test
  void savedFormIsWhatTheProgramSaves() {
    RulesText written = Rules.write(SNAPSHOT, RulesForm.SAVED);
    assertThat(written.text())
        .isEqualTo(
            """
            -A -f 4294967295 -6 -s wlc -p 60 -M 64
            -A -t 10.0.0.2:80 -s mh -p 300 -M 255.255.255.0 --pe sip -b mh-fallback,mh-port
            -a -t 10.0.0.2:80 -r [fd00::4]:80 -i -w 0 --tun-type gre --tun-nocsum
            -a -t 10.0.0.2:80 -r 10.0.1.1:80 -i -w 1 --tun-type ipip
            -a -t 10.0.0.2:80 -r 10.0.1.2:80 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum
            -a -t 10.0.0.2:80 -r 10.0.1.3:8080 -m -w 1
            -A -u 10.0.0.1:53 -s rr -o
            """);
    assertThat(written.losses())
        .containsExactly(
            new Loss(Loss.Kind.TIMEOUTS, "", "the time-outs 900 120 301 are not in this form"),
            new Loss(
                Loss.Kind.THRESHOLDS,
                "10.0.1.2:80 of TCP 10.0.0.2:80",
                "the thresholds 100 and 50 are not in this form"),
            new Loss(
                Loss.Kind.SYNC_DAEMON,
                "backup sync daemon (mcast=eth1, syncid=3, maxlen=1400, group=ff05::81, port=8848,"
                    + " ttl=1)",
                "it is not in this form"));
    assertThat(written.lossless()).isFalse();
    assertThat(written).hasToString(written.text());
    assertThat(written.losses().get(1))
        .hasToString(
            "10.0.1.2:80 of TCP 10.0.0.2:80: the thresholds 100 and 50 are not in this form");
    assertThat(written.losses().get(0))
        .hasToString("the time-outs 900 120 301 are not in this form");
  }

  @Test
  void completeFormSaysEverything() {
    RulesText written = Rules.write(SNAPSHOT, RulesForm.COMPLETE);
    assertThat(written.text())
        .isEqualTo(
            """
            --set 900 120 301
            -A -f 4294967295 -6 -s wlc -p 60 -M 64
            -A -t 10.0.0.2:80 -s mh -p 300 -M 255.255.255.0 --pe sip -b mh-fallback,mh-port
            -a -t 10.0.0.2:80 -r 10.0.1.2:80 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum -x 100 -y 50
            -a -t 10.0.0.2:80 -r 10.0.1.1:80 -i -w 1 --tun-type ipip
            -a -t 10.0.0.2:80 -r 10.0.1.3:8080 -m -w 1
            -a -t 10.0.0.2:80 -r [fd00::4]:80 -i -w 0 --tun-type gre --tun-nocsum
            -A -u 10.0.0.1:53 -s rr -o
            --start-daemon backup --mcast-interface eth1 --syncid 3 --sync-maxlen 1400 --mcast-group ff05::81 --mcast-port 8848 --mcast-ttl 1
            """);
    assertThat(written.losses()).isEmpty();
    assertThat(written.lossless()).isTrue();
  }

  @Test
  void defaultTimeoutsAreNoLoss() {
    Snapshot plain = new Snapshot(List.of(DNS), Timeouts.ofSeconds(900, 120, 300), List.of());
    assertThat(Rules.write(plain, RulesForm.SAVED).losses()).isEmpty();
    assertThat(Rules.write(List.of(), RulesForm.COMPLETE)).isEqualTo(new RulesText("", List.of()));
  }

  @Test
  void whatIsWrittenReadsBackAsTheSame() {
    Snapshot plain =
        new Snapshot(
            List.of(MARK, WEB.removeRealServer("fd00::4"), DNS),
            SNAPSHOT.timeouts(),
            List.of(SyncDaemon.master("eth7").syncId(3).maxLength(1400)));
    Replay replay = Rules.replay(Rules.parse(Rules.write(plain, RulesForm.COMPLETE).text()));
    assertThat(replay.refusals()).isEmpty();
    assertThat(replay.snapshot()).isEqualTo(plain);
    assertThat(replay.snapshot().services().get(1).realServers())
        .as("in their order, too")
        .containsExactlyElementsOf(plain.services().get(1).realServers());
  }

  @Test
  void lossesOfForeignValuesAreListedAndTheRestIsReadable() {
    ServiceKey key = ServiceKey.tcp("10.0.0.1", 80);
    RealServer plain = RealServer.tunnel("10.0.1.1").port(80);
    VirtualService foreign =
        VirtualService.observed(
            key,
            Scheduler.RR,
            null,
            false,
            List.of(
                plain,
                new RealServer(
                    IpAddress.parse("10.0.1.2"), 80, Forwarding.TUNNEL, 70000, 1L << 31, 7),
                RealServer.tunnel("10.0.1.3").port(81),
                RealServer.tunnel("10.0.1.1").port(82),
                RealServer.of(IpAddress.parse("10.0.1.4"), new Forwarding.Other(1)).port(80),
                RealServer.of(
                        IpAddress.parse("10.0.1.5"),
                        new Forwarding.Tunnel(new Encapsulation(Encapsulation.TYPE_GUE, 5, 3)))
                    .port(80)));
    VirtualService esp =
        VirtualService.observed(
            new ServiceKey.Endpoint(Protocol.of(50), IpAddress.parse("10.0.0.1"), 0),
            Scheduler.RR,
            null,
            false,
            List.of(plain));
    VirtualService anyPort =
        VirtualService.observed(
            ServiceKey.tcp("10.0.0.1", 0), Scheduler.RR, null, false, List.of());
    VirtualService onePacket = VirtualService.observed(key, Scheduler.RR, null, true, List.of());
    VirtualService longPersistence =
        VirtualService.observed(
            ServiceKey.fwmark(1),
            Scheduler.RR,
            Persistence.observed(2678401, ServiceKey.fwmark(1).family(), -1, null),
            false,
            List.of());
    RulesText written =
        Rules.write(List.of(foreign, esp, anyPort, onePacket, longPersistence), RulesForm.COMPLETE);
    assertThat(written.text())
        .isEqualTo(
            """
            -A -t 10.0.0.1:80 -s rr
            -a -t 10.0.0.1:80 -r 10.0.1.1:80 -i -w 1 --tun-type ipip
            -a -t 10.0.0.1:80 -r 10.0.1.2:80 -i -w 65535 --tun-type ipip
            -a -t 10.0.0.1:80 -r 10.0.1.3:80 -i -w 1 --tun-type ipip
            """);
    assertThat(written.losses())
        .extracting(Loss::toString)
        .containsExactly(
            "10.0.1.2:80 of TCP 10.0.0.1:80: ipvsadm takes weights up to 65535, not 70000",
            "10.0.1.2:80 of TCP 10.0.0.1:80: ipvsadm takes thresholds up to 2147483647,"
                + " not 2147483648 and 7",
            "10.0.1.3:81 of TCP 10.0.0.1:80: ipvsadm gives a server that is not masqueraded the"
                + " service's port 80 instead of 81",
            "10.0.1.1:82 of TCP 10.0.0.1:80: ipvsadm gives a server that is not masqueraded the"
                + " service's port 80 instead of 82, and there is a server of that port",
            "10.0.1.4:80 of TCP 10.0.0.1:80: ipvsadm has no option for the forwarding method Local",
            "10.0.1.5:80 of TCP 10.0.0.1:80: ipvsadm has no options for the tunnel gue:5:flags-3",
            "proto-50 10.0.0.1:0: ipvsadm has no option for the protocol 50",
            "TCP 10.0.0.1:0: ipvsadm takes port 0 only for a persistent service",
            "TCP 10.0.0.1:80: ipvsadm takes one-packet scheduling only for UDP and firewall marks",
            "FWM 1: ipvsadm takes a persistence of 1 second to 31 days, not 2678401");
    assertThat(Rules.replay(Rules.parse(written.text())).refusals()).isEmpty();
  }

  @Test
  void namesThatTheProgramWouldPassOverAreProtected() {
    VirtualService odd =
        VirtualService.tcp("10.0.0.1", 80)
            .scheduler(Scheduler.named("ipvsadm"))
            .persistence(Persistence.of(Duration.ofSeconds(60)).engine("ipvsadm"));
    assertThat(Rules.write(List.of(odd), RulesForm.SAVED).text())
        .isEqualTo("-A -t 10.0.0.1:80 -s=ipvsadm -p 60 --pe=ipvsadm\n");
    assertThat(Rules.parse("-A -t 10.0.0.1:80 -s=ipvsadm -p 60 --pe=ipvsadm").get(0).command())
        .isEqualTo(new Command.AddService(odd));
    assertThat(Rules.arguments(new Command.StartDaemon(SyncDaemon.master("ipvsadm"))))
        .contains("--mcast-interface=ipvsadm");
    assertThat(Rules.obstacle(new Command.StartDaemon(SyncDaemon.master("a!#:+"))))
        .map(Loss::detail)
        .contains("ipvsadm replaces the '!#:+' of the name a!#:+");
  }

  @ParameterizedTest
  @EnumSource(RulesForm.class)
  void orderOfTheProgramIsTakenOnlyWhereItIsPromised(RulesForm form) {
    // To ipvsadm, 10.0.0.1 comes after 192.168.1.1: it subtracts 32-bit numbers.
    List<VirtualService> services =
        List.of(
            VirtualService.tcp("10.0.0.1", 80),
            VirtualService.tcp("192.168.1.1", 80),
            VirtualService.fwmark(1));
    assertThat(Rules.write(services, form).text().lines())
        .containsExactly(
            form == RulesForm.SAVED
                ? new String[] {
                  "-A -t 192.168.1.1:80 -s wlc", "-A -t 10.0.0.1:80 -s wlc", "-A -f 1 -s wlc"
                }
                : new String[] {
                  "-A -t 10.0.0.1:80 -s wlc", "-A -t 192.168.1.1:80 -s wlc", "-A -f 1 -s wlc"
                });
  }
}
