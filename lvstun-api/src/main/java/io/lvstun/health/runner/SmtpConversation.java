// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.SmtpCheck;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Greeting, HELO, QUIT: 220, 250, 221 (RFC 5321). */
final class SmtpConversation implements Conversation {

  /** A reply line has at most 512 octets; a greeting of this many bytes is none. */
  private static final int MOST = 16 << 10;

  private static final int[] EXPECTED = {220, 250, 221};

  private final String hello;
  private final StringBuilder line = new StringBuilder();
  private int step;
  private int seen;

  SmtpConversation(SmtpCheck check) {
    hello = "HELO " + check.heloName() + "\r\n";
  }

  @Override
  public @Nullable Verdict connected(Out out) {
    return null;
  }

  @Override
  public @Nullable Verdict received(ByteBuffer bytes, Out out) {
    while (bytes.hasRemaining()) {
      if (++seen > MOST) {
        return Verdict.failed(Cause.MALFORMED, "SMTP reply exceeds " + MOST + " bytes");
      }
      char c = (char) (bytes.get() & 0xff);
      if (c != '\n') {
        line.append(c);
        continue;
      }
      String text = line.toString().strip();
      line.setLength(0);
      if (!text.matches("[0-9]{3}(?:[ -].*)?")) {
        return Verdict.failed(Cause.MALFORMED, "not an SMTP reply: \"" + text + '"');
      }
      if (text.length() > 3 && text.charAt(3) == '-') {
        continue;
      }
      if (Integer.parseInt(text.substring(0, 3)) != EXPECTED[step]) {
        return Verdict.failed(
            Cause.WRONG_ANSWER, "SMTP " + text + ", " + EXPECTED[step] + " expected");
      }
      step++;
      if (step == EXPECTED.length) {
        return Verdict.passed("SMTP " + text);
      }
      String next = step == 1 ? hello : "QUIT\r\n";
      out.send(ByteBuffer.wrap(next.getBytes(StandardCharsets.UTF_8)));
    }
    return null;
  }

  @Override
  public Verdict closed() {
    return Verdict.failed(
        Cause.CLOSED, "connection closed before SMTP " + EXPECTED[Math.min(step, 2)]);
  }
}
