// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.Command;
import io.lvstun.Persistence;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RuleParserTest {

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
  void readsEveryCommandByItsLongName() {
    assertThat(command("--add-service --tcp-service 10.0.0.1:80"))
        .isEqualTo(new Command.AddService(VirtualService.tcp("10.0.0.1", 80)));
    assertThat(command("--edit-service --sctp-service=10.0.0.1:80 --scheduler=rr"))
        .isEqualTo(
            new Command.EditService(VirtualService.sctp("10.0.0.1", 80).scheduler(Scheduler.RR)));
    assertThat(command("--delete-service --udp-service 10.0.0.1:80"))
        .isEqualTo(new Command.RemoveService(ServiceKey.udp("10.0.0.1", 80)));
    assertThat(command("--clear")).isEqualTo(new Command.Flush());
    assertThat(command("--zero")).isEqualTo(new Command.Zero(Optional.empty()));
    assertThat(command("--zero --fwmark-service 9"))
        .isEqualTo(new Command.Zero(Optional.of(ServiceKey.fwmark(9))));
    assertThat(
            command(
                "--edit-server --tcp-service 10.0.0.1:80 --real-server 10.0.1.1:8080"
                    + " --masquerading --weight 3 --u-threshold 10 --l-threshold 5"))
        .isEqualTo(
            new Command.EditServer(
                WEB, RealServer.masquerade("10.0.1.1").port(8080).weight(3).thresholds(10, 5)));
    assertThat(command("--delete-server --tcp-service 10.0.0.1:80 --real-server 10.0.1.1:8080"))
        .isEqualTo(new Command.RemoveServer(WEB, ServerKey.of("10.0.1.1", 8080)));
    assertThat(command("--set 900 0 300"))
        .isEqualTo(new Command.SetTimeouts(Timeouts.ofSeconds(900, 0, 300)));
    assertThat(
            command(
                "--start-daemon backup --mcast-interface eth1 --syncid 5 --sync-maxlen 1400"
                    + " --mcast-group ff05::1 --mcast-port 8850 --mcast-ttl 3"))
        .isEqualTo(
            new Command.StartDaemon(
                SyncDaemon.backup("eth1")
                    .syncId(5)
                    .maxLength(1400)
                    .group("ff05::1")
                    .port(8850)
                    .ttl(3)));
    assertThat(command("--start-daemon=master"))
        .isEqualTo(new Command.StartDaemon(SyncDaemon.master("eth0")));
    assertThat(command("--stop-daemon master --syncid 5"))
        .isEqualTo(new Command.StopDaemon(SyncDaemon.Role.MASTER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A -t 10.0.0.1:80 -s rr -p 300",
        "ipvsadm -A -t 10.0.0.1:80 -s rr -p 300",
        "-A -t ipvsadm 10.0.0.1:80 -s rr -p 300",
        "  -A\t-t  10.0.0.1:80 -srr -p300 \r",
        "-At 10.0.0.1:80 -s=rr -p=300",
        "-At10.0.0.1:80 --scheduler=rr --persistent=300",
        "-A -p 300 -s rr -t 10.0.0.1:80",
        "-A -p300 -M 255.255.255.255 -s rr -t 10.0.0.1:+80 --sort --sort",
        "-Ap0300 -s rr -t 10.0.0.1:080"
      })
  void readsEveryWayOfWritingTheSame(String line) {
    assertThat(service(line))
        .isEqualTo(
            VirtualService.tcp("10.0.0.1", 80)
                .scheduler(Scheduler.RR)
                .persistence(Duration.ofSeconds(300)));
  }

  @Test
  void fillsInTheDefaultsOfTheProgram() {
    assertThat(service("-A -t 10.0.0.1:80 -p").persistence())
        .contains(Persistence.of(Duration.ofSeconds(360)));
    assertThat(service("-A -t 10.0.0.1:80").scheduler()).isEqualTo(Scheduler.WLC);
    assertThat(service("-A -t 10.0.0.1 -p").key()).isEqualTo(ServiceKey.tcp("10.0.0.1", 0));
    assertThat(server("-a -t 10.0.0.1:80 -r 10.0.1.1"))
        .isEqualTo(RealServer.directRouting("10.0.1.1").port(80).weight(1));
    assertThat(server("-a -t 10.0.0.1:80 -r 10.0.1.1:99 -i"))
        .isEqualTo(RealServer.tunnel("10.0.1.1").port(80));
    assertThat(server("-a -f 7 -r 10.0.1.1:99 -i"))
        .isEqualTo(RealServer.tunnel("10.0.1.1").port(99));
    assertThat(server("-a -r 10.0.1.1 -m -t 10.0.0.1:80"))
        .as("the service's port is not known yet when -r is read")
        .isEqualTo(RealServer.masquerade("10.0.1.1").port(0));
  }

  @Test
  void readsMarksThatTheProgramSavedAsNegativeNumbers() {
    assertThat(service("-A -f -1 -s rr").key()).isEqualTo(ServiceKey.fwmark(4294967295L));
    assertThat(service("-A -f -2147483648 -6 -s rr").key())
        .isEqualTo(ServiceKey.fwmark6(2147483648L));
    assertThat(service("-A -f 4294967295 -s rr").key()).isEqualTo(ServiceKey.fwmark(4294967295L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -A -t 10.0.0.1:»http -s rr | a port (names are not looked up) of 0 to 65535 | http
          -A -t »www.example.com:80 | the address of a virtual service (names are not looked up) | www.example.com
          -A -t »10.0.0.01:80 | the address of a virtual service (names are not looked up) | 10.0.0.01
          -A -t »[fd00::1] | [IPv6 address]:port | [fd00::1]
          -A -t »[10.0.0.1]:80 | an IPv6 address in the brackets | [10.0.0.1]:80
          -A -t 10.0.0.1:80 -s» | the value of -s (--scheduler) | ''
          -A -t 10.0.0.1:80 -s »averyverylongname | a scheduler of 1 to 15 printable ASCII characters | averyverylongname
          -A -t 10.0.0.1:80 -s »"rr" | a scheduler without quotes, which ipvsadm does not remove | "rr"
          -A -t 10.0.0.1:80 »-w 3 | an option of the command -A (--add-service) | -w
          -A -t 10.0.0.1:80 »-E | one command a line | -E
          -A -t 10.0.0.1:80 -t »10.0.0.2:80 | one virtual service a line | 10.0.0.2:80
          -A -t 10.0.0.1:80 -p »0 | a time of seconds of 1 to 2678400 | 0
          -A -t 10.0.0.1:80 -p »99999999999999999999 | a time of seconds of 1 to 2678400 | 99999999999999999999
          -A -t 10.0.0.1:80 -p 5 -M »24 | an IPv4 netmask such as 255.255.255.0 | 24
          -A -t [fd00::1]:80 -p 5 -M »129 | a prefix length of 1 to 128 | 129
          -A -M »64 -t [fd00::1]:80 -p | an IPv4 netmask such as 255.255.255.0 | 64
          -A -t »10.0.0.1:0 | a port of 1 to 65535, or -p: a service for every port is persistent | 10.0.0.1:0
          -A -t 10.0.0.1:80 »-o | -o (--ops) with -u or -f: only they schedule packet by packet | -o
          -A -t 10.0.0.1:80 --pe »averyveryverylongname | a persistence engine of 1 to 15 printable ASCII characters | averyveryverylongname
          -A -t 10.0.0.1:80 -s sh -b »mh-port | the scheduler mh for this flag | mh-port
          -A -t 10.0.0.1:80 -s sh -b flag-1,»x | flag-1, flag-2, flag-3, sh-fallback, sh-port, mh-fallback or mh-port | x
          -A -t 10.0.0.1:80 -s sh -b », | scheduler flags | ','
          -A -t 10.0.0.1:80 »--tcp | an option of ipvsadm | --tcp
          -A -t 10.0.0.1:80 -p»q | a time of seconds of 1 to 2678400 | q
          -A »-6 -f 7 | -f before -6 | -6
          -A -f »0 | a firewall mark of 1 to 4294967295 | 0
          -A -f »4294967296 | a firewall mark of 1 to 4294967295 | 4294967296
          -A» | a virtual service (-t, -u, --sctp-service or -f with its address or mark) | ''
          »-t 10.0.0.1:80 -A | a command (-A, -E, -D, -a, -e, -d, -C, -Z, --set, ...) before options | -t
          -a -t 10.0.0.1:80» | a real server (-r with its address) | ''
          -a -t 10.0.0.1:80 -r »[fd00::1]:80 | 'a real server of the service''s family: only -i mixes them' | [fd00::1]:80
          -a -t 10.0.0.1:80 -r 10.0.1.1 -w »2147483648 | a weight of 0 to 2147483647 | 2147483648
          -a -t 10.0.0.1:80 -r 10.0.1.1 -x »2147483648 | a threshold of 0 to 2147483647 | 2147483648
          -a -t 10.0.0.1:80 -r 10.0.1.1 -i »-g | one forwarding method: -g, -i or -m | -g
          -a -t 10.0.0.1:80 -r 10.0.1.1 »--tun-csum | -i (--ipip) with options of a tunnel | --tun-csum
          -a -t 10.0.0.1:80 -r 10.0.1.1 -i --tun-port »9 | no --tun-port for the tunnel type ipip | 9
          -a -t 10.0.0.1:80 -r 10.0.1.1 -i --tun-type gue» | --tun-port for the tunnel type gue | ''
          -a -t 10.0.0.1:80 -r 10.0.1.1 -i --tun-type gre »--tun-remcsum | no --tun-remcsum for the tunnel type gre | --tun-remcsum
          -a -t 10.0.0.1:80 -r 10.0.1.1 -i --tun-type »x | the tunnel type ipip, gue or gre | x
          -a -t 10.0.0.1:80 -r 10.0.1.1 »(null) -w 1 | a forwarding method: ipvsadm -S writes (null) for one that it cannot name, and cannot read it back | (null)
          -C »# all of it | the end of the line: a comment begins in the first column | #
          ' »# indented' | a comment to begin in the first column | #
          -C »extra | an option | extra
          -C »--clear | one command a line | --clear
          -C»=x | -C (--clear) to stand without a value | =x
          »--clear=x | -C (--clear) to stand without a value | --clear=x
          »-L | a command that changes the table: -L (--list) does not | -L
          --set 1 2» | three time-outs: tcp, tcpfin, udp | ''
          --set 1 2 »x | a time-out of seconds of 0 to 2678400 | x
          --set 1 2 »2678400 | a time-out that every kernel takes, up to 2147483 seconds | 2678400
          --start-daemon »both | master or backup | both
          --start-daemon master --mcast-group »10.0.0.1 | a multicast address | 10.0.0.1
          --start-daemon master --mcast-interface »averyverylongname | an interface name of 1 to 15 characters | averyverylongname
          --stop-daemon master »--mcast-ttl 3 | an option of the command --stop-daemon | --mcast-ttl
          -A -t 10.0.0.1:80 -s x»!#:+y | 'no ''!#:+'', which ipvsadm would replace' | !#:+y
          -A»q | the letter of an option of ipvsadm | q
          -A -t 10.0.0.1:80 -s rr -s »rr | -s (--scheduler) once | rr
          """)
  void errorsSayWhereAndWhat(String marked, String expected, String found) {
    int column = marked.indexOf('»') + 1;
    RulesSyntaxException error = error("# first\n" + marked.replace("»", "") + "\n-C\n");
    assertThat(error).isNotNull();
    assertThat(error.line()).isEqualTo(2);
    assertThat(error.expected()).isEqualTo(expected);
    assertThat(error.column()).isEqualTo(column);
    assertThat(error.found()).isEqualTo(found);
    assertThat(error)
        .hasMessageStartingWith("line 2, column " + column + ": expected " + expected + ", found ");
  }
}
