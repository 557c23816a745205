// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health.runner;

import io.lvstun.LvsException;
import io.lvstun.NetworkNamespace;
import io.lvstun.ServerKey;
import io.lvstun.health.CheckPath;
import io.lvstun.health.CheckResult;
import io.lvstun.health.CheckResult.Cause;
import io.lvstun.health.HalfOpenCheck;
import io.lvstun.spi.CapturedPacket;
import io.lvstun.spi.FilterInstruction;
import io.lvstun.spi.PacketSocket;
import io.lvstun.spi.PacketSocketProvider;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Half-open connections through tunnels, of raw packets: SYN to the virtual address, wrapped and
 * sent to one real server; its answer, which comes outside the tunnel; and RST, always. The kernel
 * knows of none of it, so that no entry of IPVS, no mark and no setting is needed, on directors as
 * well as on other hosts.
 *
 * <p>Packets are sent from the loop's thread, and received by a thread of their own.
 */
final class TunnelProber implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(TunnelProber.class.getName());

  /** Above the ports that Linux chooses by itself (32768 to 60999). */
  static final int FIRST_PORT = 61000;

  static final int LAST_PORT = 65535;

  private static final int SYN_ACK = 0x12;
  private static final int RST = 0x04;
  private static final int MSS_IPV4 = 1400;
  private static final int MSS_IPV6 = 1340;
  private static final int KEPT = 128;
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final IoLoop loop;
  private final PacketSocket sender;
  private final PacketSocket receiver;
  private final SecureRandom random = new SecureRandom();
  private final Map<Integer, Probe> probes = new HashMap<>();
  private final Thread thread;
  private int nextPort;
  private volatile boolean closed;

  TunnelProber(IoLoop loop, Optional<NetworkNamespace> namespace) {
    this.loop = loop;
    PacketSocketProvider provider =
        ServiceLoader.load(PacketSocketProvider.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "checks through the tunnel need lvstun-netlink on the class path"));
    receiver = provider.open(namespace, answers(), KEPT);
    try {
      sender = provider.open(namespace, List.of(new FilterInstruction(0x06, 0, 0, 0)), KEPT);
    } catch (RuntimeException e) {
      receiver.close();
      throw e;
    }
    nextPort = FIRST_PORT + random.nextInt(LAST_PORT - FIRST_PORT + 1);
    thread = new Thread(this::receive, "lvstun-check-packets");
    thread.setDaemon(true);
    thread.start();
  }

  /** TCP to the ports that probes use, whole or first fragment, over IPv4 or IPv6. */
  static List<FilterInstruction> answers() {
    return List.of(
        new FilterInstruction(0x30, 0, 0, 0), // load the first byte
        new FilterInstruction(0x74, 0, 0, 4), // shift right by 4
        new FilterInstruction(0x15, 0, 7, 4), // IPv4?
        new FilterInstruction(0x30, 0, 0, 9),
        new FilterInstruction(0x15, 0, 10, 6), // TCP?
        new FilterInstruction(0x28, 0, 0, 6),
        new FilterInstruction(0x45, 8, 0, 0x1fff), // a later fragment?
        new FilterInstruction(0xb1, 0, 0, 0), // index by the header's length
        new FilterInstruction(0x48, 0, 0, 2), // destination port
        new FilterInstruction(0x05, 0, 0, 4), // go on with the port
        new FilterInstruction(0x15, 0, 4, 6), // IPv6?
        new FilterInstruction(0x30, 0, 0, 6),
        new FilterInstruction(0x15, 0, 2, 6), // TCP?
        new FilterInstruction(0x28, 0, 0, 42),
        new FilterInstruction(0x35, 1, 0, FIRST_PORT), // at least the first port?
        new FilterInstruction(0x06, 0, 0, 0),
        new FilterInstruction(0x06, 0, 0, 0x40000));
  }

  private final class Probe extends Attempt {
    private final TunnelPackets.Way way;
    private final int isn = random.nextInt();

    private Probe(TunnelPackets.Way way, Duration timeout, Consumer<CheckResult> done) {
      super(loop, timeout, done);
      this.way = way;
    }

    private void send() {
      try {
        int mss = way.virtualAddress() instanceof Inet4Address ? MSS_IPV4 : MSS_IPV6;
        sender.send(way.server(), TunnelPackets.segment(way, TunnelPackets.SYN, isn, mss));
      } catch (LvsException e) {
        end(CheckResult.undecided("this host cannot check: " + e.getMessage(), took()));
      }
    }

    private void answered(TunnelPackets.Answer answer) {
      boolean mine = answer.acknowledged() == isn + 1;
      if ((answer.flags() & RST) != 0) {
        if (mine || answer.acknowledged() == isn) {
          end(CheckResult.failed(Cause.REFUSED, "reset: nothing listens on the port", took()));
        }
      } else if ((answer.flags() & SYN_ACK) == SYN_ACK && mine) {
        end(CheckResult.passed("SYN-ACK from the virtual address", took()));
      }
    }

    @Override
    CheckResult expired() {
      return CheckResult.failed(
          Cause.TIMED_OUT, "no answer from the virtual address through the tunnel", took());
    }

    @Override
    void release() {
      probes.remove(way.sourcePort());
      // Always: the server must not wait, whether or not its answer came.
      try {
        sender.send(way.server(), TunnelPackets.segment(way, TunnelPackets.RST, isn + 1, 0));
      } catch (LvsException e) {
        LOG.log(System.Logger.Level.DEBUG, "the reset of a check cannot be sent", e);
      }
    }
  }

  /** Starts a check; on the loop's thread. */
  void start(
      ServerKey server, HalfOpenCheck check, CheckPath.Tunnel path, Consumer<CheckResult> done) {
    InetAddress outer = source(server.address());
    InetAddress inner =
        path.source()
            .orElseGet(
                () ->
                    sameFamily(server.address(), path.virtualAddress())
                        ? outer
                        : source(path.virtualAddress()));
    if (outer == null || inner == null || inner.equals(path.virtualAddress())) {
      done.accept(
          CheckResult.undecided(
              "this host has no address of its own to check from; name a source", Duration.ZERO));
      return;
    }
    int port = freePort();
    if (port < 0) {
      done.accept(CheckResult.undecided("too many checks at the same time", Duration.ZERO));
      return;
    }
    TunnelPackets.Way way =
        new TunnelPackets.Way(
            outer,
            server.address(),
            path.encapsulation(),
            inner,
            port,
            path.virtualAddress(),
            path.port());
    Probe probe = new Probe(way, check.timeout(), done);
    probes.put(port, probe);
    probe.send();
  }

  private static boolean sameFamily(InetAddress a, InetAddress b) {
    return a instanceof Inet4Address == b instanceof Inet4Address;
  }

  /** The address that routing chooses towards another: nothing is sent for that. */
  private static @Nullable InetAddress source(InetAddress target) {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.connect(new InetSocketAddress(target, 9));
      return channel.getLocalAddress() instanceof InetSocketAddress local
          ? local.getAddress()
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  private int freePort() {
    int count = LAST_PORT - FIRST_PORT + 1;
    for (int i = 0; i < count; i++) {
      int port = nextPort;
      nextPort = port == LAST_PORT ? FIRST_PORT : port + 1;
      if (!probes.containsKey(port)) {
        return port;
      }
    }
    return -1;
  }

  private void receive() {
    while (!closed) {
      try {
        Optional<CapturedPacket> packet = receiver.receive(PATIENCE);
        if (packet.isEmpty() || packet.get().outgoing()) {
          continue;
        }
        ByteBuffer bytes = packet.get().bytes();
        TunnelPackets.Answer answer = TunnelPackets.answer(bytes);
        if (answer != null) {
          loop.execute(() -> answered(answer));
        }
      } catch (RuntimeException e) {
        if (!closed) {
          LOG.log(System.Logger.Level.WARNING, "answers to checks cannot be received", e);
          pause();
        }
      }
    }
    receiver.close();
  }

  private static void pause() {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answered(TunnelPackets.Answer answer) {
    Probe probe = probes.get(answer.toPort());
    if (probe != null
        && answer.fromPort() == probe.way.port()
        && answer.from().equals(probe.way.virtualAddress())) {
      probe.answered(answer);
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Probe probe : List.copyOf(probes.values())) {
      probe.end(CheckResult.undecided("the checks were ended", Duration.ZERO));
    }
    sender.close();
  }
}
