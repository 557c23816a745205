// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import io.lvstun.examples.lab.BackgroundCommand;
import io.lvstun.examples.lab.LabHost;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A running tcpdump whose packets are read byte by byte. */
final class WireCapture implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofSeconds(60);

  /** What is captured of each packet, the Ethernet header included: enough for all IP headers. */
  private static final int SNAPSHOT = 174;

  private static final int HEADERS = SNAPSHOT - 14;

  private final BackgroundCommand tcpdump;
  private int from;

  WireCapture(LabHost host, String filter) {
    tcpdump =
        host.start(
            "tcpdump",
            "-nn",
            "-l",
            "-x",
            "-s",
            Integer.toString(SNAPSHOT),
            "--immediate-mode",
            "-i",
            "eth0",
            filter);
    tcpdump.awaitErrors(text -> text.contains("listening on"), DEADLINE);
  }

  /** Forgets what was captured so far. */
  void forget() {
    from = lines().size();
  }

  /** The packets since the beginning, or since {@link #forget}. */
  List<WirePacket> packets() {
    List<String> lines = lines();
    List<WirePacket> packets = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String line : lines.subList(from, lines.size())) {
      if (line.startsWith("\t0x")) {
        bytes.writeBytes(WirePacket.bytes(line.substring(line.indexOf(':') + 1).strip()));
      } else {
        if (bytes.size() > 0) {
          packets.add(WirePacket.of(bytes.toByteArray()));
        }
        bytes.reset();
      }
    }
    // The last packet may be half written; all of its header is there from some length on.
    if (bytes.size() >= HEADERS) {
      packets.add(WirePacket.of(bytes.toByteArray()));
    }
    return packets;
  }

  private List<String> lines() {
    String text = tcpdump.output();
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  /** Waits for a packet. */
  WirePacket await(Predicate<WirePacket> wanted) {
    tcpdump.awaitOutput(ignored -> packets().stream().anyMatch(wanted), DEADLINE);
    return packets().stream().filter(wanted).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    tcpdump.close();
  }
}
