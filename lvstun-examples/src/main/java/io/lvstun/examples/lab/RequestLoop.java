// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client that asks an HTTP server for its name over and over, each time over a new connection,
 * until it is stopped. A request that has no answer after 15 s is a failure. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RequestLoop implements AutoCloseable {
  private final BackgroundCommand client;

  RequestLoop(LabHost host, String target, int port, Duration pause) {
    client =
        host.start(
            "perl",
            HostPrograms.file("http-loop").toString(),
            target,
            Integer.toString(port),
            Double.toString(pause.toNanos() / 1e9));
    try {
      client.awaitOutput(text -> !text.isEmpty(), Duration.ofSeconds(20));
    } catch (LabException e) {
      client.close();
      throw e;
    }
  }

  /** What came of the requests that have ended so far. */
  public HttpAnswers answers() {
    List<HttpAnswer> answers = new ArrayList<>();
    String text = client.output();
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      String[] words = line.split(" ", 3);
      long millis = Long.parseLong(words[1]);
      answers.add(
          words[0].equals("ok")
              ? new HttpAnswer(200, words[2] + "\n", "", millis)
              : new HttpAnswer(0, "", words[2], millis));
    }
    return new HttpAnswers(answers);
  }

  /**
   * Waits until this many more requests have ended.
   *
   * @throws LabException if that takes longer than the deadline
   */
  public void awaitMore(int requests, Duration deadline) {
    int wanted = answers().answers().size() + requests;
    client.awaitOutput(ignored -> answers().answers().size() >= wanted, deadline);
  }

  /** Ends the client, after the request it is at, and returns all answers. */
  @CanIgnoreReturnValue
  public HttpAnswers stop() {
    client.stop();
    return answers();
  }

  @Override
  public void close() {
    client.close();
  }
}
