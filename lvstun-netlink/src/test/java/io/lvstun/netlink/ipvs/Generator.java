// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.AddressFamily;
import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Makes random values, everything that the kernel can hold among them. */
final class Generator {

  private final Random random;

  Generator(long seed) {
    random = new Random(seed);
  }

  private int below(int bound) {
    return random.nextInt(bound);
  }

  /** Small, large and extreme numbers. */
  private long unsigned32() {
    return switch (below(4)) {
      case 0 -> below(3);
      case 1 -> 0xffff_ffffL - below(3);
      case 2 -> 0x8000_0000L - below(2);
      default -> random.nextInt() & 0xffff_ffffL;
    };
  }

  private long signed64() {
    return below(3) == 0 ? below(5) : random.nextLong();
  }

  private int port() {
    return below(5) == 0 ? 65535 * below(2) : below(65536);
  }

  InetAddress v4() {
    byte[] bytes = new byte[4];
    random.nextBytes(bytes);
    return IpAddress.ofBytes(bytes);
  }

  InetAddress v6() {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    if (below(5) == 0) {
      // An IPv4-mapped address stays an IPv6 one.
      for (int i = 0; i < 12; i++) {
        bytes[i] = (byte) (i < 10 ? 0 : 0xff);
      }
    }
    try {
      return Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private InetAddress address(AddressFamily family) {
    return family == AddressFamily.IPV4 ? v4() : v6();
  }

  private AddressFamily family() {
    return random.nextBoolean() ? AddressFamily.IPV4 : AddressFamily.IPV6;
  }

  private String name(int longest) {
    StringBuilder text = new StringBuilder();
    for (int i = below(longest); i >= 0; i--) {
      char c = (char) ('!' + below('~' - '!' + 1));
      text.append(c == '/' ? 'x' : c);
    }
    return text.toString();
  }

  ServiceKey key() {
    return below(4) == 0
        ? new ServiceKey.Mark(1 + (unsigned32() + 0xffff_fffeL) % 0xffff_ffffL, family())
        : new ServiceKey.Endpoint(
            Protocol.of(new int[] {6, 17, 132, 47}[below(4)]), address(family()), port());
  }

  VirtualService service(ServiceKey key) {
    Scheduler scheduler =
        below(3) == 0
            ? Scheduler.named(name(15))
            : List.of(Scheduler.RR, Scheduler.WLC, Scheduler.MH, Scheduler.SH, Scheduler.TWOS)
                .get(below(5));
    scheduler = new Scheduler(scheduler.name(), Scheduler.flagsOf(below(8) << 3));
    Persistence persistence = null;
    if (random.nextBoolean()) {
      int mask =
          key.family() == AddressFamily.IPV6
              ? 1 + below(128)
              : below(2) == 0 ? random.nextInt() : (int) (0xffff_ffffL << below(33));
      persistence =
          Persistence.observed(unsigned32(), key.family(), mask, below(3) == 0 ? name(15) : null);
    }
    return VirtualService.observed(key, scheduler, persistence, below(4) == 0, List.of());
  }

  RealServer server() {
    Encapsulation encapsulation =
        below(2) == 0 ? Encapsulation.ipip() : new Encapsulation(below(256), port(), below(65536));
    return new RealServer(
        address(family()),
        port(),
        Forwarding.observed(below(8), encapsulation),
        (int) (unsigned32() >>> 1),
        unsigned32(),
        unsigned32());
  }

  SyncDaemon daemon() {
    byte[] group = address(family()).getAddress();
    group[0] = (byte) (group.length == 4 ? 0xe0 | below(16) : 0xff);
    return new SyncDaemon(
        below(2) == 0 ? SyncDaemon.Role.MASTER : SyncDaemon.Role.BACKUP,
        name(15),
        below(256),
        below(3) == 0 ? 0 : 1 + below(65507),
        IpAddress.ofBytes(group),
        1 + below(65535),
        1 + below(255));
  }

  Command command() {
    ServiceKey key = key();
    RealServer server = server();
    return switch (below(11)) {
      case 0 -> new Command.AddService(service(key));
      case 1 -> new Command.EditService(service(key));
      case 2 -> new Command.RemoveService(key);
      case 3 -> new Command.AddServer(key, server);
      case 4 -> new Command.EditServer(key, server);
      case 5 -> new Command.RemoveServer(key, new ServerKey(server.address(), server.port()));
      case 6 -> new Command.StartDaemon(daemon());
      case 7 -> new Command.StopDaemon(daemon().role());
      case 8 ->
          new Command.SetTimeouts(Timeouts.ofSeconds(below(2_147_483), below(3), below(1_000)));
      case 9 -> new Command.Zero(below(2) == 0 ? Optional.empty() : Optional.of(key));
      default -> new Command.Flush();
    };
  }

  private Counters counters() {
    return Counters.of(signed64(), signed64(), signed64(), signed64(), signed64());
  }

  private Rates rates() {
    return Rates.of(signed64(), signed64(), signed64(), signed64(), signed64());
  }

  ServerState serverState() {
    return new ServerState(server(), unsigned32(), unsigned32(), unsigned32(), counters(), rates());
  }

  ServiceState serviceState() {
    return new ServiceState(service(key()), List.of(), counters(), rates());
  }

  /** Changes a few bytes, or cuts the end off. */
  byte[] damaged(byte[] bytes) {
    byte[] copy =
        below(4) == 0 ? java.util.Arrays.copyOf(bytes, below(bytes.length + 1)) : bytes.clone();
    for (int i = below(6); i > 0 && copy.length > 0; i--) {
      copy[below(copy.length)] = (byte) (below(3) == 0 ? below(3) - 1 : random.nextInt());
    }
    return copy;
  }
}
