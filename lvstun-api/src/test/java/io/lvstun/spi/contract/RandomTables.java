// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.VirtualService;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Makes random tables of what the api's factories can make, and lines of options. */
public final class RandomTables {

  private static final List<String> SCHEDULERS =
      List.of(
          "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh");

  private final Random random;

  /** Makes a source that depends on its seed only. */
  public RandomTables(long seed) {
    random = new Random(seed);
  }

  /** Returns the seed of a property test: {@code -Dlvstun.seed}, or by the clock. */
  public static long seed() {
    return Long.getLong("lvstun.seed", System.nanoTime());
  }

  /** Makes services whose keys differ. */
  public List<VirtualService> services(int most) {
    List<VirtualService> services = new ArrayList<>();
    Set<ServiceKey> keys = new HashSet<>();
    int count = random.nextInt(most + 1);
    while (services.size() < count) {
      VirtualService service = service();
      if (keys.add(service.key())) {
        services.add(service);
      }
    }
    return services;
  }

  private VirtualService service() {
    VirtualService service = emptyService();
    service = service.scheduler(scheduler());
    if (random.nextInt(3) == 0) {
      service = service.persistence(persistence(service.key().family()));
    }
    boolean udp =
        service.key() instanceof ServiceKey.Mark
            || service.key() instanceof ServiceKey.Endpoint endpoint
                && endpoint.protocol().equals(Protocol.UDP);
    if (udp && random.nextInt(4) == 0) {
      service = service.onePacket(true);
    }
    int servers = random.nextInt(6);
    for (int i = 0; i < servers; i++) {
      RealServer server = server(service.key());
      try {
        service = service.addRealServer(server);
      } catch (IllegalArgumentException e) {
        // The same address and port a second time.
        continue;
      }
    }
    return service;
  }

