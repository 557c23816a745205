// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

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
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes random sequences of commands in a world so small that they meet: a few services, each with
 * a few real servers. Most values are right, some are what only other programs write, some are what
 * the kernel refuses.
 */
final class CommandGenerator {

  private static final List<String> SCHEDULERS =
      List.of(
          "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh");
  private static final List<InetAddress> VIPS =
      List.of(ip("192.0.2.1"), ip("192.0.2.2"), ip("2001:db8::1"), ip("2001:db8::2"));
  private static final List<InetAddress> SERVERS =
      List.of(ip("198.51.100.1"), ip("198.51.100.2"), ip("2001:db8:1::1"), ip("2001:db8:1::2"));

  /**
   * Without the broadcast addresses of networks: the in-memory driver has no routes to know them.
   */
  private static final List<InetAddress> STRANGE =
      List.of(
          ip("0.0.0.0"),
          ip("0.0.0.1"),
          ip("127.0.0.1"),
          ip("169.254.0.1"),
          ip("192.0.2.254"),
          ip("224.0.0.1"),
          ip("239.255.255.255"),
          ip("240.0.0.1"),
          ip("255.255.255.254"),
          ip("255.255.255.255"),
          ip("::"),
          ip("::1"),
          ip("::2"),
          ip("::192.0.2.1"),
          mapped(),
          ip("64:ff9b::1"),
          ip("2002::1"),
          ip("fc00::1"),
          ip("fe80::1"),
          ip("febf::1"),
          ip("fec0::1"),
          ip("ff02::1"),
          ip("ff0e::1"),
          ip("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));

  private static final long MAX_U32 = 0xffff_ffffL;

  private final Random random;
  private final boolean foreign;

  /**
   * Makes a generator.
   *
   * @param random chooses
   * @param foreign whether to make values that only other programs write, too
   */
  CommandGenerator(Random random, boolean foreign) {
    this.random = random;
    this.foreign = foreign;
  }

  private static InetAddress ip(String literal) {
    return IpAddress.parse(literal);
  }

  private static InetAddress mapped() {
    try {
      byte[] bytes = new byte[16];
      bytes[10] = (byte) 0xff;
      bytes[11] = (byte) 0xff;
      bytes[15] = 1;
      return Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError("16 bytes are an address", e);
    }
  }

  /** Makes a sequence of 2 to 40 commands; one in a hundred has sync daemons among them. */
  List<Command> sequence() {
    boolean daemons = one(100);
    int length = 2 + random.nextInt(39);
    List<Command> commands = new ArrayList<>(length);
    while (commands.size() < length) {
      commands.add(daemons && one(4) ? daemonCommand() : command());
    }
    return commands;
  }

  private Command command() {
    int kind = random.nextInt(100);
    if (kind < 22) {
      return new Command.AddService(service());
    } else if (kind < 32) {
      return new Command.EditService(service());
    } else if (kind < 38) {
      return new Command.RemoveService(key());
    } else if (kind < 66) {
      return new Command.AddServer(key(), server());
    } else if (kind < 80) {
      return new Command.EditServer(key(), server());
    } else if (kind < 91) {
      return new Command.RemoveServer(key(), new ServerKey(serverAddress(), serverPort()));
    } else if (kind < 94) {
      return new Command.SetTimeouts(
          Timeouts.ofSeconds(timeoutSeconds(), timeoutSeconds(), timeoutSeconds()));
    } else if (kind < 98) {
      return new Command.Zero(one(3) ? Optional.empty() : Optional.of(key()));
    }
    return new Command.Flush();
  }

  private Command daemonCommand() {
    SyncDaemon.Role role = any(SyncDaemon.Role.values());
    if (one(3)) {
      return new Command.StopDaemon(role);
    }
    String device = one(6) ? "absent0" : DirectorNamespace.INTERFACE;
    SyncDaemon daemon =
        role == SyncDaemon.Role.MASTER ? SyncDaemon.master(device) : SyncDaemon.backup(device);
    if (one(2)) {
      daemon =
          daemon
              .syncId(random.nextInt(256))
              .maxLength(any(0, 1, 576, 1023, 1024, 1472, 9000, 65487, 65488, 65507))
              .port(1 + random.nextInt(65535))
              .ttl(1 + random.nextInt(255));
    }
    if (one(2)) {
      daemon = daemon.group(any("224.0.0.81", "239.1.2.3", "ff05::81", "ff0e::1"));
    }
    return new Command.StartDaemon(daemon);
  }

  // -- services ---------------------------------------------------------------------------------

  private ServiceKey key() {
    if (one(4)) {
      long mark = any(1L, 2L, (long) Integer.MAX_VALUE, 1L << 31, MAX_U32);
      if (!foreign && mark > Integer.MAX_VALUE) {
        mark = 1;
      }
      return new ServiceKey.Mark(mark, any(AddressFamily.values()));
    }
    InetAddress vip = one(20) ? any(STRANGE) : any(VIPS);
    Protocol protocol =
        foreign && one(20)
            ? Protocol.of(any(0, 1, 47, 255, 256, 65535))
            : any(Protocol.TCP, Protocol.UDP, Protocol.SCTP);
    int port = one(12) ? any(0, 21, 65535) : any(80, 443);
    return new ServiceKey.Endpoint(protocol, vip, port);
  }

  private VirtualService service() {
    ServiceKey key = key();
    String name = any(SCHEDULERS);
    if (one(60)) {
      name = "none";
    } else if (one(150)) {
      name = any("nosuch", "ftp");
    }
    Scheduler scheduler =
        new Scheduler(name, Scheduler.flagsOf(one(3) ? random.nextInt(64) & 0x38 : 0));
    Persistence persistence = one(3) ? persistence(key.family()) : null;
    boolean onePacket = one(6);
    return VirtualService.observed(key, scheduler, persistence, onePacket, List.of());
  }

  private Persistence persistence(AddressFamily family) {
    long seconds = one(2) ? 1 + random.nextInt(31 * 24 * 3600) : 360;
    if (foreign && one(6)) {
      seconds = any(0L, 17_179_869L, 17_179_870L, 1L << 31, MAX_U32, random.nextLong() & MAX_U32);
    }
    int mask = family == AddressFamily.IPV6 ? 1 + random.nextInt(128) : -1 << random.nextInt(32);
    if (one(10)) {
      mask =
          family == AddressFamily.IPV6
              ? any(0, 1, 128, 129, 255, 256, 1000)
              : any(0, -1, 1, 0x7fff_ffff, random.nextInt());
    } else if (one(2)) {
      mask = family == AddressFamily.IPV6 ? 128 : -1;
    }
    @Nullable String engine = one(8) ? "sip" : one(100) ? "nosuch" : null;
    return Persistence.observed(seconds, family, mask, engine);
  }

  // -- real servers -----------------------------------------------------------------------------

  private InetAddress serverAddress() {
    return one(12) ? any(STRANGE) : any(SERVERS);
  }

  private int serverPort() {
    return one(6) ? any(0, 1, 65535) : 80;
  }

  private RealServer server() {
    return new RealServer(
        serverAddress(), serverPort(), forwarding(), weight(), threshold(), threshold());
  }

  private Forwarding forwarding() {
    int kind = random.nextInt(10);
    if (kind < 3) {
      return Forwarding.TUNNEL;
    } else if (kind < 6) {
      return new Forwarding.Tunnel(encapsulation());
    } else if (kind < 8) {
      return Forwarding.DIRECT_ROUTING;
    } else if (kind < 9 || !foreign) {
      return Forwarding.MASQUERADE;
    }
    return new Forwarding.Other(any(1, 4, 5, 6, 7));
  }

  private Encapsulation encapsulation() {
    if (foreign && one(4)) {
      return new Encapsulation(
          any(0, 1, 2, 3, 9, 255), any(0, 1, 6080, 65535), any(0, 1, 2, 3, 4, 0xffff));
    }
    return any(
        Encapsulation.ipip(),
        Encapsulation.gue(6080),
        Encapsulation.gue(6080).checksum(),
        Encapsulation.gue(65535).remoteChecksum(),
        Encapsulation.gre(),
        Encapsulation.gre().checksum());
  }

  private int weight() {
    return foreign && one(10)
        ? any(65536, 1 << 30, Integer.MAX_VALUE)
        : any(0, 1, 1, 2, 100, 65535);
  }

  private long threshold() {
    if (!one(4)) {
      return 0;
    }
    return foreign && one(4)
        ? any(1L << 31, MAX_U32)
        : any(1L, 50L, 100L, (long) Integer.MAX_VALUE);
  }

  private long timeoutSeconds() {
    return any(0L, 0L, 1L, 900L, 2_147_483L, (long) random.nextInt(100_000));
  }

  // -- choice -----------------------------------------------------------------------------------

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  @SafeVarargs
  private <T> T any(T... choices) {
    return any(Arrays.asList(choices));
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
