// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.LvsException;
import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.DnsCheck;
import io.lvstun.health.HttpCheck;
import io.lvstun.health.NetworkCheck;
import io.lvstun.health.UdpCheck;
import io.lvstun.spi.MarkedSocket;
import io.lvstun.spi.MarkedSocketProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Conversations over sockets that carry a firewall mark or are bound to a device, which the JDK
 * cannot open: natively opened ones, each on a worker's thread.
 */
final class MarkedProber {

  private MarkedProber() {}

  /**
   * Starts a check; on the loop's thread. Only those over TCP can be made: of the others nothing is
   * known.
   */
  static void start(
      WorkerProber workers,
      NetworkProber network,
      ServerKey server,
      NetworkCheck check,
      CheckPath.Direct path,
      int turn,
      Consumer<CheckResult> done) {
    if (check instanceof UdpCheck || check instanceof DnsCheck) {
      done.accept(
          CheckResult.undecided(
              check.describe()
                  + " cannot carry a mark or be bound to a device: route it by its source address,"
                  + " or check a TCP port",
              Duration.ZERO));
      return;
    }
    workers.start(
        server, check, check.timeout(), () -> ask(network, server, check, path, turn), done);
  }

  private static CheckResult ask(
      NetworkProber network,
      ServerKey server,
      NetworkCheck check,
      CheckPath.Direct path,
      int turn) {
    long started = System.nanoTime();
    MarkedSocketProvider provider;
    try {
      provider = ServiceLoader.load(MarkedSocketProvider.class).findFirst().orElse(null);
    } catch (ServiceConfigurationError | LinkageError e) {
      return CheckResult.undecided(
          "marked sockets of lvstun-netlink cannot be used: " + e, WorkerProber.since(started));
    }
    if (provider == null) {
      return CheckResult.undecided(
          "checks with a mark or a device need lvstun-netlink on the class path",
          WorkerProber.since(started));
    }
    InetSocketAddress target = NetworkProber.target(server, path);
    List<Integer> exchanges =
        check instanceof HttpCheck http
            ? NetworkProber.exchanges(http, turn).stream().map(http.exchanges()::indexOf).toList()
            : List.of(0);
    CheckResult last = CheckResult.undecided("nothing was asked", Duration.ZERO);
    for (int exchange : exchanges) {
      Conversation conversation;
      try {
        conversation = network.conversation(check, target, exchange);
      } catch (GeneralSecurityException | IOException e) {
        return CheckResult.undecided(
            "TLS cannot be set up: " + e.getMessage(), WorkerProber.since(started));
      }
      long deadline = started + check.timeout().toNanos();
      last = converse(provider, target, path, conversation, started, deadline);
      if (!last.passed()) {
        return last;
      }
    }
    return last;
  }

  private static CheckResult converse(
      MarkedSocketProvider provider,
      InetSocketAddress target,
      CheckPath.Direct path,
      Conversation conversation,
      long started,
      long deadline) {
    Deque<ByteBuffer> unsent = new ArrayDeque<>();
    try (MarkedSocket socket =
        provider.connect(
            new MarkedSocketProvider.Request(
                target, path.source(), path.sourcePort(), path.device(), path.mark()),
            left(deadline))) {
      Conversation.@Nullable Verdict verdict = conversation.connected(unsent::add);
      ByteBuffer buffer = ByteBuffer.allocateDirect(16 << 10);
      while (verdict == null) {
        while (!unsent.isEmpty()) {
          socket.write(unsent.remove(), left(deadline));
        }
        if (left(deadline).isZero()) {
          return CheckResult.failed(
              Cause.TIMED_OUT, "no answer in time", WorkerProber.since(started));
        }
        int count = socket.read(buffer.clear(), left(deadline));
        if (count < 0) {
          verdict = conversation.closed();
        } else if (count > 0) {
          verdict = conversation.received(buffer.flip(), unsent::add);
        }
      }
      return verdict.cause() == Cause.NONE
          ? CheckResult.passed(verdict.detail(), WorkerProber.since(started))
          : CheckResult.failed(verdict.cause(), verdict.detail(), WorkerProber.since(started));
    } catch (LvsException e) {
      return judge(e, WorkerProber.since(started));
    }
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** What an errno of a socket says: of the server, or of this host. */
  static CheckResult judge(LvsException e, Duration took) {
    String detail = String.valueOf(e.reason());
    return switch (e.code().orElse(0)) {
      case 111 -> CheckResult.failed(Cause.REFUSED, "connection refused", took);
      case 110, 11 -> CheckResult.failed(Cause.TIMED_OUT, "no answer in time", took);
      case 101, 113 -> CheckResult.failed(Cause.UNREACHABLE, detail, took);
      case 104, 32 -> CheckResult.failed(Cause.CLOSED, "connection reset", took);
      default -> CheckResult.undecided("this host cannot check: " + detail, took);
    };
  }
}
