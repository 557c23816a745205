// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.probe;

import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.Host;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What probes noted, judged. */
class ProbeChecksTest {

  private static final String VIP = "192.168.1.200";

  private static HostFacts with(HostFacts facts, Section... sections) {
    return facts.with(List.of(sections));
  }

  private static Section note(String name, String... lines) {
    return Section.read(name, "a probe", String.join("\n", lines) + "\n");
  }

  private static Cluster cluster(HostFacts director, HostFacts server, HostFacts client) {
    return Clusters.of(
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"))
            .vantage("client", Host.netns("client"))
            .build(),
        director,
        server,
        client);
  }

  private static Cluster seenByClient(Section... sections) {
    return cluster(
        Recorded.facts("json-director"),
        Recorded.facts("json-rs1"),
        with(Recorded.facts("json-client"), sections));
  }

  private static String attempt(int port, String outcome, String rest) {
    return "attempt address="
        + VIP
        + " port=80 source=192.168.1.10 local="
        + port
        + " outcome="
        + outcome
        + " errno=0 ms=3 sent=60 received="
        + (outcome.equals("ok") ? 100 : 0)
        + rest;
  }

  @Nested
  class Connections {

    private Finding found(String... lines) {
      return finding(seenByClient(note("probe.connect", lines)), "PRB-001", "client");
    }

    @Test
    void passesWhenAllAreAnswered() {
      Finding finding = found("tool=perl", attempt(1, "ok", ""), attempt(2, "ok", ""));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed())
          .isEqualTo("192.168.1.200:80: 2 connections opened within 3 ms and were answered");
    }

