// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.CheckState;
import io.lvstun.health.CombinedCheck;
import io.lvstun.health.CommandCheck;
import io.lvstun.health.DnsCheck;
import io.lvstun.health.FileCheck;
import io.lvstun.health.FunctionCheck;
import io.lvstun.health.HalfOpenCheck;
import io.lvstun.health.Health;
import io.lvstun.health.HealthCheck;
import io.lvstun.health.HealthPolicy;
import io.lvstun.health.HttpCheck;
import io.lvstun.health.HttpExchange;
import io.lvstun.health.Pace;
import io.lvstun.health.SmtpCheck;
import io.lvstun.health.TcpCheck;
import io.lvstun.health.Thresholds;
import io.lvstun.health.TlsCheck;
import io.lvstun.health.TlsSettings;
import io.lvstun.health.UdpCheck;
import io.lvstun.health.WeightShift;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks of servers on the loopback that fail in each way a server can. */
@Timeout(60)
class CheckRunnerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private final CheckRunner runner = CheckRunner.start();
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** What a server does with a connection. */
  private interface Behaviour {
    void serve(Socket socket) throws IOException;
  }

  @AfterEach
  void close() throws Exception {
    runner.close();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  private ServerKey serve(ServerSocket server, Behaviour behaviour) {
    opened.add(server);
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket socket = server.accept();
                  opened.add(socket);
                  behaviour.serve(socket);
                } catch (IOException e) {
                  // The client has gone, or the server is closed.
                  continue;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return new ServerKey(HERE, server.getLocalPort());
  }

  private ServerKey serve(Behaviour behaviour) throws IOException {
    return serve(new ServerSocket(0, 50, HERE), behaviour);
  }

  private static Behaviour says(String text) {
    return socket -> {
      try (socket) {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.shutdownOutput();
        InputStream rest = socket.getInputStream();
        while (rest.read() >= 0) {}
      }
    };
  }

  private CheckResult ask(ServerKey server, HealthCheck check) throws Exception {
    CompletableFuture<CheckResult> result = new CompletableFuture<>();
    runner.ask(server, check, result::complete);
    return result.get(30, TimeUnit.SECONDS);
  }

  private static HttpCheck http(Duration timeout) {
    return HttpCheck.http(CheckPath.direct(), timeout, HttpExchange.get("/"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, HERE)) {
      return socket.getLocalPort();
    }
  }

  @Test
  void tcpConnectsOrIsRefused() throws Exception {
    ServerKey up = serve(socket -> {});
    assertThat(ask(up, new TcpCheck(CheckPath.direct(), PATIENCE)).passed()).isTrue();
    assertThat(ask(up, new HalfOpenCheck(CheckPath.direct(), PATIENCE)).passed()).isTrue();
    ServerKey down = new ServerKey(HERE, freePort());
    CheckResult result = ask(down, new TcpCheck(CheckPath.direct(), PATIENCE));
    assertThat(result.cause()).isEqualTo(Cause.REFUSED);
    assertThat(result.detail()).isEqualTo("connection refused");
  }

  @Test
  void sourceThatIsNotHereSaysNothingOfTheServer() throws Exception {
    ServerKey up = serve(socket -> {});
    CheckPath.Direct path = CheckPath.direct().from(io.lvstun.IpAddress.parse("192.0.2.77"));
    assertThat(ask(up, new TcpCheck(path, PATIENCE)).outcome())
        .isEqualTo(CheckResult.Outcome.UNDECIDED);
  }

  @Test
  void httpAnswersAreJudged() throws Exception {
    assertThat(ask(serve(says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")), http(PATIENCE)))
        .extracting(CheckResult::detail)
        .isEqualTo("HTTP 200 to GET /");
    assertThat(ask(serve(says("HTTP/1.1 500 No\r\n\r\n")), http(PATIENCE)).cause())
        .isEqualTo(Cause.WRONG_ANSWER);
    assertThat(
            ask(serve(says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")), http(PATIENCE))
                .cause())
        .isEqualTo(Cause.CLOSED);
    assertThat(ask(serve(says("garbage\r\n")), http(PATIENCE)).cause()).isEqualTo(Cause.MALFORMED);
  }

  @Test
  void serverThatHangsOrTricklesFailsAtTheTotalDeadline() throws Exception {
    assertThat(ask(serve(socket -> {}), http(SHORT)).cause()).isEqualTo(Cause.TIMED_OUT);
    Behaviour trickle =
        socket -> {
          OutputStream out = socket.getOutputStream();
          while (true) {
            out.write('H');
            out.flush();
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
          }
        };
    CheckResult result = ask(serve(trickle), http(SHORT));
    assertThat(result.cause()).isEqualTo(Cause.TIMED_OUT);
  }

  @Test
  void resetIsTold() throws Exception {
    Behaviour reset =
        socket -> {
          int unused = socket.getInputStream().read();
          socket.setSoLinger(true, 0);
          socket.close();
        };
    assertThat(ask(serve(reset), http(PATIENCE)).cause()).isEqualTo(Cause.CLOSED);
  }

  @Test
  void endlessBodyIsCutOff() throws Exception {
    Behaviour endless =
        socket -> {
          OutputStream out = socket.getOutputStream();
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          byte[] block = new byte[1 << 16];
          while (true) {
            out.write(block);
          }
        };
    CheckResult result = ask(serve(endless), http(PATIENCE));
    assertThat(result.cause()).isEqualTo(Cause.MALFORMED);
    assertThat(result.detail()).isEqualTo("body exceeds 16 MiB to GET /");
  }

  @Test
  void severalExchangesMustAllPass() throws Exception {
    AtomicInteger number = new AtomicInteger();
    Behaviour second =
        socket ->
            says("HTTP/1.1 " + (number.incrementAndGet() == 2 ? 404 : 200) + " x\r\n\r\n")
                .serve(socket);
    HttpCheck check =
        HttpCheck.http(
            CheckPath.direct(), PATIENCE, HttpExchange.get("/a"), HttpExchange.get("/b"));
    CheckResult result = ask(serve(second), check);
    assertThat(result.detail()).isEqualTo("HTTP 404 to GET /b, 200-299 expected");
  }

  private static SSLContext context(String store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = CheckRunnerTest.class.getResourceAsStream(store)) {
      keys.load(in, "lvstun".toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, "lvstun".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }

  private ServerKey serveTls(String store, Behaviour behaviour) throws Exception {
    return serve(
        context(store).getServerSocketFactory().createServerSocket(0, 50, HERE),
        socket -> {
          try (socket) {
            behaviour.serve(socket);
          }
        });
  }

  private static TlsCheck tls(TlsSettings settings, int days) {
    return new TlsCheck(CheckPath.direct(), PATIENCE, settings, days);
  }

  @Test
  void certificatesAreJudged(@TempDir Path folder) throws Exception {
    Behaviour shake =
        socket -> {
          int unused = socket.getInputStream().read();
        };
    ServerKey good = serveTls("server.p12", shake);
    CheckResult passed = ask(good, tls(TlsSettings.any(), 30));
    assertThat(passed.detail()).startsWith("TLSv1.3, certificate valid for ");
    assertThat(ask(good, tls(TlsSettings.any(), 3650)).passed()).isTrue();
    ServerKey expired = serveTls("expired.p12", shake);
    assertThat(ask(expired, tls(TlsSettings.any(), -1)).passed()).isTrue();
    assertThat(ask(expired, tls(TlsSettings.any(), 0)).detail())
        .isEqualTo("the certificate expired at 2025-01-02T00:00:00Z");
    assertThat(ask(good, tls(TlsSettings.verified("www.example.com"), 0)).cause())
        .isEqualTo(Cause.TLS);
    Path authority = folder.resolve("ca.pem");
    try (InputStream in = CheckRunnerTest.class.getResourceAsStream("server.pem")) {
      Files.write(authority, in.readAllBytes());
    }
    TlsSettings own = TlsSettings.any().authority(authority).serverName("www.example.com");
    TlsSettings verified =
        new TlsSettings(
            own.trust(),
            own.authority(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("www.example.com"),
            true);
    assertThat(ask(good, tls(verified, 0)).passed()).isTrue();
    TlsSettings other =
        new TlsSettings(
            own.trust(),
            own.authority(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("other.example.com"),
            true);
    assertThat(ask(good, tls(other, 0)).cause()).isEqualTo(Cause.TLS);
    TlsSettings missing = TlsSettings.any().authority(folder.resolve("none.pem"));
    assertThat(ask(good, tls(missing, 0)).outcome()).isEqualTo(CheckResult.Outcome.UNDECIDED);
    assertThat(ask(serve(says("220 mail\r\n")), tls(TlsSettings.any(), 0)).cause())
        .isEqualTo(Cause.TLS);
  }

  @Test
  void httpsIsHttpInsideTls() throws Exception {
    ServerKey server =
        serveTls(
            "server.p12",
            socket -> {
              byte[] request = new byte[10];
              int unused = socket.getInputStream().readNBytes(request, 0, 10);
              socket
                  .getOutputStream()
                  .write(
                      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                          .getBytes(StandardCharsets.US_ASCII));
            });
    assertThat(ask(server, http(PATIENCE).tls(TlsSettings.any())).detail())
        .isEqualTo("HTTP 200 to GET /");
  }

  @Test
  void smtpIsSpoken() throws Exception {
    Behaviour mail =
        socket -> {
          try (socket) {
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            out.write("220 ready\r\n".getBytes(StandardCharsets.US_ASCII));
            while (in.read() != '\n') {}
            out.write("250 hello\r\n".getBytes(StandardCharsets.US_ASCII));
            while (in.read() != '\n') {}
            out.write("221 bye\r\n".getBytes(StandardCharsets.US_ASCII));
          }
        };
    assertThat(ask(serve(mail), new SmtpCheck(CheckPath.direct(), PATIENCE, "me")).passed())
        .isTrue();
  }

  @Test
  void datagramsAreAnswered() throws Exception {
    DatagramSocket socket = new DatagramSocket(0, HERE);
    opened.add(socket);
    Thread echo =
        new Thread(
            () -> {
              DatagramPacket packet = new DatagramPacket(new byte[600], 600);
              while (!socket.isClosed()) {
                try {
                  packet.setLength(600);
                  socket.receive(packet);
                  if (packet.getLength() > 12) {
                    packet.getData()[2] |= (byte) 0x80;
                  }
                  socket.send(packet);
                } catch (IOException e) {
                  return;
                }
              }
            });
    echo.setDaemon(true);
    echo.start();
    ServerKey server = new ServerKey(HERE, socket.getLocalPort());
    CheckPath direct = CheckPath.direct();
    assertThat(ask(server, UdpCheck.of(direct, PATIENCE, "01 02 03", "01 X2")).detail())
        .isEqualTo("reply of 3 bytes");
    assertThat(ask(server, UdpCheck.of(direct, PATIENCE, "01", "02")).cause())
        .isEqualTo(Cause.WRONG_ANSWER);
    assertThat(
            ask(
                    server,
                    new DnsCheck(direct, PATIENCE, DnsCheck.Type.A, "a.example", Optional.empty()))
                .passed())
        .isTrue();
    UdpCheck silent =
        new UdpCheck(direct, SHORT, Optional.empty(), false, Optional.empty(), 0, 255);
    ServerKey closed = new ServerKey(HERE, freePort());
    assertThat(ask(closed, silent).cause()).isEqualTo(Cause.REFUSED);
    try (DatagramSocket deaf = new DatagramSocket(0, HERE)) {
      ServerKey quiet = new ServerKey(HERE, deaf.getLocalPort());
      assertThat(ask(quiet, silent).passed()).isTrue();
      assertThat(ask(quiet, UdpCheck.of(direct, SHORT, "01", "01")).cause())
          .isEqualTo(Cause.TIMED_OUT);
    }
  }

  @Test
  void commandsHaveKeepalivedsStatuses() throws Exception {
    ServerKey any = new ServerKey(HERE, 1);
    assertThat(ask(any, CommandCheck.of(PATIENCE, "true")).passed()).isTrue();
    assertThat(ask(any, CommandCheck.of(PATIENCE, "false")).cause()).isEqualTo(Cause.REPORTED);
    CommandCheck seven = CommandCheck.of(PATIENCE, "sh", "-c", "exit 7");
    assertThat(ask(any, seven).cause()).isEqualTo(Cause.REPORTED);
    assertThat(ask(any, seven.dynamicWeight()).shift()).contains(WeightShift.to(5));
    assertThat(ask(any, CommandCheck.of(PATIENCE, "/no/such/program")).outcome())
        .isEqualTo(CheckResult.Outcome.UNDECIDED);
  }

  @Test
  void commandThatForksAndHangsIsKilledWithItsChildren(@TempDir Path folder) throws Exception {
    Path pid = folder.resolve("pid");
    CommandCheck check =
        CommandCheck.of(
            Duration.ofSeconds(1), "sh", "-c", "sleep 300 & echo $! > " + pid + "; wait");
    CheckResult result = ask(new ServerKey(HERE, 1), check);
    assertThat(result.cause()).isEqualTo(Cause.TIMED_OUT);
    long child = Long.parseLong(Files.readString(pid).strip());
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void filesHoldNumbers(@TempDir Path folder) throws Exception {
    ServerKey any = new ServerKey(HERE, 1);
    Path file = folder.resolve("load");
    assertThat(ask(any, new FileCheck(file, false, 1, false)).passed()).isTrue();
    Files.writeString(file, "3\n");
    assertThat(ask(any, new FileCheck(file, false, 1, false)).cause()).isEqualTo(Cause.REPORTED);
    assertThat(ask(any, new FileCheck(file, true, -2, false)).shift()).contains(WeightShift.by(-6));
    assertThat(ask(any, new FileCheck(file, true, 2, true)).shift()).contains(WeightShift.by(-6));
    Files.writeString(file, "many\n");
    assertThat(ask(any, new FileCheck(file, true, 1, false)).outcome())
        .isEqualTo(CheckResult.Outcome.UNDECIDED);
  }

  @Test
  void functionThatHangsOrThrowsHarmsNobody() throws Exception {
    ServerKey any = new ServerKey(HERE, 1);
    CountDownLatch never = new CountDownLatch(1);
    FunctionCheck hangs =
        new FunctionCheck(
            "hangs",
            SHORT,
            server -> {
              while (never.getCount() > 0) {
                try {
                  never.await();
                } catch (InterruptedException e) {
                  // It does not listen.
                  continue;
                }
              }
              return CheckResult.passed("", Duration.ZERO);
            });
    assertThat(ask(any, hangs).cause()).isEqualTo(Cause.TIMED_OUT);
    assertThat(ask(any, hangs).detail()).isEqualTo("hangs: its last run has not ended");
    FunctionCheck throwing =
        new FunctionCheck(
            "throws",
            PATIENCE,
            server -> {
              throw new IllegalStateException("no");
            });
    assertThat(ask(any, throwing).detail()).contains("IllegalStateException: no");
    never.countDown();
  }

  @Test
  void combinationsWaitForAll() throws Exception {
    ServerKey up = serve(socket -> {});
    TcpCheck tcp = new TcpCheck(CheckPath.direct(), PATIENCE);
    TcpCheck refused = new TcpCheck(CheckPath.direct().port(freePort()), PATIENCE);
    assertThat(ask(up, CombinedCheck.any(refused, tcp)).passed()).isTrue();
    assertThat(ask(up, CombinedCheck.all(refused, tcp)).cause()).isEqualTo(Cause.REFUSED);
  }

  @Test
  void transitionsAreToldInOrderAndOnceForAllWhoAskTheSame() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    ServerSocket server = new ServerSocket(0, 50, HERE);
    ServerKey key =
        serve(
            server,
            socket -> {
              connections.incrementAndGet();
              socket.close();
            });
    HealthPolicy policy =
        new HealthPolicy(
            new Thresholds(1, 2, 1, 1), Pace.every(Duration.ofMillis(50)), true, false, false);
    AtomicInteger told = new AtomicInteger();
    BlockingQueue<CheckState.Step> one = new LinkedBlockingQueue<>();
    BlockingQueue<CheckState.Step> two = new LinkedBlockingQueue<>();
    TcpCheck check = new TcpCheck(CheckPath.direct(), Duration.ofSeconds(5));
    CheckRunner.Subscription first =
        runner.watch(
            key,
            check,
            policy,
            (s, c, step) -> {
              told.incrementAndGet();
              one.add(step);
            });
    CheckRunner.Subscription second =
        runner.watch(
            key,
            new TcpCheck(CheckPath.direct(), Duration.ofSeconds(5)),
            policy,
            (s, c, step) -> {
              two.add(step);
              throw new IllegalStateException("a listener that fails");
            });
    CheckState.Step step = one.poll(20, TimeUnit.SECONDS);
    assertThat(step.transition().orElseThrow().to()).isEqualTo(Health.UP);
    server.close();
    while (step.state().health() == Health.UP) {
      step = one.poll(20, TimeUnit.SECONDS);
    }
    assertThat(step.transition().orElseThrow().reason())
        .isEqualTo("failed 2 times in a row: connection refused");
    assertThat(two.poll(20, TimeUnit.SECONDS).state().health()).isEqualTo(Health.UP);
    assertThat(connections.get()).isBetween(1, told.get());
    first.close();
    second.close();
  }
}
