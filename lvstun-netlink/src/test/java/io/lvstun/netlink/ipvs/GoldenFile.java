// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Persistence;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.SyncDaemon;
import io.lvstun.VirtualService;
import io.lvstun.netlink.message.MessageReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages captured from real kernels, and what they are about; each file says how. */
final class GoldenFile {

  static final VirtualService WEB = VirtualService.tcp("10.9.0.1", 80).scheduler(Scheduler.RR);
  static final VirtualService DNS = VirtualService.udp("10.9.0.1", 53).onePacket(true);
  static final VirtualService SECURE =
      VirtualService.tcp("fd09::1", 443)
          .scheduler(Scheduler.MH.with(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK))
          .persistence(Persistence.of(Duration.ofSeconds(300)).prefixLength(64));
  static final VirtualService MARKED =
      VirtualService.fwmark(4294967295L)
          .scheduler(Scheduler.SH.with(SchedulerFlag.SH_PORT))
          .persistence(Persistence.of(Duration.ofHours(2)).netmask("255.255.255.0"));
  static final VirtualService SCTP = VirtualService.sctp("10.9.0.1", 132).scheduler(Scheduler.WRR);
  static final VirtualService SIP =
      VirtualService.udp("10.9.0.1", 5060)
          .scheduler(Scheduler.RR)
          .persistence(Persistence.of(Duration.ofMinutes(1)).engine("sip"));
  static final SyncDaemon MASTER =
      SyncDaemon.master("d0").syncId(8).group("ff02::81").maxLength(1452);
  static final SyncDaemon BACKUP =
      SyncDaemon.backup("d0").syncId(9).group("224.0.0.82").port(8850).ttl(3).maxLength(1400);

  private GoldenFile() {}

  /** A datagram, and whether it went to the kernel. */
  record Datagram(boolean request, byte[] bytes) {
    MessageReader read() {
      MessageReader reader = new MessageReader();
      reader.reset(ByteBuffer.wrap(bytes), bytes.length);
      assertThat(reader.next()).isTrue();
      return reader;
    }
  }

  static Map<String, List<Datagram>> load(String kernel) throws IOException {
    Map<String, List<Datagram>> steps = new LinkedHashMap<>();
    List<Datagram> current = new ArrayList<>();
    try (InputStream file = GoldenFile.class.getResourceAsStream("linux-" + kernel + ".txt")) {
      assertThat(file).isNotNull();
      for (String line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (line.startsWith("+ ")) {
          current = steps.computeIfAbsent(line.substring(2), step -> new ArrayList<>());
        } else if (!line.startsWith("#")) {
          current.add(
              new Datagram(line.startsWith("> "), HexFormat.of().parseHex(line.substring(2))));
        }
      }
    }
    return steps;
  }
}