  private VirtualService emptyService() {
    AddressFamily family = family();
    if (random.nextInt(4) == 0) {
      long mark =
          random.nextBoolean() ? random.nextInt(100) + 1 : random.nextInt() & 0xffff_ffffL | 1;
      return family == AddressFamily.IPV4
          ? VirtualService.fwmark(mark)
          : VirtualService.fwmark6(mark);
    }
    InetAddress address = address(family, 10);
    if (random.nextInt(6) == 0) {
      Protocol protocol = List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP).get(random.nextInt(3));
      return VirtualService.allPorts(protocol, address, persistence(family));
    }
    int port = random.nextInt(3) == 0 ? random.nextInt(65535) + 1 : 80;
    return switch (random.nextInt(3)) {
      case 0 -> VirtualService.tcp(address, port);
      case 1 -> VirtualService.udp(address, port);
      default -> VirtualService.sctp(address, port);
    };
  }

  private AddressFamily family() {
    return random.nextInt(3) == 0 ? AddressFamily.IPV6 : AddressFamily.IPV4;
  }

  /** A unicast address that any kernel takes for a real server. */
  private InetAddress address(AddressFamily family, int first) {
    byte[] bytes = new byte[family.addressBits() / 8];
    random.nextBytes(bytes);
    if (family == AddressFamily.IPV4) {
      // Some far apart, so that the order of ipvsadm is put to the test.
      bytes[0] = (byte) (random.nextBoolean() ? first : random.nextInt(223) + 1);
      if (bytes[0] == 127) {
        bytes[0] = (byte) first;
      }
    } else {
      bytes[0] = (byte) 0xfd;
      if (random.nextBoolean()) {
        for (int i = 2; i < 15; i++) {
          bytes[i] = 0;
        }
      }
    }
    return IpAddress.ofBytes(bytes);
  }

  private Scheduler scheduler() {
    Scheduler scheduler = Scheduler.named(SCHEDULERS.get(random.nextInt(SCHEDULERS.size())));
    boolean hashing = scheduler.name().equals("sh") || scheduler.name().equals("mh");
    List<SchedulerFlag> flags = new ArrayList<>();
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      // Of sh and mh, ipvsadm does not show the third.
      if (random.nextInt(6) == 0 && !(hashing && flag == SchedulerFlag.FLAG_3)) {
        flags.add(flag);
      }
    }
    return scheduler.with(flags.toArray(new SchedulerFlag[0]));
  }

  private Persistence persistence(AddressFamily family) {
    int seconds = random.nextBoolean() ? 360 : random.nextInt(31 * 24 * 60 * 60) + 1;
    Persistence persistence = Persistence.of(Duration.ofSeconds(seconds));
    if (random.nextBoolean()) {
      persistence =
          family == AddressFamily.IPV6
              ? persistence.prefixLength(random.nextInt(128) + 1)
              : random.nextBoolean()
                  ? persistence.prefixLength(random.nextInt(33))
                  : persistence.netmask(IpAddress.format(address(family, 255)));
    }
    return random.nextInt(4) == 0 ? persistence.engine("sip") : persistence;
  }

  private RealServer server(ServiceKey service) {
    boolean tunnel = random.nextInt(3) != 0;
    AddressFamily family = tunnel && random.nextInt(4) == 0 ? family() : service.family();
    Forwarding forwarding =
        tunnel
            ? tunnel()
            : random.nextBoolean() ? Forwarding.MASQUERADE : Forwarding.DIRECT_ROUTING;
    RealServer server =
        RealServer.of(address(family, 10), forwarding)
            .weight(random.nextBoolean() ? 1 : random.nextInt(65536));
    if (random.nextInt(4) == 0) {
      long upper = random.nextInt(Integer.MAX_VALUE) + 1L;
      server = server.thresholds(upper, random.nextBoolean() ? 0 : random.nextLong(upper + 1));
    }
    boolean ownPort =
        service instanceof ServiceKey.Mark || forwarding instanceof Forwarding.Masquerade;
    return ownPort && random.nextBoolean() ? server.port(random.nextInt(65535) + 1) : server;
  }

  private Forwarding tunnel() {
    Encapsulation encapsulation =
        switch (random.nextInt(6)) {
          case 0 -> Encapsulation.gue(random.nextInt(65535) + 1);
          case 1 -> Encapsulation.gue(6080).checksum();
          case 2 -> Encapsulation.gue(6080).remoteChecksum();
          case 3 -> Encapsulation.gre();
          case 4 -> Encapsulation.gre().checksum();
          default -> Encapsulation.ipip();
        };
    return encapsulation.equals(Encapsulation.ipip())
        ? Forwarding.TUNNEL
        : new Forwarding.Tunnel(encapsulation);
  }

  /** Makes none, one or two sync daemons on an interface. */
  public List<SyncDaemon> daemons(String interfaceName) {
    List<SyncDaemon> daemons = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      daemons.add(daemon(SyncDaemon.master(interfaceName)));
    }
    if (random.nextInt(3) == 0) {
      daemons.add(daemon(SyncDaemon.backup(interfaceName)));
    }
    return daemons;
  }

  private SyncDaemon daemon(SyncDaemon daemon) {
    return daemon
        .syncId(random.nextInt(256))
        .maxLength(1024 + random.nextInt(1000))
        .group(random.nextBoolean() ? "224.0.0.81" : "239." + random.nextInt(256) + ".2.3")
        .port(random.nextInt(65535) + 1)
        .ttl(random.nextInt(255) + 1);
  }

  /** Makes a line of words that ipvsadm knows and others, in any order. */
  public String line() {
    StringBuilder line = new StringBuilder(pick(COMMANDS));
    int words = random.nextInt(9);
    for (int i = 0; i < words; i++) {
      line.append(pick(SEPARATORS)).append(pick(WORDS));
    }
    return line.toString();
  }

  private String pick(List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static final List<String> COMMANDS =
      List.of(
          "-A",
          "-A",
          "-A",
          "-a",
          "-a",
          "-a",
          "-E",
          "-e",
          "-D",
          "-d",
          "-C",
          "-Z",
          "--set",
          "--start-daemon master",
          "--stop-daemon=backup",
          "--add-service",
          "--add-server",
          "ipvsadm",
          "#",
          "",
          "-L",
          "-At",
          "-ai");
  private static final List<String> SEPARATORS = List.of(" ", " ", " ", "  ", "\t", "\r", "=", "");
  private static final List<String> WORDS =
      List.of(
          "-t 10.0.0.1:80",
          "-t 10.0.0.1:80",
          "-u [fd00::1]:53",
          "--sctp-service=10.0.0.1:7",
          "-f 7",
          "-f -1",
          "-6",
          "-r 10.0.1.1",
          "-r 10.0.1.1:8080",
          "-r=[fd00::2]:80",
          "-i",
          "-m",
          "-g",
          "-w 5",
          "-w65536",
          "-x 100",
          "-y 50",
          "--tun-type gue",
          "--tun-type=gre",
          "--tun-port 6080",
          "--tun-csum",
          "--tun-nocsum",
          "--tun-remcsum",
          "-s rr",
          "-ssh",
          "-b sh-port,flag-1",
          "-p",
          "-p 300",
          "-p=",
          "-M 255.255.255.0",
          "-M 64",
          "--pe sip",
          "-o",
          "--sort",
          "--syncid 5",
          "--mcast-interface eth0",
          "--mcast-group ff05::1",
          "--mcast-ttl 3",
          "900",
          "120",
          "ipvsadm",
          "--",
          "-",
          "-n",
          "#",
          "\u0000",
          "\u2028",
          "!#:+",
          "99999999999999999999",
          "::::",
          "[",
          "]",
          "[]:",
          ",",
          "\"");
}
