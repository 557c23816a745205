// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.health.BodyRule;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.HttpCheck;
import io.lvstun.health.HttpExchange;
import io.lvstun.health.SmtpCheck;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said and how answers are judged, without sockets: in pieces of every size. */
class HttpConversationTest {

  private static final InetSocketAddress TARGET =
      new InetSocketAddress(io.lvstun.IpAddress.parse("192.0.2.1"), 8080);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Feeds a server's bytes in pieces, then closes. */
  static Conversation.Verdict play(Conversation conversation, byte[] answer, int piece) {
    StringBuilder said = new StringBuilder();
    Conversation.Out out =
        bytes -> said.append(StandardCharsets.ISO_8859_1.decode(bytes.duplicate()));
    Conversation.Verdict verdict = conversation.connected(out);
    for (int at = 0; verdict == null && at < answer.length; at += piece) {
      int count = Math.min(piece, answer.length - at);
      verdict = conversation.received(ByteBuffer.wrap(answer, at, count), out);
    }
    return verdict == null ? conversation.closed() : verdict;
  }

  private static Conversation.Verdict http(HttpExchange exchange, String answer) {
    Conversation.Verdict first = null;
    for (int piece : new int[] {1, 7, 10_000}) {
      HttpCheck check = HttpCheck.http(CheckPath.direct(), SECOND, exchange);
      Conversation.Verdict verdict =
          play(
              new HttpConversation(check, exchange, TARGET),
              answer.getBytes(StandardCharsets.ISO_8859_1),
              piece);
      assertThat(first == null || first.equals(verdict)).as("in pieces of %d", piece).isTrue();
      first = verdict;
    }
    return first;
  }

  @Test
  void requestHasWhatTheCheckSays() {
    StringBuilder said = new StringBuilder();
    HttpExchange exchange =
        HttpExchange.get("/health?a=1").host("www.example.com").header("X-Probe", "1");
    Conversation.Verdict none =
        new HttpConversation(HttpCheck.http(CheckPath.direct(), SECOND, exchange), exchange, TARGET)
            .connected(bytes -> said.append(StandardCharsets.US_ASCII.decode(bytes)));
    assertThat(none).isNull();
    assertThat(said.toString())
        .isEqualTo(
            "GET /health?a=1 HTTP/1.1\r\nHost: www.example.com\r\nConnection: close\r\n"
                + "User-Agent: lvstun\r\nX-Probe: 1\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n0\r\nT: 1\r\n\r\n",
        "HTTP/1.0 204 No Content\r\n\r\n",
        "HTTP/1.1 200\r\n\r\nuntil the end",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"
      })
  void wholeResponsesPass(String answer) {
    assertThat(http(HttpExchange.get("/"), answer).cause()).isEqualTo(Cause.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n",
        "HTTP/1.1 200 OK\r\n",
        ""
      })
  void halfResponsesFail(String answer) {
    assertThat(http(HttpExchange.get("/"), answer).cause()).isEqualTo(Cause.CLOSED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nokay\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n"
      })
  void garbageIsMalformed(String answer) {
    assertThat(http(HttpExchange.get("/"), answer).cause()).isEqualTo(Cause.MALFORMED);
  }

  @Test
  void wrongStatusIsKnownBeforeTheBodyEnds() {
    Conversation.Verdict verdict =
        http(HttpExchange.get("/"), "HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\n");
    assertThat(verdict.detail()).isEqualTo("HTTP 503 to GET /, 200-299 expected");
    assertThat(
            http(
                    HttpExchange.get("/").statuses(new HttpExchange.StatusRange(503, 503)),
                    "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")
                .cause())
        .isEqualTo(Cause.NONE);
  }

  @Test
  void bodiesAreJudged() {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    HttpExchange get = HttpExchange.get("/");
    assertThat(http(get.body(BodyRule.md5("5d41402abc4b2a76b9719d911017c592")), answer).cause())
        .isEqualTo(Cause.NONE);
    assertThat(http(get.body(BodyRule.md5("0".repeat(32))), answer).detail())
        .startsWith("digest of GET / is 5d41402abc4b2a76b9719d911017c592");
    assertThat(http(get.body(BodyRule.matching("h.l+o")), answer).cause()).isEqualTo(Cause.NONE);
    assertThat(http(get.body(BodyRule.matching("bye")), answer).detail())
        .isEqualTo("\"bye\" is not in the body of GET /");
    BodyRule absent =
        new BodyRule(Optional.empty(), Optional.of(new BodyRule.Expression("ell", 0, true, 0, 0)));
    assertThat(http(get.body(absent), answer).cause()).isEqualTo(Cause.WRONG_ANSWER);
    BodyRule late =
        new BodyRule(Optional.empty(), Optional.of(new BodyRule.Expression("ell", 0, false, 2, 0)));
    assertThat(http(get.body(late), answer).cause()).isEqualTo(Cause.WRONG_ANSWER);
  }

  @Test
  void endlessBacktrackingIsEnded() {
    String body = "a".repeat(5000) + "!";
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    HttpExchange exchange = HttpExchange.get("/").body(BodyRule.matching("(a+)+b"));
    HttpCheck check = HttpCheck.http(CheckPath.direct(), SECOND, exchange);
    Conversation.Verdict verdict =
        play(
            new HttpConversation(check, exchange, TARGET),
            answer.getBytes(StandardCharsets.ISO_8859_1),
            10_000);
    assertThat(verdict.cause()).isEqualTo(Cause.MALFORMED);
  }

  @Test
  void endlessBodiesAndHeadersHaveABound() {
    HttpExchange exchange = HttpExchange.get("/");
    HttpCheck check = HttpCheck.http(CheckPath.direct(), SECOND, exchange);
    for (String start :
        new String[] {
          "HTTP/1.1 200 OK\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n",
          "HTTP/1.1 200 OK\r\n",
          "HTTP/1.1 200 OK\r\nX: "
        }) {
      HttpConversation conversation = new HttpConversation(check, exchange, TARGET);
      Conversation.Verdict verdict = conversation.connected(bytes -> {});
      byte[] first = start.getBytes(StandardCharsets.US_ASCII);
      verdict = conversation.received(ByteBuffer.wrap(first), bytes -> {});
      byte[] block = "X: y\r\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
      long fed = 0;
      while (verdict == null && fed < 100L << 20) {
        verdict = conversation.received(ByteBuffer.wrap(block), bytes -> {});
        fed += block.length;
      }
      assertThat(verdict).as(start).isNotNull();
      assertThat(verdict.cause()).isEqualTo(Cause.MALFORMED);
      assertThat(fed).isLessThan(20L << 20);
    }
  }

  @Test
  void randomBytesNeverThrow() {
    HttpExchange exchange = HttpExchange.get("/").body(BodyRule.matching("x"));
    HttpCheck check = HttpCheck.http(CheckPath.direct(), SECOND, exchange);
    SmtpCheck smtp = new SmtpCheck(CheckPath.direct(), SECOND, "me");
    for (long seed = 0; seed < 2000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      byte[] answer = bytes;
      if (seed % 2 == 0) {
        byte[] head =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        answer = new byte[head.length + bytes.length];
        System.arraycopy(head, 0, answer, 0, head.length);
        System.arraycopy(bytes, 0, answer, head.length, bytes.length);
      }
      assertThat(play(new HttpConversation(check, exchange, TARGET), answer, 13)).isNotNull();
      assertThat(play(new SmtpConversation(smtp), answer, 13)).isNotNull();
    }
  }
}
