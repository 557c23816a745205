// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.DnsCheck;
import io.lvstun.health.HalfOpenCheck;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HttpCheck;
import io.lvstun.health.HttpExchange;
import io.lvstun.health.NetworkCheck;
import io.lvstun.health.PingCheck;
import io.lvstun.health.SmtpCheck;
import io.lvstun.health.TcpCheck;
import io.lvstun.health.TlsCheck;
import io.lvstun.health.TlsSettings;
import io.lvstun.health.UdpCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks over the network, with the JDK's channels on the loop. */
final class NetworkProber {

  private final IoLoop loop;
  private final TlsContexts contexts = new TlsContexts();
  private final SecureRandom random = new SecureRandom();

  NetworkProber(IoLoop loop) {
    this.loop = loop;
  }

  /** A conversation of a check over a stream; some checks have several, one after the other. */
  record Stream(Conversation conversation, String what) {}

  /**
   * Starts a check whose path is direct and needs no more than the JDK's sockets.
   *
   * @return false if the check is none of those
   */
  boolean start(
      ServerKey server,
      NetworkCheck check,
      CheckPath.Direct path,
      int turn,
      Consumer<CheckResult> done) {
    if (check instanceof PingCheck || !path.device().isEmpty() || path.mark() != 0) {
      return false;
    }
    InetSocketAddress target = target(server, path);
    if (check instanceof UdpCheck udp) {
      udp(target, path, udp, done);
    } else if (check instanceof DnsCheck dns) {
      dns(target, path, dns, done);
    } else if (check instanceof HttpCheck http) {
      List<HttpExchange> exchanges = exchanges(http, turn);
      next(target, path, http, exchanges, 0, System.nanoTime(), done);
    } else {
      try {
        Conversation conversation = conversation(check, target, 0);
        boolean reset = check instanceof HalfOpenCheck;
        StreamAttempt.start(loop, target, path, reset, conversation, check.timeout(), done);
      } catch (GeneralSecurityException | IOException e) {
        done.accept(
            CheckResult.undecided("TLS cannot be set up: " + e.getMessage(), Duration.ZERO));
      }
    }
    return true;
  }

  static InetSocketAddress target(ServerKey server, CheckPath.Direct path) {
    return new InetSocketAddress(
        path.address().orElse(server.address()), path.port() != 0 ? path.port() : server.port());
  }

  static List<HttpExchange> exchanges(HttpCheck check, int turn) {
    return check.onePerRun()
        ? List.of(check.exchanges().get(turn % check.exchanges().size()))
        : check.exchanges();
  }

  /**
   * What is said over a stream.
   *
   * @param exchange which exchange of an HTTP check, among those of this run
   */
  Conversation conversation(HealthCheck check, InetSocketAddress target, int exchange)
      throws GeneralSecurityException, IOException {
    if (check instanceof TcpCheck || check instanceof HalfOpenCheck) {
      return new TcpConversation();
    }
    if (check instanceof SmtpCheck smtp) {
      return new SmtpConversation(smtp);
    }
    if (check instanceof TlsCheck tls) {
      return tls(tls.tls(), target, tls.leastDaysLeft(), null);
    }
    if (check instanceof HttpCheck http) {
      Conversation plain = new HttpConversation(http, http.exchanges().get(exchange), target);
      return http.tls().isPresent() ? tls(http.tls().get(), target, -1, plain) : plain;
    }
    throw new IllegalArgumentException(check.describe() + " is no conversation");
  }

  private Conversation tls(
      TlsSettings settings, InetSocketAddress target, int days, @Nullable Conversation inner)
      throws GeneralSecurityException, IOException {
    return new TlsConversation(
        contexts.engine(settings, target.getPort()), days, inner, Instant.now());
  }

  /** One exchange after the other, within one deadline. */
  private void next(
      InetSocketAddress target,
      CheckPath.Direct path,
      HttpCheck check,
      List<HttpExchange> exchanges,
      int index,
      long started,
      Consumer<CheckResult> done) {
    Duration used = Duration.ofNanos(System.nanoTime() - started);
    Conversation conversation;
    try {
      conversation = conversation(check, target, check.exchanges().indexOf(exchanges.get(index)));
    } catch (GeneralSecurityException | IOException e) {
      done.accept(CheckResult.undecided("TLS cannot be set up: " + e.getMessage(), used));
      return;
    }
    StreamAttempt.start(
        loop,
        target,
        path,
        false,
        conversation,
        check.timeout().minus(used),
        result -> {
          if (result.passed() && index + 1 < exchanges.size()) {
            next(target, path, check, exchanges, index + 1, started, done);
          } else {
            done.accept(
                new CheckResult(
                    result.outcome(),
                    result.cause(),
                    result.detail(),
                    Duration.ofNanos(System.nanoTime() - started),
                    result.shift()));
          }
        });
  }

  private void udp(
      InetSocketAddress target, CheckPath.Direct path, UdpCheck check, Consumer<CheckResult> done) {
    byte[] payload =
        check
            .payload()
            .map(pattern -> pattern.bytes())
            .orElseGet(
                () -> {
                  byte[] bytes = new byte[16];
                  random.nextBytes(bytes);
                  return bytes;
                });
    DatagramAttempt.start(
        loop,
        target,
        path,
        ByteBuffer.wrap(payload),
        reply -> judge(check, reply),
        !check.replyRequired(),
        check.timeout(),
        done);
  }

  private static Conversation.Verdict judge(UdpCheck check, ByteBuffer reply) {
    byte[] bytes = new byte[reply.remaining()];
    reply.duplicate().get(bytes);
    if (check.replyRequired()
        && (bytes.length < check.minLength() || bytes.length > check.maxLength())) {
      return Conversation.Verdict.failed(
          Cause.WRONG_ANSWER,
          "reply of "
              + bytes.length
              + " bytes, "
              + check.minLength()
              + " to "
              + check.maxLength()
              + " expected");
    }
    if (check.expected().isPresent() && !check.expected().get().matches(bytes)) {
      return Conversation.Verdict.failed(
          Cause.WRONG_ANSWER, "reply does not begin with " + check.expected().get());
    }
    return Conversation.Verdict.passed("reply of " + bytes.length + " bytes");
  }

  private void dns(
      InetSocketAddress target, CheckPath.Direct path, DnsCheck check, Consumer<CheckResult> done) {
    int identifier = random.nextInt(1 << 16);
    DatagramAttempt.start(
        loop,
        target,
        path,
        DnsMessage.query(check, identifier),
        reply -> DnsMessage.answers(reply, identifier) ? DnsMessage.judge(check, reply) : null,
        false,
        check.timeout(),
        done);
  }
}
