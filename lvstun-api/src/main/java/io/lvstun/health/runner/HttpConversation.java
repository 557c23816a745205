// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.IpAddress;
import io.lvstun.health.BodyRule;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.HttpCheck;
import io.lvstun.health.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One request and its response. */
final class HttpConversation implements Conversation {

  /** How much of a body a regular expression is searched in: 1 MiB. */
  private static final int MOST_SEARCHED = 1 << 20;

  /** How many characters a regular expression may look at, so that none runs for ever. */
  private static final int MOST_STEPS = 20_000_000;

  private final HttpCheck check;
  private final HttpExchange exchange;
  private final InetSocketAddress target;
  private final HttpResponseReader reader;
  private final @Nullable MessageDigest digest;
  private final @Nullable ByteArrayOutputStream searched;

  HttpConversation(HttpCheck check, HttpExchange exchange, InetSocketAddress target) {
    this.check = check;
    this.exchange = exchange;
    this.target = target;
    this.reader = new HttpResponseReader(exchange.method().equals("HEAD"), this::body);
    BodyRule rule = exchange.body().orElse(null);
    digest = rule == null || rule.digest().isEmpty() ? null : digest(rule.digest().get());
    searched = rule == null || rule.expression().isEmpty() ? null : new ByteArrayOutputStream();
  }

  private static MessageDigest digest(BodyRule.Digest rule) {
    try {
      return MessageDigest.getInstance(rule.algorithm());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + rule.algorithm(), e);
    }
  }

  private void body(ByteBuffer piece) {
    if (digest != null) {
      digest.update(piece.duplicate());
    }
    if (searched != null) {
      byte[] bytes = new byte[Math.min(piece.remaining(), MOST_SEARCHED - searched.size())];
      piece.get(bytes);
      searched.writeBytes(bytes);
    }
  }

  @Override
  public @Nullable Verdict connected(Out out) {
    StringBuilder text = new StringBuilder(200);
    boolean one = check.version() == HttpCheck.Version.HTTP_1_1;
    text.append(exchange.method()).append(' ').append(exchange.path());
    text.append(one ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
    text.append("Host: ").append(exchange.host().orElseGet(this::authority)).append("\r\n");
    if (check.version() != HttpCheck.Version.HTTP_1_0) {
      text.append("Connection: close\r\n");
    }
    if (!exchange.headers().containsKey("User-Agent")) {
      text.append("User-Agent: lvstun\r\n");
    }
    exchange
        .headers()
        .forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    text.append("\r\n");
    out.send(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    return null;
  }

  private String authority() {
    String address = IpAddress.format(target.getAddress());
    String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
    int usual = check.tls().isPresent() ? 443 : 80;
    return target.getPort() == usual ? host : host + ":" + target.getPort();
  }

  @Override
  public @Nullable Verdict received(ByteBuffer bytes, Out out) {
    try {
      reader.read(bytes);
    } catch (HttpResponseReader.MalformedException e) {
      return Verdict.failed(Cause.MALFORMED, e.getMessage() + " to " + exchange);
    }
    // A wrong status is known before the body is.
    if (reader.headed() && !statusPasses()) {
      return wrongStatus();
    }
    return reader.done() ? judge() : null;
  }

  @Override
  public Verdict closed() {
    if (reader.closed() || (reader.headed() && !check.strictLength())) {
      return judge();
    }
    return Verdict.failed(
        Cause.CLOSED, "connection closed before the response to " + exchange + " was complete");
  }

  private boolean statusPasses() {
    return exchange.statuses().stream().anyMatch(range -> range.contains(reader.status()));
  }

  private Verdict wrongStatus() {
    String wanted =
        exchange.statuses().stream().map(Object::toString).collect(Collectors.joining(" "));
    return Verdict.failed(
        Cause.WRONG_ANSWER,
        "HTTP " + reader.status() + " to " + exchange + ", " + wanted + " expected");
  }

  private Verdict judge() {
    if (!statusPasses()) {
      return wrongStatus();
    }
    if (digest != null) {
      String is = HexFormat.of().formatHex(digest.digest());
      String wanted = exchange.body().orElseThrow().digest().orElseThrow().value();
      if (!is.equals(wanted)) {
        return Verdict.failed(
            Cause.WRONG_ANSWER, "digest of " + exchange + " is " + is + ", not " + wanted);
      }
    }
    if (searched != null) {
      Verdict wrong = search(exchange.body().orElseThrow().expression().orElseThrow());
      if (wrong != null) {
        return wrong;
      }
    }
    return Verdict.passed("HTTP " + reader.status() + " to " + exchange);
  }

  private @Nullable Verdict search(BodyRule.Expression rule) {
    boolean unicode = (rule.flags() & Pattern.UNICODE_CHARACTER_CLASS) != 0;
    String text =
        java.util.Objects.requireNonNull(searched)
            .toString(unicode ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    boolean found;
    try {
      Matcher matcher =
          Pattern.compile(rule.pattern(), rule.flags()).matcher(new CountedText(text, MOST_STEPS));
      found =
          rule.minOffset() <= text.length()
              && matcher.find(rule.minOffset())
              && (rule.maxOffset() == 0 || matcher.start() < rule.maxOffset());
    } catch (CountedText.ExhaustedException | StackOverflowError e) {
      return Verdict.failed(
          Cause.MALFORMED, "the regular expression takes too long on the body of " + exchange);
    }
    if (found != rule.absent()) {
      return null;
    }
    return Verdict.failed(
        Cause.WRONG_ANSWER,
        "\"" + rule.pattern() + "\" is " + (found ? "" : "not ") + "in the body of " + exchange);
  }
}
