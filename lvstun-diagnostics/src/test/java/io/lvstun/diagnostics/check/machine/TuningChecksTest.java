// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import static io.lvstun.diagnostics.check.Directors.commands;
import static io.lvstun.diagnostics.check.Directors.onDirector;
import static io.lvstun.diagnostics.check.Directors.onServer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Directors;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of connection tracking, queues, cards and processors. */
class TuningChecksTest {

  // ---- connection tracking ----

  private static Finding tracked(String count, String max) {
    return onDirector(
        "CT-001",
        facts ->
            facts
                .sysctl("net/netfilter/nf_conntrack_count", count)
                .sysctl("net/netfilter/nf_conntrack_max", max));
  }

  @ParameterizedTest
  @CsvSource({"0, PASS", "799, PASS", "800, WARN", "949, WARN", "950, FAIL", "1000, FAIL"})
  void tableOfConnectionTrackingNeedsRoom(String count, Status expected) {
    assertThat(tracked(count, "1000").status()).isEqualTo(expected);
  }

  @Test
  void fullTableIsMadeLarger() {
    Finding finding = tracked("65536", "65536");
    assertThat(commands(finding))
        .containsExactly("sysctl -w net.netfilter.nf_conntrack_max=262144");
    assertThat(tracked("5", "0").status()).isEqualTo(Status.PASS);
  }

  @Test
  void dropsAreTakenForFull() {
    UnaryOperator<Recorded> dropping =
        facts ->
            facts.line(
                "counters.2",
                "/proc/net/stat/nf_conntrack:00000000  00000000 00000000 00000000 00000000 00000000"
                    + " 00000000 00000000 00000000 00000000 00000003");
    assertThat(onDirector("CT-001", dropping).status()).isEqualTo(Status.WARN);
  }

  @Test
  void connectionTrackingOfIpvsIsOff() {
    assertThat(onDirector("CT-002", facts -> facts).status()).isEqualTo(Status.PASS);
    Finding finding = onDirector("CT-002", facts -> facts.sysctl("net/ipv4/vs/conntrack", "1"));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(commands(finding)).containsExactly("sysctl -w net.ipv4.vs.conntrack=0");
    assertThat(
            onDirector(
                    "CT-002",
                    facts ->
                        Directors.web(facts)
                            .replace("ipvs", "Tunnel  1", "Masq    1")
                            .replace(
                                "ipvs-save", "101:80 -i -w 1 --tun-type ipip", "101:80 -m -w 1"))
                .status())
        .isEqualTo(Status.SKIP);
  }

  private static final String INVALID = "/proc/net/stat/nf_conntrack:0 0 0 0 00000005";

  private static Recorded droppingInvalid(Recorded facts) {
    return facts.text(
        "iptables-legacy.4",
        "*filter\n:INPUT ACCEPT [0:0]\n[0:0] -A INPUT -m conntrack --ctstate INVALID -j DROP\n"
            + "COMMIT\n");
  }

