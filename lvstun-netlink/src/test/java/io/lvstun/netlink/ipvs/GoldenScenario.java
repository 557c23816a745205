// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.DriverOptions;
import io.lvstun.Encapsulation;
import io.lvstun.Persistence;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServerKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.netlink.NetlinkDriverProvider;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the driver says while golden messages are captured; a part of {@code golden/capture}. */
final class GoldenScenario {

  private static final int GENERIC = 0x10;
  private static final int CTRL = 0x10;

  private GoldenScenario() {}

  /** Each command of the family that writes, with every attribute. */
  static List<Command> commands() {
    VirtualService web = VirtualService.tcp("10.9.0.1", 80).scheduler(Scheduler.RR);
    VirtualService secure =
        VirtualService.tcp("fd09::1", 443)
            .scheduler(Scheduler.MH.with(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK))
            .persistence(Persistence.of(Duration.ofSeconds(300)).prefixLength(64));
    VirtualService marked =
        VirtualService.fwmark(4294967295L)
            .scheduler(Scheduler.SH.with(SchedulerFlag.SH_PORT))
            .persistence(Persistence.of(Duration.ofHours(2)).netmask("255.255.255.0"));
    return List.of(
        new Command.AddService(web),
        new Command.AddServer(
            web.key(), RealServer.tunnel("10.9.1.1").port(80).weight(5).thresholds(100, 50)),
        new Command.AddServer(
            web.key(), RealServer.tunnel("10.9.1.2", Encapsulation.gue(6080).checksum()).port(80)),
        new Command.AddServer(
            web.key(), RealServer.tunnel("fd09::11", Encapsulation.gre()).port(80)),
        new Command.AddServer(web.key(), RealServer.masquerade("10.9.1.3").port(8080).weight(0)),
        new Command.AddServer(web.key(), RealServer.directRouting("10.9.1.4").port(80)),
        new Command.EditServer(
            web.key(),
            RealServer.tunnel("10.9.1.2", Encapsulation.gue(6080).remoteChecksum())
                .port(80)
                .weight(7)),
        new Command.RemoveServer(web.key(), ServerKey.of("fd09::11", 80)),
        new Command.AddService(secure),
        new Command.EditService(secure.scheduler(Scheduler.SED)),
        new Command.AddService(marked),
        new Command.AddService(VirtualService.fwmark6(7)),
        new Command.AddService(
            VirtualService.udp("10.9.0.1", 5060)
                .persistence(Persistence.of(Duration.ofMinutes(1)).engine("sip"))),
        new Command.AddService(VirtualService.udp("10.9.0.1", 53).onePacket(true)),
        new Command.AddService(VirtualService.sctp("10.9.0.1", 132)),
        new Command.RemoveService(marked.key()),
        new Command.SetTimeouts(Timeouts.ofSeconds(900, 120, 300)),
        new Command.StartDaemon(
            SyncDaemon.backup("d0").syncId(9).group("ff02::81").port(8850).ttl(3).maxLength(1400)),
        new Command.StartDaemon(SyncDaemon.master("d0").syncId(8)),
        new Command.StopDaemon(SyncDaemon.Role.MASTER),
        new Command.StopDaemon(SyncDaemon.Role.BACKUP),
        new Command.Zero(Optional.of(web.key())),
        new Command.Zero(Optional.empty()),
        new Command.Flush());
  }

  public static void main(String[] args) throws Exception {
    if (args[0].equals("execute")) {
      execute();
    } else {
      System.out.print(
          convert(
              Files.readAllBytes(Path.of(args[1])), Files.readAllLines(Path.of(args[2])), args[3]));
    }
  }

  private static void execute() throws InterruptedException {
    try (IpvsDriver driver = new NetlinkDriverProvider().open(DriverOptions.defaults())) {
      for (Command command : commands()) {
        if (command instanceof Command.Flush) {
          step("read services");
          if (driver.services(Consistency.SINGLE_PASS).isEmpty()) {
            throw new AssertionError("no services");
          }
        }
        step("driver " + command.operation() + " " + command.target());
        Outcome outcome = driver.execute(List.of(command)).get(0);
        if (outcome.error() != null) {
          throw outcome.error();
        }
        // A daemon's thread is to run before it is stopped.
        Thread.sleep(command instanceof Command.StartDaemon ? 500 : 20);
      }
    }
  }

  private static void step(String what) {
    Instant now = Instant.now();
    System.out.printf(Locale.ROOT, "%d.%09d %s%n", now.getEpochSecond(), now.getNano(), what);
  }

  /** Writes a capture as text: steps, requests and answers in the order of their times. */
  private static String convert(byte[] pcap, List<String> steps, String version)
      throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("# Messages of the netlink family IPVS between programs and Linux ");
    text.append(version).append(" (Debian, x86-64).\n");
    text.append("# Captured by lvstun-netlink/src/test/golden/capture in the lab.\n");
    text.append("# '+' a step, '>' a datagram to the kernel, '<' one from it.\n");
    ByteBuffer file = ByteBuffer.wrap(pcap).order(ByteOrder.LITTLE_ENDIAN);
    if (file.getInt(20) != 253) {
      throw new IOException("not a capture of netlink");
    }
    file.position(24);
    List<String> waiting = new ArrayList<>(steps);
    while (file.remaining() >= 16) {
      long micros = file.getInt() * 1_000_000L + file.getInt();
      int length = file.getInt();
      file.getInt();
      byte[] packet = new byte[length];
      file.get(packet);
      int protocol = (packet[14] & 0xff) << 8 | packet[15] & 0xff;
      int type = packet.length < 22 ? 0 : (packet[20] & 0xff) | (packet[21] & 0xff) << 8;
      if (protocol != GENERIC || type == CTRL) {
        continue;
      }
      while (!waiting.isEmpty() && microsOf(waiting.get(0)) <= micros) {
        String step = waiting.remove(0);
        text.append("+ ").append(step, step.indexOf(' ') + 1, step.length()).append('\n');
      }
      // Only what goes to the kernel is a request.
      text.append(type >= CTRL && (packet[22] & 1) != 0 ? "> " : "< ");
      text.append(HexFormat.of().formatHex(packet, 16, packet.length)).append('\n');
    }
    return text.toString();
  }

  private static long microsOf(String step) {
    String time = step.substring(0, step.indexOf(' '));
    int dot = time.indexOf('.');
    return Long.parseLong(time.substring(0, dot)) * 1_000_000
        + Long.parseLong(time.substring(dot + 1, dot + 7));
  }
}