    @Test
    void passesWhenTheServiceSpeaksAnotherProtocol() {
      Finding finding = found(attempt(1, "silent", ""), attempt(2, "closed", ""));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).contains("other protocols");
    }

    @ParameterizedTest
    @CsvSource({
      "refused,     are refused at once,                   TUN-001",
      "timeout,     get no answer,                         PRB-004",
      "unreachable, are told that the host is unreachable, TUN-003",
      "reset,       are reset after they opened,           IPV-016",
    })
    void failsWithWhatTheOutcomeMeans(String outcome, String observed, String advice) {
      Finding finding = found(attempt(1, "ok", ""), attempt(2, outcome, ""));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).isEqualTo("192.168.1.200:80: 1 of 2 " + observed);
      assertThat(finding.remedy().orElseThrow().text()).contains(advice);
      assertThat(finding.evidence().get(0).excerpt()).contains("outcome=" + outcome);
    }

    @Test
    void isSkippedWithoutProbesAndWithoutServices() {
      assertThat(finding(seenByClient(), "PRB-001", "client").observed())
          .isEqualTo("probes were not run");
      Finding finding =
          finding(
              seenByClient(Section.absent("probe.connect", "there is no TCP service")),
              "PRB-001",
              "client");
      assertThat(finding.status()).isEqualTo(Status.SKIP);
      assertThat(finding.observed()).isEqualTo("there is no TCP service");
    }

    @Test
    void isAnErrorWhereNothingCouldBeTried() {
      Finding finding =
          finding(
              seenByClient(Section.unreadable("probe.connect", "", "no tool is installed")),
              "PRB-001",
              "client");
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("no tool is installed");
      assertThat(found(attempt(1, "error", "")).status()).isEqualTo(Status.ERROR);
      assertThat(found("tool=perl").status()).isEqualTo(Status.ERROR);
      assertThat(found("attempt nonsense").status()).isEqualTo(Status.ERROR);
    }

    @Test
    void whatExplainsItIsTheCause() {
      HostFacts down = edited("json-rs1", facts -> facts.without("modules", "/ipip"));
      Cluster cluster =
          cluster(
              Recorded.facts("json-director"),
              Recorded.edit(down).replace("link", "\"ipip\"", "\"none\"").facts(),
              with(
                  Recorded.facts("json-client"), note("probe.connect", attempt(1, "refused", ""))));
      Report report = Doctor.analyse(cluster);
      assertThat(report.rootCauses()).extracting(Finding::code).contains("KRN-003");
      assertThat(report.rootCauses()).extracting(Finding::code).doesNotContain("PRB-001");
      Finding symptom =
          report.findings().stream()
              .filter(each -> each.code().equals("PRB-001"))
              .findFirst()
              .orElseThrow();
      assertThat(symptom.status()).isEqualTo(Status.FAIL);
      assertThat(symptom.rootCause()).isFalse();
    }
  }

  @Nested
  class Echoes {

    private String echo(String outcome, String tcp, String detail) {
      return "echo server=192.168.1.101 vip="
          + VIP
          + " tunnel=ipip outcome="
          + outcome
          + " port=80 tcp="
          + tcp
          + " detail="
          + detail;
    }

    private Finding found(UnaryOperator<HostFacts> server, String... lines) {
      return finding(
          cluster(
              with(Recorded.facts("json-director"), note("probe.echo", lines)),
              server.apply(Recorded.facts("json-rs1")),
              Recorded.facts("json-client")),
          "PRB-002",
          "director");
    }

    private Finding found(String... lines) {
      return found(facts -> facts, lines);
    }

    @Test
    void passesWhenAllAreAnswered() {
      Finding finding = found(echo("answered", "open", "echo reply"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(found(echo("answered", "open", ""), echo("answered", "-", "")).observed())
          .isEqualTo("all 2 tunnels are answered");
    }

    @ParameterizedTest
    @CsvSource({
      "unreachable, does not take packets out of the tunnel, TUN-001",
      "rejected,    filtered,                                FW-002",
      "blocked,     the director's own packet filter,        FW-003",
      "no_way,      cannot be reached,                       CLD-001",
      "not_sent,    was sent nothing,                        IPV-002",
      "silent,      counters were not read,                  TUN-002",
    })
    void failsWithWhatTheOutcomeMeans(String outcome, String observed, String code) {
      Finding finding = found(echo(outcome, "silent", "ICMP unreachable, code 3"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).startsWith("rs (192.168.1.101) ").contains(observed);
      assertThat(finding.remedy().orElseThrow().text()).contains(code);
    }

    @Test
    void portThatNobodyListensOnIsTold() {
      Finding finding = found(echo("answered", "closed", "echo reply"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed())
          .isEqualTo("rs (192.168.1.101) answers, but nobody listens on port 80");
    }

    @ParameterizedTest
    @CsvSource({
      "InAddrErrors 9 ForwDatagrams 0, 0, 0, VIP missing,              TUN-002",
      "InAddrErrors 0 ForwDatagrams 9, 0, 0, it sends the packets on,  TUN-003",
      "InAddrErrors 0 ForwDatagrams 0, 9, 0, reverse path filter,      RPF-001",
      "InAddrErrors 0 ForwDatagrams 0, 0, 9, impossible,               RPF-003",
      "InAddrErrors 1 ForwDatagrams 2, 1, 1, no counter says,          FW-001",
    })
    void silenceIsExplainedByTheServersCounters(
        String ip, int reversePath, int martians, String observed, String code) {
      String[] words = ip.split(" ");
      Finding finding =
          found(
              server ->
                  with(
                      server,
                      note("probe.echo.before", counters("0", "0", 0, 0)),
                      note(
                          "probe.echo.after", counters(words[1], words[3], reversePath, martians))),
              echo("silent", "silent", ""));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains(observed);
      assertThat(finding.remedy().orElseThrow().text()).contains(code);
    }

    @Test
    void sit0SwallowsWhatNoOtherDeviceTakes() {
      String sit =
          "{\"ifindex\":77,\"ifname\":\"sit0\",\"flags\":[\"NOARP\",\"UP\",\"LOWER_UP\"],\"mtu\":1480,"
              + "\"linkinfo\":{\"info_kind\":\"sit\",\"info_data\":{\"proto\":\"ip6ip\"}}}";
      HostFacts down =
          edited(
              "json-rs1",
              facts ->
                  facts
                      .replace("link", "\"NOARP\",\"UP\",\"LOWER_UP\"", "\"NOARP\"")
                      .replace("link", "[{\"ifindex\":1,", "[" + sit + ",{\"ifindex\":1,"));
      Finding finding = found(server -> down, echo("silent", "silent", ""));
      assertThat(finding.observed()).contains("does not take packets out of the tunnel", "sit0");
      assertThat(finding.remedy().orElseThrow().text()).contains("TUN-001");
    }

    private String counters(String errors, String forwarded, int reversePath, int martians) {
      return String.join(
          "\n",
          "/proc/net/snmp:Ip: InAddrErrors ForwDatagrams",
          "/proc/net/snmp:Ip: " + errors + " " + forwarded,
          "/proc/net/netstat:TcpExt: IPReversePathFilter",
          "/proc/net/netstat:TcpExt: " + reversePath,
          "/proc/net/stat/rt_cache:entries in_martian_src",
          "/proc/net/stat/rt_cache:00000000 " + Integer.toHexString(martians));
    }

    @Test
    void isSkippedWithoutProbesAndAnErrorWhereTheyFailed() {
      assertThat(finding(seenByClient(), "PRB-002", "director").status()).isEqualTo(Status.SKIP);
      Finding finding =
          finding(
              cluster(
                  with(
                      Recorded.facts("json-director"),
                      Section.unreadable("probe.echo", "", "not permitted. Run as root.")),
                  Recorded.facts("json-rs1"),
                  Recorded.facts("json-client")),
              "PRB-002",
              "director");
      assertThat(finding.status()).isEqualTo(Status.ERROR);
      assertThat(finding.observed()).contains("Run as root");
    }
  }

  @Nested
  class Transfers {

    private Finding found(String... lines) {
      return finding(seenByClient(note("probe.transfer", lines)), "PRB-003", "client");
    }

    @Test
    void passesWhenFullPacketsAreAcknowledged() {
      Finding finding =
          found(
              attempt(1, "ok", " mss=1440 pmtu=1480 advmss=1460 unacked=0 retrans=0 acked=65537"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed())
          .isEqualTo("192.168.1.200:80: full packets get through (MSS 1440, path MTU 1480)");
    }

    @Test
    void passesWhenTheServerHangsUpAfterSome() {
      assertThat(
              found(attempt(1, "reset", " mss=1440 pmtu=1480 unacked=0 retrans=0 acked=8193"))
                  .status())
          .isEqualTo(Status.PASS);
    }

    @Test
    void failsWhenTheyAreSentInVain() {
      Finding finding =
          found(
              attempt(1, "ok", " mss=1460 pmtu=1500 unacked=0 retrans=0 acked=65537"),
              attempt(2, "stalled", " mss=1460 pmtu=1500 unacked=10 retrans=3 acked=1"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed())
          .isEqualTo("192.168.1.200:80: 1 of 2 uploads of 64 kB stall (MSS 1460, path MTU 1500)");
      assertThat(finding.remedy().orElseThrow().text()).contains("MTU-002").contains("FW-005");
    }

    @Test
    void makeAFaultOfWhatWouldOnlyBeSlow() {
      String through =
          attempt(1, "ok", " mss=1460 pmtu=1480 advmss=1460 unacked=0 retrans=0 acked=65537");
      String stalled = attempt(2, "stalled", " mss=1460 pmtu=1500 unacked=10 retrans=3 acked=1");
      assertThat(announced(through).status()).isEqualTo(Status.WARN);
      assertThat(announced(through, stalled).status()).isEqualTo(Status.FAIL);
      assertThat(announced(through, stalled).observed()).contains("uploads stall");
    }

    private Finding announced(String... uploads) {
      return finding(seenByClient(note("probe.transfer", uploads)), "MTU-002", "rs");
    }

    @Test
    void isSkippedWhereNothingCanBeTold() {
      assertThat(
              found(attempt(1, "closed", " mss=1460 pmtu=1500 unacked=0 retrans=0 acked=1"))
                  .status())
          .isEqualTo(Status.SKIP);
      assertThat(
              finding(
                      seenByClient(Section.absent("probe.transfer", "no connection comes about")),
                      "PRB-003",
                      "client")
                  .observed())
          .isEqualTo("no connection comes about");
      assertThat(finding(seenByClient(), "PRB-003", "client").status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereItCouldNotBeTried() {
      assertThat(
              finding(
                      seenByClient(
                          Section.unreadable(
                              "probe.transfer", "", "perl and python are not installed")),
                      "PRB-003",
                      "client")
                  .status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Nested
  class Ledger {

    /** A second of counters; what grew is a number of packets, in each place. */
    private Section sample(String name, int second, String... counters) {
      StringBuilder text = new StringBuilder("/proc/uptime:" + second + ".00 0.00\n");
      for (String line : counters) {
        text.append(line).append('\n');
      }
      return Section.read(name, "counters", text.toString());
    }

    private String device(String name, long received, long sent) {
      return "/proc/net/dev: "
          + name
          + ": 0 "
          + received
          + " 0 0 0 0 0 0 0 "
          + sent
          + " 0 0 0 0 0 0";
    }

    private String[] server(long wire, long tunnel, long segments, long answers, long filtered) {
      return new String[] {
        device("eth0", wire, answers),
        device("tunl0", tunnel, 0),
        "/proc/net/snmp:Ip: InReceives InAddrErrors ForwDatagrams",
        "/proc/net/snmp:Ip: " + wire + " 0 0",
        "/proc/net/snmp:Tcp: InSegs OutSegs OutRsts",
        "/proc/net/snmp:Tcp: " + segments + " " + answers + " 0",
        "/proc/net/netstat:TcpExt: IPReversePathFilter",
        "/proc/net/netstat:TcpExt: " + filtered,
      };
    }

    private Finding found(String outcome, long sent, String connection, String[] after) {
      Section requests =
          note("probe.ledger", attempt(0x9c40, outcome, ""), attempt(0x9c41, outcome, ""));
      HostFacts director =
          with(
              Recorded.facts("json-director"),
              sample("probe.ledger.idle", 10, device("eth0", 0, 0)),
              sample("probe.ledger.before", 11, device("eth0", 0, 0)),
              sample(
                  "probe.ledger.after",
                  14,
                  device("eth0", 20, sent),
                  "/proc/net/snmp:Ip: InReceives",
                  "/proc/net/snmp:Ip: 20",
                  connection.replace("PORT", "9C40"),
                  connection.replace("PORT", "9C41")));
      HostFacts server =
          with(
              Recorded.facts("json-rs1"),
              sample("probe.ledger.idle", 10, server(0, 0, 0, 0, 0)),
              sample("probe.ledger.before", 11, server(1, 0, 1, 1, 0)),
              sample("probe.ledger.after", 14, after));
      return finding(
          cluster(director, server, with(Recorded.facts("json-client"), requests)),
          "PRB-004",
          "client");
    }

    private static final String ROW =
        "/proc/net/ip_vs_conn:TCP C0A8010A PORT C0A801C8 0050 C0A80165 0050 SYN_RECV          58";

    @Test
    void passesWhenAllWereAnswered() {
      Finding finding =
          finding(seenByClient(note("probe.ledger", attempt(1, "ok", ""))), "PRB-004", "client");
      assertThat(finding.status()).isEqualTo(Status.PASS);
      assertThat(finding.observed()).isEqualTo("all requests were answered");
    }

    @ParameterizedTest
    @CsvSource({
      // outcome, sent by the director; received, untunnelled, segments, answers, filtered
      "timeout, 0, 1, 0, 1, 1, 0, director sends them through the tunnel, FW-003",
      "timeout, 9, 1, 0, 1, 1, 0, rs gets them,                           CLD-001",
      "timeout, 9, 9, 0, 1, 1, 0, rs takes them out of the tunnel,        TUN-001",
      "timeout, 9, 9, 9, 1, 1, 6, rs hands them to TCP,                   RPF-001",
      "timeout, 9, 9, 9, 9, 1, 0, rs answers them,                        SYS-001",
      "timeout, 9, 9, 9, 9, 9, 0, client gets the answers,                RPF-008",
    })
    void namesTheFirstStepThatFails(
        String outcome,
        long sent,
        long wire,
        long tunnel,
        long segments,
        long answers,
        long filtered,
        String step,
        String code) {
      // In the second before the requests one packet came; three such are taken for usual.
      Finding finding =
          found(
              outcome,
              sent,
              ROW,
              server(
                  wire + (wire > 1 ? 3 : 0),
                  tunnel,
                  segments + (segments > 1 ? 3 : 0),
                  answers + (answers > 1 ? 3 : 0),
                  filtered));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed())
          .startsWith("2 requests to rs: the first step that fails is \"" + step + "\"");
      assertThat(finding.remedy().orElseThrow().text()).contains(code);
      assertThat(finding.evidence().get(0).excerpt()).contains("BROKEN " + step);
      if (filtered > 0) {
        assertThat(finding.observed()).contains("TcpExt.IPReversePathFilter +6");
      }
    }

    @Test
    void requestsWithoutConnectionStopAtTheDirector() {
      Finding finding = found("timeout", 0, "", server(1, 0, 1, 1, 0));
      assertThat(finding.observed())
          .isEqualTo(
              "2 requests: the first step that fails is \"director makes connections of them\""
                  + " (/proc/net/ip_vs_conn +0)");
      assertThat(finding.remedy().orElseThrow().text()).contains("IPV-001").contains("FW-004");
      assertThat(found("refused", 0, "", server(1, 0, 1, 1, 0)).remedy().orElseThrow().text())
          .contains("IPV-004");
    }

    @Test
    void isSkippedAndAnErrorLikeTheOthers() {
      assertThat(finding(seenByClient(), "PRB-004", "client").status()).isEqualTo(Status.SKIP);
      assertThat(
              finding(
                      seenByClient(Section.unreadable("probe.ledger", "", "no answer")),
                      "PRB-004",
                      "client")
                  .status())
          .isEqualTo(Status.ERROR);
    }
  }
}
