// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a program prints, read line by line while it runs. */
@Timeout(60)
final class StreamedOutputTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private static StreamedOutput stream(String script, Duration patience) {
    return new StreamedOutput(
        Invocation.isolated(List.of("/bin/sh", "-c", script)), "printer", patience);
  }

  @Test
  void everythingComesInOrder() throws IOException {
    try (StreamedOutput stream = stream("seq 1 100000", LONG)) {
      String text = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(text.lines()).hasSize(100_000);
      assertThat(text).startsWith("1\n2\n").endsWith("99999\n100000\n");
      assertThat(stream.read()).isEqualTo(-1);
    }
  }

  @Test
  void endlessProgramWaitsForItsReaderAndDiesWhenClosed() throws IOException {
    StreamedOutput stream = stream("exec yes", LONG);
    for (int i = 0; i < 100; i++) {
      assertThat(stream.read()).isEqualTo(i % 2 == 0 ? 'y' : '\n');
    }
    stream.close();
    await().atMost(LONG).until(() -> stream.subprocess().await(Duration.ZERO).isPresent());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> stream.readNBytes(1 << 20))
        .withMessage("the stream is closed");
  }

  @Test
  void failureShowsAtTheEndWithACleanMessage() throws IOException {
    try (StreamedOutput stream =
        stream("echo data; printf 'bad\\033[1m\\nfile' >&2; exit 1", LONG)) {
      assertThat(stream.readNBytes(5)).isEqualTo("data\n".getBytes(StandardCharsets.US_ASCII));
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(stream::read)
          .withMessage("printer failed with exit code 1 (bad file)");
    }
  }

  @Test
  void silenceIsAnErrorAfterTheReadersPatience() throws IOException {
    try (StreamedOutput stream = stream("exec sleep 600", Duration.ofMillis(200))) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(stream::read)
          .withMessage("nothing came for 200 ms from printer");
    }
  }

  @Test
  void interruptEndsTheReadAndIsKept() throws IOException {
    try (StreamedOutput stream = stream("exec sleep 600", LONG)) {
      Thread.currentThread().interrupt();
      assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(stream::read);
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
