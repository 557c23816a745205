// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.Persistence;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RulesTest {

  private static final ServiceKey WEB = ServiceKey.tcp("10.0.0.1", 80);

  private static Command command(String line) {
    List<Rule> rules = Rules.parse(line);
    assertThat(rules).hasSize(1);
    return rules.get(0).command();
  }

  private static VirtualService service(String line) {
    return ((Command.AddService) command(line)).service();
  }

  private static RealServer server(String line) {
    return ((Command.AddServer) command(line)).server();
  }

  private static RulesSyntaxException error(String text) {
    return catchThrowableOfType(RulesSyntaxException.class, () -> Rules.parse(text));
  }

  @Test
  void readsWhatTheProgramSaves() {
    List<Rule> rules =
        Rules.parse(
            """
            -A -t 10.0.0.1:80 -s mh -p 300 -M 255.255.255.0 --pe sip -b mh-fallback,mh-port
            -a -t 10.0.0.1:80 -r 10.0.1.1:80 -i -w 2 --tun-type gue --tun-port 6080 --tun-csum
            -A -u [fd00::1]:53 -s rr -o
            -a -u [fd00::1]:53 -r 10.0.1.2:53 -i -w 1 --tun-type ipip
            -A -f 7 -6 -s wlc -p 360 -M 64
            -a -f 7 -6 -r [fd00::2]:0 -g -w 0
            """);
    VirtualService web =
        VirtualService.tcp("10.0.0.1", 80)
            .scheduler(Scheduler.MH.with(SchedulerFlag.MH_FALLBACK, SchedulerFlag.MH_PORT))
            .persistence(
                Persistence.of(Duration.ofSeconds(300)).netmask("255.255.255.0").engine("sip"));
    VirtualService dns = VirtualService.udp("fd00::1", 53).scheduler(Scheduler.RR).onePacket(true);
    VirtualService marked =
        VirtualService.fwmark6(7)
            .persistence(Persistence.of(Duration.ofSeconds(360)).prefixLength(64));
    assertThat(rules)
        .containsExactly(
            new Rule(1, new Command.AddService(web)),
            new Rule(
                2,
                new Command.AddServer(
                    WEB,
                    RealServer.tunnel("10.0.1.1", Encapsulation.gue(6080).checksum())
                        .port(80)
                        .weight(2))),
            new Rule(3, new Command.AddService(dns)),
            new Rule(
                4,
                new Command.AddServer(dns.key(), RealServer.tunnel("10.0.1.2").port(53).weight(1))),
            new Rule(5, new Command.AddService(marked)),
            new Rule(
                6,
                new Command.AddServer(
                    marked.key(), RealServer.directRouting("fd00::2").port(0).weight(0))));
  }

  @Test
  void passesOverCommentsAndBlankLines() {
    assertThat(Rules.parse("")).isEmpty();
    assertThat(Rules.parse("\n \t\r\n# -C\n#\nipvsadm\n\n-C"))
        .containsExactly(new Rule(7, new Command.Flush()));
  }

  @Test
  void readsAllServicesForTheServiceThatMeansAll() {
    assertThat(command("-Z -t 0.0.0.0:0")).isEqualTo(new Command.Zero(Optional.empty()));
    assertThat(command("-Z -u 0.0.0.0:53"))
        .isEqualTo(new Command.Zero(Optional.of(ServiceKey.udp("0.0.0.0", 53))));
  }
}
