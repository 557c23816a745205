// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.ServerKey;
import io.lvstun.host.Host;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LoadSourcesTest {

  private static final ServerKey HERE = ServerKey.of("127.0.0.1", 80);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);

  /** Answers one connection with a text; without one, it says nothing and keeps it open. */
  private static final class Server implements AutoCloseable {
    private final ServerSocket socket;

    Server(String answer) throws IOException {
      socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      Thread thread = new Thread(() -> answer(answer));
      thread.setDaemon(true);
      thread.start();
    }

    private void answer(String answer) {
      try (Socket client = socket.accept()) {
        OutputStream out = client.getOutputStream();
        out.write(answer.getBytes(StandardCharsets.UTF_8));
        out.flush();
        if (answer.isEmpty() || answer.startsWith("HTTP")) {
          while (client.getInputStream().read() >= 0) {}
        }
      } catch (IOException e) {
        // The test has ended, or the reader has had enough.
      }
    }

    int port() {
      return socket.getLocalPort();
    }

    LoadSource page() {
      return LoadSources.http(
          server -> URI.create("http://127.0.0.1:" + port() + "/metrics"), LoadText::uptime);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static String page(String status, String body) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void hostTellsItsLoadForEachProcessor() throws Exception {
    LoadReport report = LoadSources.host(server -> Host.local()).read(HERE, PATIENCE);
    assertThat(report.load().orElseThrow()).isBetween(0.0, LoadReport.HIGHEST);
  }

  @Test
  void agentIsReadUpToItsLineEnd() throws Exception {
    try (Server agent = new Server("75% up\nrest")) {
      LoadReport report = LoadSources.agent(agent.port()).read(HERE, PATIENCE);
      assertThat(report.agent().orElseThrow().percent()).hasValue(75);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense\n", "-5%\n", "NaN%\n", "1000000000%\n"})
  void agentThatLiesIsAFailure(String line) throws IOException {
    try (Server agent = new Server(line)) {
      assertThatThrownBy(() -> LoadSources.agent(agent.port()).read(HERE, PATIENCE))
          .isInstanceOf(LoadSource.LoadException.class)
          .hasMessageContaining("agent at /127.0.0.1:" + agent.port());
    }
  }

  @Test
  void agentWithoutEndIsCutOff() throws IOException {
    try (Server agent = new Server("x".repeat(100_000))) {
      assertThatThrownBy(() -> LoadSources.agent(agent.port()).read(HERE, PATIENCE))
          .isInstanceOf(LoadSource.LoadException.class)
          .hasMessageContaining("more than 1024 bytes");
    }
  }

  @Test
  void silenceEndsAtTheDeadline() throws IOException {
    try (Server silent = new Server("")) {
      for (LoadSource source : List.of(LoadSources.agent(silent.port()))) {
        assertThatThrownBy(() -> source.read(HERE, SHORT))
            .isInstanceOf(LoadSource.LoadException.class)
            .hasMessageContaining("timed out");
      }
    }
    try (Server silent = new Server("")) {
      assertThatThrownBy(() -> silent.page().read(HERE, SHORT))
          .isInstanceOf(LoadSource.LoadException.class)
          .hasMessageContaining("timed out");
    }
  }

  @Test
  @Timeout(60)
  void headersThatDripEndAtTheDeadline() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> drip(server));
      thread.setDaemon(true);
      thread.start();
      LoadSource page =
          LoadSources.http(
              any -> URI.create("http://127.0.0.1:" + server.getLocalPort()), LoadText::uptime);
      assertThatThrownBy(() -> page.read(HERE, SHORT))
          .isInstanceOf(LoadSource.LoadException.class)
          .hasMessageContaining("timed out");
    }
  }

  /** A byte of a header now and then, as long as somebody listens. */
  private static void drip(ServerSocket server) {
    try (Socket client = server.accept()) {
      OutputStream out = client.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      while (true) {
        out.write('x');
        LockSupport.parkNanos(10_000_000);
      }
    } catch (IOException e) {
      // The reader has had enough.
    }
  }

  @Test
  void pageIsGotAndRead() throws Exception {
    try (Server server = new Server(page("200 OK", "up 1 day, load average: 0.25, 1, 1"))) {
      assertThat(server.page().read(HERE, PATIENCE).load()).hasValue(0.25);
    }
  }

  @Test
  void otherStatusAndOtherTextAreFailures() throws IOException {
    try (Server server = new Server(page("503 Busy", "load average: 0.25"))) {
      assertThatThrownBy(() -> server.page().read(HERE, PATIENCE))
          .isInstanceOf(LoadSource.LoadException.class)
          .hasMessageContaining("status 503");
    }
    try (Server server = new Server(page("200 OK", "hello"))) {
      assertThatThrownBy(() -> server.page().read(HERE, PATIENCE))
          .isInstanceOf(LoadSource.LoadException.class)
          .hasMessageContaining("no load average in \"hello\"");
    }
  }

  @Test
  void portIsChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LoadSources.agent(0))
        .withMessageContaining("port");
  }
}
