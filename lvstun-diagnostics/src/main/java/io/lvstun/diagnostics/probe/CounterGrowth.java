// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.IpAddress;
import io.lvstun.ProtocolException;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.spi.ConnectionTable;
import io.lvstun.state.Connection;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * How much a host's counters grew while requests were sent, less what they had grown in as much
 * time before.
 *
 * @param member the host
 * @param idle before the requests
 * @param busy while they were sent
 * @param connections what the director's table of connections held after them
 * @param halfOpen the rows of the host's half-open TCP connections after them
 */
record CounterGrowth(
    Member member,
    KernelCounters idle,
    KernelCounters busy,
    List<Connection> connections,
    List<String> halfOpen) {

  private static final Set<String> TUNNELS =
      Set.of("ipip", "sit", "ip6tnl", "gre", "gretap", "ip6gre", "erspan", "fou");

  /** Returns the growth on a host; empty if its counters could not be read. */
  static Optional<CounterGrowth> of(Member member) {
    Optional<String> idle = member.facts().text(HopLedger.IDLE).known();
    Optional<String> before = member.facts().text(HopLedger.BEFORE).known();
    Optional<String> after = member.facts().text(HopLedger.AFTER).known();
    if (before.isEmpty() || after.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new CounterGrowth(
            member,
            KernelCounters.between(idle.orElse(before.get()), before.get()),
            KernelCounters.between(before.get(), after.get()),
            connections(rows(after.get(), "/proc/net/ip_vs_conn:")),
            rows(after.get(), "/proc/net/tcp:", "/proc/net/tcp6:")));
  }

  private static List<String> rows(String text, String... prefixes) {
    List<String> rows = new ArrayList<>();
    for (String line : text.lines().toList()) {
      for (String prefix : prefixes) {
        if (line.startsWith(prefix)) {
          rows.add(line.substring(prefix.length()));
        }
      }
    }
    return rows;
  }

  /** How much a counter grew; empty if the host has no such counter. */
  Optional<Long> growth(String counter) {
    if (busy.growth(counter).isEmpty()) {
      return Optional.empty();
    }
    long usual = 0;
    long before = idle.window().toMillis();
    if (before > 0 && idle.growth(counter).isPresent()) {
      usual = idle.growth(counter).getAsLong() * busy.window().toMillis() / before;
    }
    return Optional.of(Math.max(0, busy.growth(counter).getAsLong() - usual));
  }

  /** A step that shows in the sum of some counters. */
  Hop hop(
      String step,
      List<String> counters,
      long expected,
      List<String> clues,
      List<String> explainedBy) {
    long sum = 0;
    boolean known = false;
    for (String counter : counters) {
      Optional<Long> growth = growth(counter);
      known |= growth.isPresent();
      sum += growth.orElse(0L);
    }
    // A packet a request at least; what is not answered is sent again, so that some may be lost.
    Hop.State state =
        !known
            ? Hop.State.UNKNOWN
            : sum > 0 && sum >= expected ? Hop.State.PASSED : Hop.State.BROKEN;
    return new Hop(
        member.name(),
        step,
        counters.isEmpty() ? "no counter" : String.join(" + ", counters),
        expected,
        known ? sum : -1,
        state,
        clues(clues.toArray(String[]::new)),
        explainedBy);
  }

  /** Those of some counters that grew. */
  List<String> clues(String... counters) {
    List<String> clues = new ArrayList<>();
    for (String counter : counters) {
      growth(counter)
          .filter(growth -> growth > 0)
          .ifPresent(growth -> clues.add(counter + " +" + growth));
    }
    return clues;
  }

  Optional<String> deviceTo(InetAddress address) {
    return HopLedger.deviceTo(member, address);
  }

  Optional<String> deviceOf(InetAddress address) {
    return HopLedger.deviceOf(member, address);
  }

  /** What tunnel devices received, whichever of them takes the packets. */
  List<String> tunnelCounters() {
    return HopLedger.links(member).stream()
        .filter(CounterGrowth::isTunnel)
        .map(link -> "dev." + link.name() + ".rx_packets")
        .filter(counter -> busy.value(counter).isPresent())
        .toList();
  }

  private static boolean isTunnel(LinkFacts link) {
    return link.tunnel().isPresent() || TUNNELS.contains(link.kind());
  }

  /** What the devices sent that lead out of the host. */
  List<String> wires() {
    return HopLedger.links(member).stream()
        .filter(link -> !isTunnel(link) && !link.flags().contains("LOOPBACK"))
        .filter(link -> link.up() && link.master().isEmpty())
        .map(link -> "dev." + link.name() + ".tx_packets")
        .filter(counter -> busy.value(counter).isPresent())
        .toList();
  }

  /** How many of some requests wait for the last packet of their handshake. */
  long halfOpen(List<ConnectionAttempt> attempts) {
    long count = 0;
    for (String row : halfOpen) {
      // sl local_address rem_address st ...; addresses are ADDRESS:PORT.
      String[] words = row.strip().split("\\s+", -1);
      int colon = words.length < 4 ? -1 : words[2].lastIndexOf(':');
      if (colon < 0 || !words[3].equals("03")) {
        continue;
      }
      String port = words[2].substring(colon + 1);
      if (port.matches("[0-9A-Fa-f]{4}")
          && attempts.stream()
              .anyMatch(attempt -> attempt.sourcePort() == Integer.parseInt(port, 16))) {
        count++;
      }
    }
    return count;
  }

  /** The real server that a request was sent to. */
  Optional<InetAddress> connection(ConnectionAttempt attempt) {
    if (attempt.sourcePort() == 0 || attempt.source().equals("-")) {
      return Optional.empty();
    }
    InetAddress source = IpAddress.parse(attempt.source());
    InetAddress target = IpAddress.parse(attempt.address());
    return connections.stream()
        .filter(
            one ->
                one.client().equals(source)
                    && one.clientPort() == attempt.sourcePort()
                    && one.virtual().equals(target))
        .map(Connection::server)
        .findFirst();
  }

  private static List<Connection> connections(List<String> lines) {
    List<Connection> connections = new ArrayList<>();
    for (String line : lines) {
      try {
        connections.add(ConnectionTable.parse(line, "facts"));
      } catch (ProtocolException e) {
        // A line that the probe cut off; the others tell.
      }
    }
    return connections;
  }

  /** An address as {@code /proc/net/ip_vs_conn} writes it. */
  static String hexadecimal(String address) {
    byte[] bytes = IpAddress.parse(address).getAddress();
    String digits = HexFormat.of().formatHex(bytes);
    if (bytes.length == 4) {
      return digits.toUpperCase(Locale.ROOT);
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < digits.length(); i += 4) {
      text.append(i == 0 ? "" : ":").append(digits, i, i + 4);
    }
    return text.toString();
  }
}
