// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.SmtpCheck;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SmtpConversationTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static Conversation.Verdict smtp(String answer) {
    return HttpConversationTest.play(
        new SmtpConversation(new SmtpCheck(CheckPath.direct(), SECOND, "me")),
        answer.getBytes(StandardCharsets.US_ASCII),
        5);
  }

  @Test
  void smtpGreetsAndLeaves() {
    assertThat(smtp("220-mail\r\n220 ready\r\n250 hello\r\n221 bye\r\n").cause())
        .isEqualTo(Cause.NONE);
    assertThat(smtp("554 go away\r\n").detail()).isEqualTo("SMTP 554 go away, 220 expected");
    assertThat(smtp("220 ready\r\n").cause()).isEqualTo(Cause.CLOSED);
    assertThat(smtp("HTTP/1.1 400\r\n").cause()).isEqualTo(Cause.MALFORMED);
    assertThat(smtp("220-x\r\n".repeat(10_000)).cause()).isEqualTo(Cause.MALFORMED);
  }

  @Test
  void eachAnswerIsWaitedForBeforeTheNextWord() {
    List<String> said = new ArrayList<>();
    Conversation.Out out = bytes -> said.add(StandardCharsets.US_ASCII.decode(bytes).toString());
    SmtpConversation conversation =
        new SmtpConversation(new SmtpCheck(CheckPath.direct(), SECOND, "probe.example"));
    assertThat(conversation.connected(out)).isNull();
    assertThat(said).isEmpty();
    assertThat(conversation.received(ascii("220-a\r\n220"), out)).isNull();
    assertThat(said).isEmpty();
    assertThat(conversation.received(ascii(" b\r\n"), out)).isNull();
    assertThat(said).containsExactly("HELO probe.example\r\n");
    assertThat(conversation.received(ascii("250 x\n"), out)).isNull();
    assertThat(said).endsWith("QUIT\r\n");
    assertThat(conversation.closed().detail()).isEqualTo("connection closed before SMTP 221");
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(HttpResponseReader.ascii(text));
  }
}