  @Test
  void invalidPacketsMatterWhereTheyAreDropped() {
    assertThat(onServer("CT-003", facts -> facts).status()).isEqualTo(Status.SKIP);
    assertThat(onServer("CT-003", TuningChecksTest::droppingInvalid).status())
        .isEqualTo(Status.PASS);
    Finding finding =
        onServer("CT-003", facts -> droppingInvalid(facts).line("counters.2", INVALID));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.observed()).startsWith("5 packets");
    assertThat(commands(finding))
        .containsExactly("sysctl -w net.netfilter.nf_conntrack_tcp_be_liberal=1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CT-001", "CT-003"})
  void withoutConnectionTrackingTheyAreSkipped(String code) {
    assertThat(onServer(code, facts -> facts.without("files", "/netfilter/")).status())
        .isEqualTo(Status.SKIP);
    assertThat(onServer(code, facts -> facts.unreadable("files", "denied")).status())
        .isEqualTo(Status.ERROR);
  }

  // ---- queues ----

  @Test
  void queueOfListenersMustNotOverflow() {
    assertThat(onServer("SYS-001", facts -> facts).status()).isEqualTo(Status.PASS);
    Finding finding =
        onServer(
            "SYS-001",
            facts ->
                facts
                    .line("counters.2", "/proc/net/netstat:TcpExt: ListenOverflows ListenDrops")
                    .line("counters.2", "/proc/net/netstat:TcpExt: 7 7"));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(finding.observed()).contains("ListenOverflows +7");
    assertThat(commands(finding)).contains("sysctl -w net.core.somaxconn=8192");
    assertThat(onServer("SYS-001", facts -> facts.absent("counters.2")).status())
        .isEqualTo(Status.SKIP);
    assertThat(onServer("SYS-001", facts -> facts.unreadable("counters.1", "denied")).status())
        .isEqualTo(Status.ERROR);
  }

  @Test
  void backlogMustNotOverflow() {
    assertThat(onServer("SYS-002", facts -> facts).status()).isEqualTo(Status.PASS);
    Finding dropped =
        onServer(
            "SYS-002",
            facts -> facts.line("counters.2", "/proc/net/softnet_stat:00000100 00000002 00000000"));
    assertThat(dropped.status()).isEqualTo(Status.WARN);
    assertThat(dropped.observed()).contains("2 dropped");
    Finding squeezed =
        onServer(
            "SYS-002",
            facts ->
                facts
                    .sysctl("net/core/netdev_budget", "300")
                    .line("counters.2", "/proc/net/softnet_stat:00010000 00000000 00001000"));
    assertThat(squeezed.status()).isEqualTo(Status.WARN);
    assertThat(commands(squeezed)).containsExactly("sysctl -w net.core.netdev_budget=600");
    assertThat(onServer("SYS-002", facts -> facts.absent("counters.2")).status())
        .isEqualTo(Status.SKIP);
    assertThat(onServer("SYS-002", facts -> facts.unreadable("counters.1", "denied")).status())
        .isEqualTo(Status.ERROR);
  }

  @Test
  void neighbourTableNeedsRoom() {
    assertThat(onDirector("SYS-003", facts -> facts).status()).isEqualTo(Status.SKIP);
    String limit = "net/ipv4/neigh/default/gc_thresh3";
    assertThat(onDirector("SYS-003", facts -> facts.sysctl(limit, "1024")).status())
        .isEqualTo(Status.PASS);
    Finding finding = onDirector("SYS-003", facts -> facts.sysctl(limit, "3"));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(commands(finding))
        .containsExactly(
            "sysctl -w net.ipv4.neigh.default.gc_thresh3=4096",
            "sysctl -w net.ipv4.neigh.default.gc_thresh2=2048",
            "sysctl -w net.ipv4.neigh.default.gc_thresh1=1024");
    assertThat(
            onDirector(
                    "SYS-003",
                    facts -> facts.sysctl(limit, "3").unreadable("neighbour", "no ip here"))
                .status())
        .isEqualTo(Status.ERROR);
    assertThat(
            onDirector(
                    "SYS-003",
                    facts ->
                        facts
                            .sysctl(limit, "3")
                            .text(
                                "neighbour",
                                "10.0.0.1 dev eth0 lladdr 02:00:00:00:00:01 PERMANENT\n"
                                    + "fe80::1 dev eth0 router STALE\n"))
                .status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void forwardingIsNotNeeded() {
    Finding off = onDirector("SYS-004", facts -> facts);
    assertThat(off.status()).isEqualTo(Status.PASS);
    assertThat(off.notable()).isFalse();
    Finding on = onDirector("SYS-004", facts -> facts.sysctl("net/ipv4/ip_forward", "1"));
    assertThat(on.status()).isEqualTo(Status.PASS);
    assertThat(on.notable()).isTrue();
    assertThat(onDirector("SYS-004", facts -> facts.unreadable("files", "denied")).status())
        .isEqualTo(Status.ERROR);
  }

  @Test
  void whoForwardsSendsNoRedirects() {
    assertThat(onDirector("SYS-005", facts -> facts).status()).isEqualTo(Status.PASS);
    UnaryOperator<Recorded> forwarding =
        facts ->
            facts
                .sysctl("net/ipv4/ip_forward", "1")
                .sysctl("net/ipv4/conf/all/send_redirects", "0")
                .sysctl("net/ipv4/conf/eth0/send_redirects", "1");
    Finding finding = onDirector("SYS-005", forwarding);
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(commands(finding))
        .containsExactly(
            "sysctl -w net.ipv4.conf.all.send_redirects=0",
            "sysctl -w net.ipv4.conf.eth0.send_redirects=0");
    assertThat(
            onDirector(
                    "SYS-005",
                    facts ->
                        forwarding.apply(facts).sysctl("net/ipv4/conf/eth0/send_redirects", "0"))
                .status())
        .isEqualTo(Status.PASS);
    assertThat(onDirector("SYS-005", facts -> facts.unreadable("files", "denied")).status())
        .isEqualTo(Status.ERROR);
  }
}
