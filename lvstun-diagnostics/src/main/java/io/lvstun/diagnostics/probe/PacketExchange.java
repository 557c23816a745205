// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lvstun.ForeignText;
import io.lvstun.LvsException;
import io.lvstun.PermissionException;
import io.lvstun.diagnostics.script.BundledText;
import io.lvstun.diagnostics.script.HostScripts;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostException;
import io.lvstun.spi.CapturedPacket;
import io.lvstun.spi.FilterInstruction;
import io.lvstun.spi.PacketSocket;
import io.lvstun.spi.PacketSocketProvider;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sends packets from a host and sees what comes back: on this machine with packet sockets of this
 * process, elsewhere with perl or python there.
 */
final class PacketExchange {

  /** A packet to send, from the IP header on. */
  record Outgoing(InetAddress destination, ByteBuffer packet) {

    Outgoing(InetAddress destination, byte[] packet) {
      this(destination, ByteBuffer.wrap(packet));
    }
  }

  /**
   * What became of an exchange.
   *
   * @param problems why a packet could not be sent, one for each; empty if it was
   * @param received the packets that came, from the IP header on
   */
  record Result(List<Problem> problems, List<ByteBuffer> received) {}

  /**
   * Why a packet could not be sent.
   *
   * @param filtered whether the host's own packet filter drops it
   * @param reason empty if it was sent
   */
  record Problem(boolean filtered, String reason) {
    static final Problem NONE = new Problem(false, "");
  }

  private static final String SCRIPT =
      HostScripts.polyglot(
          BundledText.beside(PacketExchange.class, "exchange.sh"),
          BundledText.beside(PacketExchange.class, "exchange.pl"),
          BundledText.beside(PacketExchange.class, "exchange.py"));

  private static final int KEPT = 512;
  private static final int MOST_RECEIVED = 1000;
  private static final int MOST_OUTPUT = 4 << 20;
  private static final Duration GRACE = Duration.ofSeconds(12);
  private static final int EPERM = 1;

  private final Host host;
  private final Supplier<PacketSocketProvider> sockets;

  PacketExchange(Host host, Supplier<PacketSocketProvider> sockets) {
    this.host = host;
    this.sockets = sockets;
  }

  /**
   * Sends packets and waits for answers: ICMP, and TCP to some ports.
   *
   * @param last what to send when the waiting is over, however it ends; whether that can be sent is
   *     not told
   * @param ports to which TCP may answer
   * @param wait how long
   * @param enough whether what came is all that can come
   * @throws LvsException if the host cannot do that
   */
  Result exchange(
      List<Outgoing> packets,
      List<Outgoing> last,
      Collection<Integer> ports,
      Duration wait,
      Predicate<List<ByteBuffer>> enough) {
    return host.driverOptions().isPresent()
        ? here(packets, last, ports, wait, enough)
        : there(packets, last, ports, wait);
  }

  private Result here(
      List<Outgoing> packets,
      List<Outgoing> last,
      Collection<Integer> ports,
      Duration wait,
      Predicate<List<ByteBuffer>> enough) {
    try (PacketSocket socket =
        sockets
            .get()
            .open(
                host.driverOptions().flatMap(options -> options.namespace()),
                PacketFilter.answers(ports),
                KEPT)) {
      List<Problem> problems = new ArrayList<>();
      for (Outgoing each : packets) {
        problems.add(send(socket, each));
      }
      List<ByteBuffer> received = new ArrayList<>();
      try {
        long end = System.nanoTime() + wait.toNanos();
        while (received.size() < MOST_RECEIVED && !enough.test(received)) {
          long left = end - System.nanoTime();
          if (left <= 0 || Thread.currentThread().isInterrupted()) {
            break;
          }
          Optional<CapturedPacket> packet = socket.receive(Duration.ofNanos(left));
          packet
              .filter(each -> !each.outgoing() && !each.loopback())
              .ifPresent(each -> received.add(each.bytes()));
        }
      } finally {
        last.forEach(each -> send(socket, each));
      }
      return new Result(problems, received);
    }
  }

  @CanIgnoreReturnValue
  private static Problem send(PacketSocket socket, Outgoing each) {
    try {
      socket.send(each.destination(), each.packet().duplicate());
      return Problem.NONE;
    } catch (PermissionException e) {
      return new Problem(true, e.reason());
    } catch (LvsException e) {
      return new Problem(false, e.reason());
    }
  }

  private Result there(
      List<Outgoing> packets, List<Outgoing> last, Collection<Integer> ports, Duration wait) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Long.toString(wait.toMillis()));
    arguments.add(
        PacketFilter.answers(ports).stream()
            .map(PacketExchange::text)
            .collect(Collectors.joining(";")));
    arguments.add(Integer.toString(last.size()));
    for (Outgoing each : Stream.concat(packets.stream(), last.stream()).toList()) {
      arguments.add(io.lvstun.IpAddress.format(each.destination()));
      arguments.add(HexFormat.of().formatHex(each.packet().array()));
    }
    CommandResult result =
        host.run(
            HostScripts.command(SCRIPT, arguments)
                .deadline(wait.plus(GRACE))
                .maxOutput(MOST_OUTPUT));
    if (!result.successful()) {
      String errors = result.errors().strip();
      throw new HostException(
          new LvsException.Failure(
              "send packets",
              host.specification(),
              "host",
              ForeignText.printable(
                  result.timedOut()
                      ? "it took too long"
                      : errors.isEmpty() ? "status " + result.exitCode() : errors),
              OptionalInt.empty(),
              "Log in as root and install perl or python3, or run the doctor on the host."));
    }
    return parse(result.output(), packets.size());
  }

  private static String text(FilterInstruction each) {
    return each.code() + "," + each.jumpTrue() + "," + each.jumpFalse() + "," + each.operand();
  }

  static Result parse(String output, int packets) {
    List<Problem> problems = new ArrayList<>();
    List<ByteBuffer> received = new ArrayList<>();
    for (String line : output.lines().toList()) {
      if (line.matches("sent \\d{1,6} \\d{1,6}")) {
        int errno = Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1));
        problems.add(problem(errno));
      } else if (line.matches("got (?:[0-9a-f]{2}){1,4096}") && received.size() < MOST_RECEIVED) {
        received.add(ByteBuffer.wrap(HexFormat.of().parseHex(line.substring(4))));
      }
    }
    while (problems.size() < packets) {
      problems.add(new Problem(false, "the host did not say whether it was sent"));
    }
    return new Result(problems, received);
  }

  private static Problem problem(int errno) {
    return switch (errno) {
      case 0 -> Problem.NONE;
      case EPERM ->
          new Problem(true, "this host's own packet filter drops it on its way out (EPERM)");
      case 101 -> new Problem(false, "there is no route to it (ENETUNREACH)");
      case 113 -> new Problem(false, "the host is not on the link (EHOSTUNREACH)");
      default -> new Problem(false, "errno " + errno);
    };
  }
}
