// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import io.lvstun.health.BodyRule;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CommandCheck;
import io.lvstun.health.DnsCheck;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.HttpCheck;
import io.lvstun.health.HttpExchange;
import io.lvstun.health.NetworkCheck;
import io.lvstun.health.Pace;
import io.lvstun.health.SmtpCheck;
import io.lvstun.health.TcpCheck;
import io.lvstun.health.UdpCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The health checks made from a file are those that keepalived's checker process prints for it:
 * {@code corpus/checkers.txt} has its output, captured as its first lines say.
 */
class ServiceChecksTest {

  private static final String CHECKERS = "corpus/checkers.txt";
  private static final VirtualService SERVICE =
      VirtualService.tcp("10.1.0.1", 80).addRealServer("10.2.0.1").tunnel();
  private static final ServerKey SERVER = SERVICE.realServers().get(0).key();

  static Stream<String> files() throws IOException {
    return CorpusTest.sections(CHECKERS).keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void sameChecksAsKeepalived(String file) throws IOException {
    List<String> ours = new ArrayList<>();
    for (VirtualServer server : CorpusTest.read(file).config().virtualServers()) {
      ServiceChecks checks = ServiceChecks.of(server);
      checks.checks().forEach((key, list) -> list.forEach(each -> ours.addAll(printed(key, each))));
    }
    assertThat(ours).isEqualTo(captured(file));
  }

  /** What is captured, but for checks that have no counterpart and what is not compared. */
  private static List<String> captured(String file) throws IOException {
    List<String> lines = new ArrayList<>();
    List<String> block = new ArrayList<>();
    for (String line : (CorpusTest.sections(CHECKERS).get(file) + " end -> ").split("\n")) {
      if (line.contains(" -> ")) {
        if (block.stream().noneMatch(each -> each.contains("FILE_CHECK"))) {
          lines.addAll(block);
        }
        block.clear();
      }
      // A page's host is printed where it is written, not where it is inherited.
      if (!line.matches("\\s+(Virtualhost|Virtual host|Enable SNI) .*")) {
        block.add(line.strip().replaceFirst(".*-> \\[(.*)\\].*", "-> $1"));
      }
    }
    return lines;
  }

  /** Prints a check as keepalived 2.2.7 does. */
  private static List<String> printed(ServerKey key, ServiceChecks.ServerCheck each) {
    List<String> lines = new ArrayList<>();
    HealthPolicy policy = each.policy();
    Pace pace = policy.pace();
    lines.add("-> " + key.address().getHostAddress());
    lines.add("Alpha = " + (policy.startsUp() ? "no" : "yes"));
    lines.add("Delay loop = " + micros(pace.interval()));
    lines.add("Warmup = " + micros(pace.warmup()));
    int retries = policy.thresholds().fall() - 1;
    lines.add("Retries = " + retries);
    if (retries > 0) {
      lines.add("Delay before retry = " + micros(pace.falling()));
    }
    HealthCheck check = each.check();
    if (check instanceof NetworkCheck network) {
      connection(lines, key, (CheckPath.Direct) network.path());
      lines.add(String.format(Locale.ROOT, "Timeout = %.6f", check.timeout().toMillis() / 1000.0));
    }
    if (check instanceof HttpCheck http) {
      http(lines, http, policy);
    } else if (check instanceof CommandCheck command) {
      lines.add("Keepalive method = MISC_CHECK");
      lines.add(
          "script = "
              + command.command().stream()
                  .map(word -> "'" + word.replaceFirst("^/bin/", "/usr/bin/") + "'")
                  .collect(Collectors.joining(" ")));
      boolean standard = command.timeout().equals(pace.interval());
      lines.add("timeout = " + (standard ? 0 : command.timeout().toSeconds()));
      lines.add("dynamic = " + (command.dynamic() ? "YES" : "NO"));
    } else if (check instanceof SmtpCheck smtp) {
      lines.add("Keepalive method = SMTP_CHECK");
      lines.add("helo = " + smtp.heloName());
    } else if (check instanceof DnsCheck dns) {
      lines.add("Keepalive method = DNS_CHECK");
      lines.add("Type = " + dns.type());
      lines.add(("Name = " + (dns.name().equals(".") ? "" : dns.name())).strip());
    } else if (check instanceof UdpCheck udp) {
      udp(lines, udp);
    } else {
      lines.add("Keepalive method = " + (check instanceof TcpCheck ? "TCP" : "PING") + "_CHECK");
    }
    return lines;
  }

  private static String micros(Duration duration) {
    return duration.toNanos() / 1000 + " us";
  }

  private static void connection(List<String> lines, ServerKey key, CheckPath.Direct path) {
    lines.add(
        String.format(
            Locale.ROOT,
            "Dest = [%s]:%d",
            path.address().orElse(key.address()).getHostAddress(),
            path.port() == 0 ? key.port() : path.port()));
    path.source()
        .ifPresent(
            source ->
                lines.add("Bind to = [" + source.getHostAddress() + "]:" + path.sourcePort()));
    if (!path.device().isEmpty()) {
      lines.add("Bind i/f = " + path.device());
    }
    if (path.mark() != 0) {
      lines.add("Mark = " + path.mark());
    }
  }

  private static void http(List<String> lines, HttpCheck http, HealthPolicy policy) {
    String version =
        switch (http.version()) {
          case HTTP_1_0 -> "1.0";
          case HTTP_1_0_CLOSE -> "1.0C";
          case HTTP_1_1 -> "1.1";
        };
    lines.add(
        "Keepalive method = "
            + (http.tls().isPresent() ? "SSL_GET" : "HTTP_GET")
            + ", http protocol "
            + version);
    lines.add("Fast recovery " + (policy.pace().rising().isZero() ? "set" : "unset"));
    assertThat(policy.thresholds().rise()).isEqualTo(http.exchanges().size());
    for (HttpExchange exchange : http.exchanges()) {
      lines.add("Checked url = " + exchange.path());
      Optional<BodyRule> body = exchange.body();
      body.flatMap(BodyRule::digest).ifPresent(digest -> lines.add("digest = " + digest.value()));
      lines.add("HTTP Status Code(s)");
      for (HttpExchange.StatusRange range : exchange.statuses()) {
        lines.add(
            range.first() == range.last()
                ? "" + range.first()
                : range.first() + "-" + range.last());
      }
      body.flatMap(BodyRule::expression)
          .ifPresent(
              one -> {
                lines.add("Regex = \"" + one.pattern() + "\"");
                if (one.absent()) {
                  lines.add("Regex no match");
                }
                if (one.minOffset() > 0 || one.maxOffset() > 0) {
                  lines.add(
                      "Regex min offset = "
                          + one.minOffset()
                          + ", max_offset = "
                          + one.maxOffset());
                }
              });
    }
  }

  private static void udp(List<String> lines, UdpCheck udp) {
    lines.add("Keepalive method = UDP_CHECK");
    lines.add(
        udp.payload()
            .map(payload -> "Payload len = " + payload.length())
            .orElse("Payload specified = no"));
    lines.add("Require reply = " + (udp.replyRequired() ? "yes" : "no"));
    if (udp.replyRequired()) {
      lines.add("Min reply length = " + udp.minLength());
      lines.add("Max reply length = " + udp.maxLength());
      lines.add("Reply data len = " + udp.expected().map(reply -> reply.length()).orElse(0));
      if (udp.expected().filter(reply -> reply.hasWildcards()).isPresent()) {
        lines.add("Reply data mask = yes");
      }
    }
  }

  private static ServiceChecks checks(Checker checker) {
    return ServiceChecks.of(VirtualServer.of(SERVICE).checkEach(checker));
  }

  @Test
  void hostsOfPagesAndOfTheHandshake() throws IOException {
    List<String> hosts = new ArrayList<>();
    for (VirtualServer server : CorpusTest.read("56-checker-values").config().virtualServers()) {
      for (List<ServiceChecks.ServerCheck> list : ServiceChecks.of(server).checks().values()) {
        if (list.get(0).check() instanceof HttpCheck http) {
          hosts.add(http.tls().flatMap(tls -> tls.serverName()).orElse("-"));
          http.exchanges().forEach(each -> hosts.add(each.host().orElse("-")));
        }
      }
    }
    assertThat(hosts)
        .containsExactly(
            "-", "all.example", "all.example", "page.example", "page.example", "own.example");
  }

  @Test
  void tutorialsCheckIsOneLine() {
    VirtualServer server =
        VirtualServer.of(SERVICE)
            .checkEach(
                Checker.tcp()
                    .timers(
                        timers ->
                            timers
                                .connectTimeout(Duration.ofSeconds(3))
                                .retry(3)
                                .delayBeforeRetry(Duration.ofSeconds(3))))
            .timers(timers -> timers.delayLoop(Duration.ofSeconds(6)));
    assertThat(ServiceChecks.of(server).checks().get(SERVER))
        .containsExactly(
            new ServiceChecks.ServerCheck(
                new TcpCheck(CheckPath.direct(), Duration.ofSeconds(3)),
                HealthPolicy.keepalived(Duration.ofSeconds(6), 3, Duration.ofSeconds(3))));
  }

  @Test
  void quorumSorryServerAndInhibition() {
    RealServer sorry = RealServer.of(IpAddress.parse("10.9.0.1"), Forwarding.MASQUERADE);
    VirtualServer server =
        VirtualServer.of(SERVICE)
            .checkEach(Checker.tcp())
            .quorum(4)
            .hysteresis(2)
            .omega(true)
            .inhibitOnFailure(true)
            .sorryServer(sorry)
            .sorryServerInhibit(true);
    ServiceChecks checks = ServiceChecks.of(server);
    assertThat(checks.pool().quorum()).isEqualTo(4);
    assertThat(checks.pool().hysteresis()).isEqualTo(2);
    assertThat(checks.pool().omega()).isTrue();
    assertThat(checks.pool().sorryInhibits()).isTrue();
    assertThat(checks.pool().panicShare()).isZero();
    assertThat(checks.pool().sorry().orElseThrow().key()).hasToString("10.9.0.1:80");
    assertThat(checks.checks().get(SERVER)).allMatch(each -> each.policy().inhibits());
    assertThat(checks.gaps()).isEmpty();
  }

  @Test
  void quorumBeyondAnIntIsTheGreatest() {
    VirtualServer server = VirtualServer.of(SERVICE).quorum(0xffff_ffffL).hysteresis(0xffff_fffeL);
    assertThat(ServiceChecks.of(server).pool().quorum()).isEqualTo(Integer.MAX_VALUE);
    assertThat(ServiceChecks.of(server).pool().hysteresis()).isEqualTo(Integer.MAX_VALUE - 1);
  }

  @Test
  void whatCannotBeCheckedIsAGap() {
    assertThat(checks(new Checker.Bfd("peer")).checks()).isEmpty();
    assertThat(checks(new Checker.Bfd("peer")).gaps())
        .hasToString("[10.2.0.1:80: Bfd: the check is left out: there are no BFD sessions here]");
    assertThat(checks(new Checker.WatchedFile("t", Optional.empty(), false)).gaps()).hasSize(1);
    Checker strange =
        new Checker.Dns(
            CheckConnection.DEFAULT, CheckTimers.INHERITED, Optional.of("RRSIG"), Optional.empty());
    assertThat(checks(strange).gaps().get(0).reason())
        .isEqualTo("the check is left out: no records of type RRSIG");
  }

  @Test
  void optionsOfExpressionsThatJavaLacksAreGaps() {
    ServiceChecks checks =
        checks(
            ((Checker.Http) Checker.http("/"))
                .urls(
                    List.of(
                        CheckedUrl.of("/")
                            .body(
                                new CheckedUrl.BodyPattern(
                                    "a",
                                    false,
                                    List.of("caseless", "dotall", "ungreedy", "no_auto_possess"),
                                    Optional.empty(),
                                    Optional.empty())))));
    HttpCheck http = (HttpCheck) checks.checks().get(SERVER).get(0).check();
    assertThat(http.exchanges().get(0).body().orElseThrow().expression().orElseThrow().flags())
        .isEqualTo(Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    assertThat(checks.gaps())
        .extracting(ServiceChecks.Gap::reason)
        .containsExactly("Java's regular expressions have no option ungreedy");
  }

  @Test
  void expressionThatJavaRefusesLeavesTheCheckOut() {
    ServiceChecks checks =
        checks(
            ((Checker.Http) Checker.http("/"))
                .urls(
                    List.of(
                        CheckedUrl.of("/")
                            .body(
                                new CheckedUrl.BodyPattern(
                                    "(?|a)",
                                    false,
                                    List.of(),
                                    Optional.empty(),
                                    Optional.empty())))));
    assertThat(checks.checks()).isEmpty();
    assertThat(checks.gaps().get(0).reason()).startsWith("the check is left out: pattern is no");
  }

  @Test
  void commandIsSplitWithoutAShell() {
    CommandCheck command =
        (CommandCheck)
            checks(Checker.misc("/bin/check 'a b'c $HOME ''")).checks().get(SERVER).get(0).check();
    assertThat(command.command()).containsExactly("/bin/check", "a bc", "$HOME", "");
    assertThat(command.timeout()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void oneNameForTheHandshakeOfSeveralHosts() {
    Checker.Http https = (Checker.Http) Checker.https("/");
    ServiceChecks checks =
        checks(
            https.urls(
                List.of(
                    CheckedUrl.of("/").virtualHost("a.example"),
                    CheckedUrl.of("/").virtualHost("b.example"))));
    HttpCheck check = (HttpCheck) checks.checks().get(SERVER).get(0).check();
    assertThat(check.tls().orElseThrow().serverName()).contains("a.example");
    assertThat(checks.gaps().get(0).reason())
        .isEqualTo("the TLS handshake names a.example for all of its pages");
  }

  @Test
  void manyRetriesCountAsTheMost() {
    ServiceChecks checks = checks(Checker.tcp().timers(timers -> timers.retry(5000)));
    assertThat(checks.checks().get(SERVER).get(0).policy().thresholds().fall()).isEqualTo(1000);
    assertThat(checks.gaps().get(0).reason()).isEqualTo("retry 5000 counts as 999");
  }

  @Test
  void serversWithoutChecksAreMissing() {
    assertThat(ServiceChecks.of(VirtualServer.of(SERVICE)).checks()).isEqualTo(Map.of());
  }
}
