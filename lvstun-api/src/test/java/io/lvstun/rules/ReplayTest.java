// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.memory.MemoryDriver;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReplayTest {

  @Test
  void commandsWorkOnOneAnother() {
    Replay replay =
        Rules.replay(
            Rules.parse(
                """
                -A -t 10.0.0.1:80 -s rr -p 60
                -a -t 10.0.0.1:80 -r 10.0.1.1 -i -w 5 -x 100 -y 50
                -a -t 10.0.0.1:80 -r 10.0.1.2 -i
                -A -u 10.0.0.1:53
                -e -t 10.0.0.1:80 -r 10.0.1.1 -i
                -E -t 10.0.0.1:80 -s wrr
                -d -t 10.0.0.1:80 -r 10.0.1.2
                -D -u 10.0.0.1:53
                --set 100 0 0
                --start-daemon master --mcast-interface bond0.7
                """));
    assertThat(replay.refusals()).isEmpty();
    assertThat(replay.snapshot().services())
        .as("edits reset what they do not repeat")
        .containsExactly(
            VirtualService.tcp("10.0.0.1", 80)
                .scheduler(Scheduler.WRR)
                .addRealServer("10.0.1.1")
                .tunnel());
    assertThat(replay.snapshot().timeouts()).isEqualTo(Timeouts.ofSeconds(100, 120, 300));
    assertThat(replay.snapshot().syncDaemons())
        .containsExactly(SyncDaemon.master("bond0.7").maxLength(1472));
  }

  @Test
  void refusalsAreListedWithTheirLinesAndDoNotStopTheRest() {
    Replay replay =
        Rules.replay(
            Rules.parse(
                """
                # A mistake a line.
                -A -t 10.0.0.1:80
                -A -t 10.0.0.1:80
                -a -t 10.0.0.2:80 -r 10.0.1.1 -i
                -a -t 10.0.0.1:80 -r 10.0.1.1 -i -x 1 -y 2
                -a -t 10.0.0.1:80 -r 224.0.0.1 -i
                -d -t 10.0.0.1:80 -r 10.0.1.9
                -A -t 10.0.0.3:80 -s none-such
                --stop-daemon backup
                -a -t 10.0.0.1:80 -r 10.0.1.1 -i
                """));
    assertThat(replay.refusals())
        .extracting(refusal -> refusal.rule().line())
        .containsExactly(3, 4, 5, 6, 7, 8, 9);
    assertThat(replay.refusals())
        .extracting(refusal -> refusal.error().getClass())
        .isEqualTo(
            List.of(
                AlreadyExistsException.class,
                NotFoundException.class,
                LvsException.class,
                LvsException.class,
                NotFoundException.class,
                NotFoundException.class,
                NotFoundException.class));
    assertThat(replay.refusals().get(0))
        .hasToString(
            "line 3: cannot add service TCP 10.0.0.1:80 (memory): service already exists [17]."
                + " Edit it instead, or use apply");
    assertThat(replay.snapshot().services())
        .containsExactly(VirtualService.tcp("10.0.0.1", 80).addRealServer("10.0.1.1").tunnel());
  }

  @Test
  void servicesAndServersKeepTheOrderOfTheText() {
    Replay replay =
        Rules.replay(
            Rules.parse(
                """
                -A -f 9
                -a -f 9 -r 10.0.1.3 -i
                -a -f 9 -r 10.0.1.1 -i
                -a -f 9 -r 10.0.1.2 -i
                -A -t 10.0.0.9:80
                -A -t 10.0.0.1:80
                """));
    assertThat(replay.snapshot().services())
        .extracting(service -> service.key().toString())
        .containsExactly("FWM 9", "TCP 10.0.0.9:80", "TCP 10.0.0.1:80");
    assertThat(replay.snapshot().services().get(0).realServers())
        .containsExactly(
            RealServer.tunnel("10.0.1.3"),
            RealServer.tunnel("10.0.1.1"),
            RealServer.tunnel("10.0.1.2"));
  }

  @Test
  void rulesRunThroughAnyDriver() {
    try (MemoryDriver driver = MemoryDriver.open()) {
      List<Refusal> refusals = Rules.run(Rules.parse("-A -f 1\n-D -f 2\n-A -f 3 -s rr"), driver);
      assertThat(refusals).extracting(refusal -> refusal.rule().line()).containsExactly(2);
      assertThat(driver.services(Consistency.VERIFIED))
          .extracting(state -> state.definition())
          .containsExactlyInAnyOrder(
              VirtualService.fwmark(1), VirtualService.fwmark(3).scheduler(Scheduler.RR));
    }
  }
}
