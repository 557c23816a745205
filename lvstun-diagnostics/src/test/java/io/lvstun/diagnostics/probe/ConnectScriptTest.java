// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lvstun.diagnostics.probe.ConnectionAttempt.Outcome;
import io.lvstun.diagnostics.script.BundledText;
import io.lvstun.diagnostics.script.HostScripts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script that connects, with each of the tools that it can use, to servers on this machine. */
class ConnectScriptTest {

  private static final List<String> TOOLS = List.of("perl", "python3", "bash", "curl", "busybox");

  /** Answers each request. */
  private static ServerSocket answering;

  /** Accepts connections, and says nothing. */
  private static ServerSocket silent;

  /** Accepts connections, and closes them. */
  private static ServerSocket closing;

  private static int nobody;

  private interface Service {
    void serve(Socket connection) throws IOException;
  }

  @BeforeAll
  static void start() throws IOException {
    answering =
        server(
            connection -> {
              InputStream in = connection.getInputStream();
              byte[] buffer = new byte[65536];
              StringBuilder text = new StringBuilder();
              while (text.indexOf("\r\n\r\n") < 0) {
                int count = in.read(buffer);
                if (count < 0) {
                  return;
                }
                text.append(new String(buffer, 0, count, StandardCharsets.US_ASCII));
              }
              connection
                  .getOutputStream()
                  .write("HTTP/1.0 200 OK\r\n\r\nhello\n".getBytes(StandardCharsets.US_ASCII));
              connection.close();
            });
    silent = server(connection -> {});
    closing =
        server(
            connection -> {
              connection.shutdownOutput();
              connection.getInputStream().readAllBytes();
              connection.close();
            });
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = gone.getLocalPort();
    }
  }

  private static ServerSocket server(Service service) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              List<Socket> open = new ArrayList<>();
              while (!socket.isClosed()) {
                try {
                  Socket connection = socket.accept();
                  open.add(connection);
                  service.serve(connection);
                } catch (IOException e) {
                  // The client or the test has ended.
                  continue;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return socket;
  }

  @AfterAll
  static void end() throws IOException {
    answering.close();
    silent.close();
    closing.close();
  }

  /** Runs the script with one tool; perl and python are there, but do not work. */
  private static String run(Path folder, String tool, int bytes, Object... targets)
      throws IOException, InterruptedException {
    for (String other : TOOLS.subList(0, Math.min(2, TOOLS.indexOf(tool)))) {
      Path fake = folder.resolve(other);
      Files.writeString(fake, "#!/bin/sh\nexit 1\n");
      Files.setPosixFilePermissions(fake, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    List<String> command =
        new ArrayList<>(List.of("/bin/sh", "-c", "eval \"$(cat)\"", "lvstun", "2000", "700"));
    command.add(Integer.toString(bytes));
    for (Object target : targets) {
      command.add(target.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PATH", folder + ":" + System.getenv("PATH"));
    Process process = builder.start();
    String script =
        HostScripts.polyglot(
            BundledText.beside(Connections.class, "connect.sh"),
            BundledText.beside(Connections.class, "connect.pl"),
            BundledText.beside(Connections.class, "connect.py"));
    if (tool.equals("curl") || tool.equals("busybox")) {
      // The machine's own tools come first in the script's order: leave them out.
      script = script.replace("has bash && has timeout", "false");
      if (tool.equals("busybox")) {
        script = script.replace("elif has curl", "elif false");
      }
    }
    process.getOutputStream().write(script.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return output + errors;
  }

  private static void assumeInstalled(String tool) {
    assumeThat(
            java.util.Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool))))
        .as(tool + " is installed")
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"perl", "python3", "bash", "curl", "busybox"})
  void outcomesAreToldApart(String tool, @TempDir Path folder) throws Exception {
    assumeInstalled(tool);
    String output =
        run(folder, tool, 0, "127.0.0.1", answering.getLocalPort(), 2, "127.0.0.1", nobody, 1);
    assertThat(output).startsWith("tool=" + tool.replace("python3", "python") + "\n");
    List<ConnectionAttempt> attempts = ConnectionAttempt.parse(output);
    assertThat(attempts)
        .filteredOn(attempt -> attempt.port() == answering.getLocalPort())
        .hasSize(2)
        .allMatch(attempt -> attempt.outcome() == Outcome.OK)
        .allMatch(attempt -> attempt.received() > 0);
    assertThat(attempts)
        .filteredOn(attempt -> attempt.port() == nobody)
        .singleElement()
        .matches(attempt -> attempt.outcome() == Outcome.REFUSED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"perl", "python3"})
  void silentAndClosingServersAreToldApart(String tool, @TempDir Path folder) throws Exception {
    assumeInstalled(tool);
    List<ConnectionAttempt> attempts =
        ConnectionAttempt.parse(
            run(
                folder,
                tool,
                0,
                "127.0.0.1",
                silent.getLocalPort(),
                1,
                "127.0.0.1",
                closing.getLocalPort(),
                1));
    assertThat(attempts)
        .extracting(ConnectionAttempt::outcome)
        .containsExactly(Outcome.SILENT, Outcome.CLOSED);
    assertThat(attempts).allMatch(attempt -> attempt.source().equals("127.0.0.1"));
    assertThat(attempts).allMatch(attempt -> attempt.sourcePort() > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"perl", "python3"})
  void largeRequestsAreSentWhole(String tool, @TempDir Path folder) throws Exception {
    assumeInstalled(tool);
    ConnectionAttempt attempt =
        ConnectionAttempt.parse(run(folder, tool, 65536, "127.0.0.1", answering.getLocalPort(), 1))
            .get(0);
    assertThat(attempt.outcome()).isEqualTo(Outcome.OK);
    assertThat(attempt.sent()).isEqualTo(65536);
    assertThat(attempt.number("mss").orElseThrow()).isPositive();
    assertThat(attempt.number("unacked")).hasValue(0);
  }

  @Test
  void smallToolsCannotSendMuch(@TempDir Path folder) throws Exception {
    assertThat(run(folder, "bash", 65536, "127.0.0.1", nobody, 1))
        .isEqualTo("perl and python are not installed\n");
  }

  @Test
  void whatIsNoNoteIsRefused() {
    assertThat(ConnectionAttempt.parse("tool=perl\nother\n")).isEmpty();
    for (String line :
        List.of(
            "attempt address=a port=1 outcome=strange local=0 ms=0 sent=0 received=0",
            "attempt address=a port=x outcome=ok local=0 ms=0 sent=0 received=0",
            "attempt outcome=ok")) {
      assertThatIllegalArgumentException().isThrownBy(() -> ConnectionAttempt.parse(line));
    }
  }
}
