// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A real browser without a window, steered through its debugging protocol. */
final class Browser implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> received;
  private final List<JsonNode> events = new ArrayList<>();
  private int number;

  private Browser(Process process, WebSocket socket, BlockingQueue<JsonNode> received) {
    this.process = process;
    this.socket = socket;
    this.received = received;
  }

  /** Where this machine has Chromium, if it has. */
  static Optional<Path> program() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static Browser start(Path program, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(profile.resolveSibling("browser.log").toFile())
            .start();
    try {
      Path told = profile.resolve("DevToolsActivePort");
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (!Files.exists(told) || Files.readAllLines(told).size() < 2) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IllegalStateException(
              "the browser did not start: "
                  + Files.readString(profile.resolveSibling("browser.log")));
        }
        Thread.sleep(100);
      }
      return connect(process, Files.readAllLines(told).get(0));
    } catch (Exception e) {
      end(process);
      throw e;
    }
  }

  private static Browser connect(Process process, String port) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    String page =
        client
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
                    .PUT(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    String address = JsonMapper.shared().readTree(page).path("webSocketDebuggerUrl").asString();
    BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    WebSocket socket =
        client
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Listener(received))
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return new Browser(process, socket, received);
  }

  private static final class Listener implements WebSocket.Listener {

    private final BlockingQueue<JsonNode> received;
    private final StringBuilder text = new StringBuilder();

    Listener(BlockingQueue<JsonNode> received) {
      this.received = received;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        received.add(JsonMapper.shared().readTree(text.toString()));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  /** Gives the browser a command, and returns its result. */
  JsonNode command(String method, Map<String, ?> parameters) throws Exception {
    int id = ++number;
    ObjectNode message = JsonMapper.shared().createObjectNode();
    message.put("id", id);
    message.put("method", method);
    message.set("params", JsonMapper.shared().valueToTree(parameters));
    socket.sendText(message.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    while (true) {
      JsonNode reply = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (reply == null) {
        throw new IllegalStateException(method + " was not answered");
      }
      if (reply.path("id").asInt(-1) == id) {
        if (reply.has("error")) {
          throw new IllegalStateException(method + ": " + reply.path("error"));
        }
        return reply.path("result");
      }
      events.add(reply);
    }
  }

  /** Runs JavaScript in the page, whatever the page itself allows. */
  JsonNode evaluate(String script) throws Exception {
    JsonNode result =
        command("Runtime.evaluate", Map.of("expression", script, "returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(result.path("exceptionDetails").toString());
    }
    return result.path("result").path("value");
  }

  /** Shows a file on a screen of this width, as a phone does. */
  void show(Path file, int width) throws Exception {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 844, "deviceScaleFactor", 2, "mobile", true));
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      command(domain + ".enable", Map.of());
    }
    command("Page.navigate", Map.of("url", file.toUri().toString()));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!evaluate("location.protocol == 'file:' && document.readyState == 'complete'")
        .asBoolean(false)) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the page was not shown");
      }
      Thread.sleep(50);
    }
  }

  /** What the browser told without being asked, by its name. */
  List<JsonNode> events(String method) {
    return events.stream()
        .filter(event -> event.path("method").asString("").equals(method))
        .toList();
  }

  @Override
  public void close() throws IOException {
    socket.abort();
    end(process);
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
