// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.ServerKey;
import io.lvstun.health.BodyRule;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CommandCheck;
import io.lvstun.health.DnsCheck;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.HexPattern;
import io.lvstun.health.HttpCheck;
import io.lvstun.health.HttpExchange;
import io.lvstun.health.PingCheck;
import io.lvstun.health.SmtpCheck;
import io.lvstun.health.TcpCheck;
import io.lvstun.health.TlsSettings;
import io.lvstun.health.UdpCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One checker of keepalived as a health check of ours and its policy. The defaults are those that
 * the checker process of keepalived 2.2.7 prints on SIGUSR1; keepalived.conf(5) has others.
 */
final class CheckTranslation {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration DELAY_LOOP = Duration.ofSeconds(60);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration HTTP_DELAY = Duration.ofSeconds(3);
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final int DNS_RETRY = 3;
  private static final int MOST_RETRIES = 999;
  private static final int LONGEST_REPLY = 255;
  private static final String HELO_NAME = "smtpchecker.keepalived.org";

  /** Options of PCRE2 that change how it searches, not what it finds. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "auto_callout",
          "no_auto_capture",
          "no_auto_possess",
          "no_dotstar_anchor",
          "no_start_optimize",
          "utf",
          "use_offset_limit");

  private static final Pattern WORD = Pattern.compile("(?:[^\\s']|'[^']*')+");

  private final VirtualServer service;
  private final ServerKey server;
  private final Checker checker;
  private final CheckTimers timers;
  private final Consumer<String> gaps;

  CheckTranslation(
      VirtualServer service, ServerKey server, Checker checker, Consumer<String> gaps) {
    this.service = service;
    this.server = server;
    this.checker = checker;
    this.gaps = gaps;
    this.timers =
        checker.timers().inherit(service.checks(server).timers()).inherit(service.timers());
  }

  /** Returns the check, or nothing and a gap. */
  Optional<HealthCheck> check() {
    try {
      return made();
    } catch (IllegalArgumentException e) {
      gaps.accept("the check is left out: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Returns when the check runs, and how often it must fail. */
  HealthPolicy policy() {
    Duration loop = delayLoop();
    HealthPolicy policy;
    if (checker instanceof Checker.Http http) {
      policy =
          HealthPolicy.keepalivedHttp(
              http.urls().size(),
              loop,
              retry(1),
              delayBeforeRetry(HTTP_DELAY),
              http.fastRecovery());
    } else if (checker instanceof Checker.Dns) {
      policy = HealthPolicy.keepalived(loop, retry(DNS_RETRY), delayBeforeRetry(loop));
    } else if (checker instanceof Checker.External) {
      policy = HealthPolicy.keepalivedMisc(loop, retry(0), delayBeforeRetry(SECOND));
    } else {
      policy = HealthPolicy.keepalived(loop, retry(1), delayBeforeRetry(SECOND));
    }
    policy = policy.warmup(timers.warmup().orElse(loop));
    if (timers.alpha().orElse(false)) {
      policy = policy.alpha();
    }
    boolean inhibits = service.checks(server).inhibitOnFailure().orElse(service.inhibitOnFailure());
    return inhibits ? policy.inhibitOnFailure() : policy;
  }

  private Optional<HealthCheck> made() {
    if (checker instanceof Checker.Tcp tcp) {
      return Optional.of(new TcpCheck(path(tcp.connection()), timeout()));
    }
    if (checker instanceof Checker.Ping ping) {
      return Optional.of(new PingCheck(path(ping.connection()), timeout()));
    }
    if (checker instanceof Checker.Http http) {
      return Optional.of(http(http));
    }
    if (checker instanceof Checker.Smtp smtp) {
      return Optional.of(
          new SmtpCheck(path(smtp.connection()), timeout(), smtp.heloName().orElse(HELO_NAME)));
    }
    if (checker instanceof Checker.Dns dns) {
      return Optional.of(dns(dns));
    }
    if (checker instanceof Checker.External command) {
      return Optional.of(command(command));
    }
    if (checker instanceof Checker.Udp udp) {
      return Optional.of(udp(udp));
    }
    gaps.accept(
        checker instanceof Checker.Bfd
            ? "the check is left out: there are no BFD sessions here"
            : "the check is left out: the path of its track_file block is not read; use FileCheck");
    return Optional.empty();
  }

  private Duration delayLoop() {
    return atLeast(timers.delayLoop().orElse(DELAY_LOOP));
  }

  private Duration timeout() {
    return atLeast(timers.connectTimeout().orElse(CONNECT_TIMEOUT));
  }

  private Duration delayBeforeRetry(Duration otherwise) {
    return timers.delayBeforeRetry().orElse(otherwise);
  }

  private int retry(int otherwise) {
    int retry = timers.retry().orElse(otherwise);
    if (retry > MOST_RETRIES) {
      gaps.accept("retry " + retry + " counts as " + MOST_RETRIES);
    }
    return Math.min(retry, MOST_RETRIES);
  }

  /** keepalived counts microseconds. */
  private static Duration atLeast(Duration value) {
    return value.compareTo(SHORTEST) < 0 ? SHORTEST : value;
  }

  private static CheckPath path(CheckConnection connection) {
    return new CheckPath.Direct(
        connection.address(),
        connection.port().orElse(0),
        connection.source(),
        connection.sourcePort().orElse(0),
        connection.interfaceName().orElse(""),
        connection.mark().orElse(0L));
  }

  private HealthCheck http(Checker.Http http) {
    CheckPath path = path(http.connection());
    return new HttpCheck(
        path,
        timeout(),
        http.urls().stream().map(this::exchange).collect(Collectors.toList()),
        true,
        version(http.protocol().orElse("1.0")),
        http.tls() ? Optional.of(tls(http)) : Optional.empty(),
        false);
  }

  private static HttpCheck.Version version(String protocol) {
    return switch (protocol) {
      case "1.1" -> HttpCheck.Version.HTTP_1_1;
      case "1.0C" -> HttpCheck.Version.HTTP_1_0_CLOSE;
      default -> HttpCheck.Version.HTTP_1_0;
    };
  }

  private TlsSettings tls(Checker.Http http) {
    TlsSettings any = TlsSettings.any();
    if (!http.sni()) {
      return any;
    }
    List<String> names =
        http.urls().stream()
            .flatMap(url -> url.virtualHost().stream())
            .distinct()
            .collect(Collectors.toList());
    if (names.size() > 1) {
      gaps.accept("the TLS handshake names " + names.get(0) + " for all of its pages");
    }
    return names.isEmpty() ? any : any.serverName(names.get(0));
  }

  private HttpExchange exchange(CheckedUrl url) {
    List<HttpExchange.StatusRange> statuses =
        url.statusCodes().stream()
            .map(range -> new HttpExchange.StatusRange(range.first(), range.last()))
            .collect(Collectors.toList());
    Optional<BodyRule.Digest> digest = url.digest().map(value -> new BodyRule.Digest("MD5", value));
    Optional<BodyRule.Expression> expression = url.body().map(this::expression);
    return new HttpExchange(
        "GET",
        url.path(),
        url.virtualHost(),
        Map.of(),
        statuses.isEmpty() ? List.of(new HttpExchange.StatusRange(200, 299)) : statuses,
        digest.isPresent() || expression.isPresent()
            ? Optional.of(new BodyRule(digest, expression))
            : Optional.empty());
  }

  private BodyRule.Expression expression(CheckedUrl.BodyPattern body) {
    int flags = 0;
    for (String option : body.options()) {
      switch (option) {
        case "caseless" -> flags |= Pattern.CASE_INSENSITIVE;
        case "dotall" -> flags |= Pattern.DOTALL;
        case "extended" -> flags |= Pattern.COMMENTS;
        case "multiline" -> flags |= Pattern.MULTILINE;
        case "ucp" -> flags |= Pattern.UNICODE_CHARACTER_CLASS;
        default -> {
          if (!WITHOUT_EFFECT.contains(option)) {
            gaps.accept("Java's regular expressions have no option " + option);
          }
        }
      }
    }
    return new BodyRule.Expression(
        body.pattern(),
        flags,
        body.absent(),
        body.minOffset().orElse(0),
        body.maxOffset().orElse(0));
  }

  private HealthCheck dns(Checker.Dns dns) {
    String type = dns.type().orElse("SOA");
    DnsCheck.Type known =
        Arrays.stream(DnsCheck.Type.values())
            .filter(each -> each.name().equalsIgnoreCase(type))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no records of type " + type));
    return new DnsCheck(
        path(dns.connection()),
        timeout(),
        known,
        dns.name().filter(name -> !name.isEmpty()).orElse("."),
        Optional.empty());
  }

  private HealthCheck command(Checker.External external) {
    List<String> user =
        external.user().map(text -> List.of(text.strip().split("\\s+"))).orElse(List.of());
    return new CommandCheck(
        arguments(external.command()),
        atLeast(external.timeout().orElse(delayLoop())),
        external.dynamic(),
        user.stream().findFirst(),
        user.stream().skip(1).findFirst());
  }

  /** keepalived splits at white space; what stands between single quotes stays together. */
  private static List<String> arguments(String command) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find()) {
      words.add(word.group().replace("'", ""));
    }
    return words;
  }

  private HealthCheck udp(Checker.Udp udp) {
    int most = udp.longestReply().orElse(LONGEST_REPLY);
    return new UdpCheck(
        path(udp.connection()),
        timeout(),
        udp.payload().map(HexPattern::parse),
        udp.requireReply(),
        udp.reply().map(HexPattern::parse),
        Math.min(udp.shortestReply().orElse(0), most),
        most);
  }
}
