// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

  @Test
  void argumentsOfEveryCommand() {
    ServiceKey key = ServiceKey.sctp("fd00::1", 7);
    assertThat(Rules.arguments(new Command.RemoveService(key)))
        .containsExactly("-D", "--sctp-service", "[fd00::1]:7");
    assertThat(Rules.arguments(new Command.EditService(VirtualService.fwmark(9))))
        .containsExactly("-E", "-f", "9", "-s", "wlc");
    assertThat(
            Rules.arguments(
                new Command.AddServer(key, RealServer.directRouting("fd00::2").port(7))))
        .containsExactly(
            "-a",
            "--sctp-service",
            "[fd00::1]:7",
            "-r",
            "[fd00::2]:7",
            "-g",
            "-w",
            "1",
            "-x",
            "0",
            "-y",
            "0");
    assertThat(
            Rules.arguments(
                new Command.EditServer(
                    key,
                    RealServer.tunnel("fd00::2", Encapsulation.gue(9).remoteChecksum()).port(7))))
        .containsExactly(
            "-e",
            "--sctp-service",
            "[fd00::1]:7",
            "-r",
            "[fd00::2]:7",
            "-i",
            "-w",
            "1",
            "--tun-type",
            "gue",
            "--tun-port",
            "9",
            "--tun-remcsum",
            "-x",
            "0",
            "-y",
            "0");
    assertThat(Rules.arguments(new Command.RemoveServer(key, ServerKey.of("fd00::2", 7))))
        .containsExactly("-d", "--sctp-service", "[fd00::1]:7", "-r", "[fd00::2]:7");
    assertThat(Rules.arguments(new Command.Zero(Optional.of(ServiceKey.fwmark6(3)))))
        .containsExactly("-Z", "-f", "3", "-6");
    assertThat(Rules.arguments(new Command.Zero(Optional.empty()))).containsExactly("-Z");
    assertThat(Rules.arguments(new Command.Flush())).containsExactly("-C");
    assertThat(Rules.arguments(new Command.SetTimeouts(Timeouts.ofSeconds(1, 0, 3))))
        .containsExactly("--set", "1", "0", "3");
    assertThat(Rules.arguments(new Command.StopDaemon(SyncDaemon.Role.BACKUP)))
        .containsExactly("--stop-daemon", "backup");
  }

  @Test
  void argumentsOfACommandWithAnObstacleAreRefused() {
    Command zero = new Command.Zero(Optional.of(ServiceKey.tcp("0.0.0.0", 0)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Rules.arguments(zero))
        .withMessage(
            "command must be one that ipvsadm can do, not zero counters of TCP 0.0.0.0:0:"
                + " ipvsadm takes the service TCP 0.0.0.0:0 for all services");
  }

  @Test
  void argumentsAreReadBackAsTheSameCommand() {
    for (Command command :
        List.of(
            new Command.StartDaemon(SyncDaemon.backup("eth1").syncId(5).ttl(3).group("ff05::1")),
            new Command.AddService(VirtualService.fwmark6(4_294_967_295L).scheduler(Scheduler.SH)),
            new Command.EditService(
                VirtualService.udp("2001:db8::1", 53).onePacket(true).scheduler(Scheduler.RR)),
            new Command.RemoveServer(ServiceKey.fwmark(1), ServerKey.of("10.0.0.1", 0)))) {
      String line = String.join(" ", Arguments.of(command));
      assertThat(Rules.parse(line)).extracting(Rule::command).containsExactly(command);
    }
  }
}
