// SPDX-License-Identifier: Apache-2.0
package io.lvstun.weight;

import io.lvstun.LvsException;
import io.lvstun.ServerKey;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Sources of load: a host's processors, an HTTP page, an agent. Each reading is bounded in size and
 * time; a source that says nothing usable throws {@link LoadSource.LoadException}. Thread-safe if
 * the given functions are.
 *
 * @since 0.1.0
 */
public final class LoadSources {

  private static final int LONGEST_OUTPUT = 4096;

  private LoadSources() {}

  /**
   * Reads the load over one minute for each processor ({@code /proc/loadavg} and {@code nproc}) by
   * a command on the host: over ssh, in a namespace, or here.
   *
   * @param hosts the host of each server
   * @return the source
   */
  public static LoadSource host(Function<ServerKey, Host> hosts) {
    Objects.requireNonNull(hosts, "hosts");
    return (server, deadline) -> {
      Host host = hosts.apply(server);
      CommandResult result;
      try {
        result =
            host.run(
                HostCommand.of("sh", "-c", "cat /proc/loadavg && nproc")
                    .deadline(deadline)
                    .maxOutput(LONGEST_OUTPUT));
      } catch (LvsException e) {
        throw new LoadSource.LoadException("load of " + host.label() + ": " + e.getMessage(), e);
      }
      if (!result.successful()) {
        throw new LoadSource.LoadException(
            "load of "
                + host.label()
                + ": "
                + (result.timedOut() ? "no answer within " + deadline : result.errors().strip()));
      }
      return usable(host.label(), () -> LoadReport.of(hostLoad(result.output())));
    };
  }

  private static double hostLoad(String output) {
    String[] lines = output.strip().split("\n");
    return LoadText.loadAverage(output, (int) LoadText.number(lines[lines.length - 1], output));
  }

  /**
   * Gets a page by HTTP and reads the load in it, for example with {@link LoadText#nodeExporter}.
   * Redirections are not followed; any status but 200 is a failure.
   *
   * @param pages the page of each server, {@code http} or {@code https}
   * @param load finds the load in the page; throws {@link IllegalArgumentException} if it is not
   *     there
   * @return the source
   */
  public static LoadSource http(Function<ServerKey, URI> pages, ToDoubleFunction<String> load) {
    Objects.requireNonNull(load, "load");
    Objects.requireNonNull(pages, "pages");
    return (server, deadline) -> {
      URI page = pages.apply(server);
      long end = System.nanoTime() + deadline.toNanos();
      String text;
      try {
        text = get(page, end);
      } catch (IOException | RuntimeException e) {
        // A connection that is closed under its reader ends in whatever exception.
        String reason =
            System.nanoTime() - end >= 0 ? "timed out after " + deadline : e.getMessage();
        throw new LoadSource.LoadException("load at " + page + ": " + reason, e);
      }
      return usable(page.toString(), () -> LoadReport.of(load.applyAsDouble(text)));
    };
  }

  private static String get(URI page, long end) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
    try {
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout(left(end));
      connection.setReadTimeout(left(end));
      // A read's time-out begins anew with each byte: headers that drip would never end.
      CompletableFuture.delayedExecutor(left(end), TimeUnit.MILLISECONDS)
          .execute(connection::disconnect);
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException("status " + status);
      }
      try (InputStream in = connection.getInputStream()) {
        return text(in, LoadText.LONGEST, end, false);
      }
    } finally {
      connection.disconnect();
    }
  }

  /**
   * Connects to an agent at the server's address and reads one line of HAProxy's agent-check
   * protocol.
   *
   * @param port the agent's TCP port, 1 to 65535
   * @return the source
   * @throws IllegalArgumentException if the port is out of range
   */
  public static LoadSource agent(int port) {
    WeightArgument.of("port", port, 1, 65535);
    return (server, deadline) -> {
      long end = System.nanoTime() + deadline.toNanos();
      InetSocketAddress address = new InetSocketAddress(server.address(), port);
      String line;
      try (Socket socket = new Socket()) {
        socket.connect(address, left(end));
        socket.setSoTimeout(left(end));
        line = text(socket.getInputStream(), AgentReport.LONGEST, end, true);
      } catch (IOException e) {
        throw new LoadSource.LoadException("agent at " + address + ": " + e.getMessage(), e);
      }
      return usable("agent at " + address, () -> LoadReport.of(AgentReport.parse(line)));
    };
  }

  /** Milliseconds left, at least one: 0 would mean without a limit. */
  private static int left(long end) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (end - System.nanoTime()) / 1_000_000));
  }

  private static String text(InputStream in, int longest, long end, boolean oneLine)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      bytes.write(buffer, 0, count);
      if (oneLine && new String(buffer, 0, count, StandardCharsets.ISO_8859_1).indexOf('\n') >= 0) {
        break;
      }
      if (bytes.size() > longest) {
        throw new IOException("more than " + longest + " bytes");
      }
      if (System.nanoTime() - end > 0) {
        throw new IOException("not complete in time");
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private interface Reading {
    LoadReport read();
  }

  private static LoadReport usable(String place, Reading reading) throws LoadSource.LoadException {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new LoadSource.LoadException("load at " + place + ": " + e.getMessage(), e);
    }
  }
}
