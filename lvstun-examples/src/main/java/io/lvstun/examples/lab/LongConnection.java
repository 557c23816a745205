// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import java.time.Duration;

/**
 * A TCP connection of a client that stays open and speaks HTTP/1.1 with keep-alive. Not
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class LongConnection implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final BackgroundCommand client;
  private int asked;

  LongConnection(LabHost host, String target, int port) {
    client =
        host.start(
            "perl", HostPrograms.file("tcp-client").toString(), target, Integer.toString(port));
    try {
      client.awaitErrors(text -> text.contains("connected"), PATIENCE.plusSeconds(5));
    } catch (LabException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Asks the server for its name over this connection.
   *
   * @throws LabException if it does not answer within 15 s, or the connection is gone
   */
  public String server() {
    return server(PATIENCE);
  }

  /**
   * Asks the server for its name over this connection.
   *
   * @throws LabException if it does not answer before the deadline, or the connection is gone
   */
  public String server(Duration deadline) {
    asked++;
    client.send("GET / HTTP/1.1\r\nHost: lab\r\n\r\n");
    String text = client.awaitOutput(this::answered, deadline);
    String last = text.substring(text.lastIndexOf("\r\n\r\n") + 4);
    return last.lines().findFirst().orElse("");
  }

  /** The bodies are one line each and hold no empty line. */
  private boolean answered(String text) {
    int count = 0;
    int at = 0;
    while ((at = text.indexOf("\r\n\r\n", at)) >= 0) {
      count++;
      at += 4;
    }
    return count >= asked && text.endsWith("\n") && !text.endsWith("\r\n");
  }

  /** Whether the connection is there as far as the client knows. */
  public boolean isOpen() {
    return client.isRunning();
  }

  /** Closes the connection. */
  @Override
  public void close() {
    client.close();
  }
}
