// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.probe.ConnectionAttempt;
import io.lvstun.diagnostics.probe.ConnectionAttempt.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the outcomes of connections mean, and which checks look into that.
 *
 * @since 0.1.0
 */
public final class ProbeVerdicts {

  private static final List<String> REFUSED =
      List.of("KRN-003", "KRN-004", "TUN-001", "TUN-009", "IPV-004", "FWM-001", "FWM-004");
  private static final List<String> TIMEOUT =
      List.of(
          "TUN-002", "TUN-004", "TUN-005", "TUN-006", "TUN-007", "TUN-008", "RPF-001", "RPF-002",
          "RPF-003", "RPF-004", "RPF-005", "RPF-008", "FW-001", "FW-002", "FW-003", "FW-004",
          "ARP-001", "ARP-003", "ARP-004", "IPV-001", "IPV-002", "IPV-003", "IPV-013", "FWM-002",
          "V6-001", "V6-002", "V6-003", "CLD-001", "CLD-002", "CLD-003", "CLD-004", "CLD-005",
          "HA-001", "CT-001", "SYS-001", "NIC-005");
  private static final List<String> UNREACHABLE = List.of("TUN-003", "IPV-001");
  private static final List<String> RESET = List.of("IPV-016", "IPV-005", "HA-005", "CT-003");

  /** What can make a connection fail. */
  public static final List<String> CONNECTION = join(REFUSED, TIMEOUT, UNREACHABLE, RESET);

  /** What can keep a real server from answering through its tunnel. */
  public static final List<String> TUNNEL =
      List.of(
          "KRN-003", "KRN-004", "TUN-001", "TUN-002", "TUN-003", "TUN-004", "TUN-005", "TUN-006",
          "TUN-007", "TUN-008", "TUN-009", "RPF-001", "RPF-002", "RPF-003", "RPF-004", "RPF-005",
          "FW-001", "FW-002", "FW-003", "CLD-001", "CLD-002", "CLD-003", "CLD-004", "V6-001",
          "V6-002", "V6-003", "HST-001", "CT-001", "NIC-005");

  /** What can keep full packets from getting through. */
  public static final List<String> TRANSFER =
      List.of("FW-005", "MTU-001", "MTU-002", "MTU-004", "MTU-005", "V6-004", "FW-004", "NIC-004");

  /** The section with what uploads came to. */
  public static final String TRANSFERS = "probe.transfer";

  private static final int TIMES = 2;

  private ProbeVerdicts() {}

  @SafeVarargs
  private static List<String> join(List<String>... lists) {
    List<String> all = new ArrayList<>();
    for (List<String> list : lists) {
      list.stream().filter(code -> !all.contains(code)).forEach(all::add);
    }
    return List.copyOf(all);
  }

  public static boolean failed(ConnectionAttempt attempt) {
    return !attempt.outcome().opened() || attempt.outcome() == Outcome.RESET;
  }

  /** What is to be said of a service whose connections all opened. */
  public static String opened(String service, List<ConnectionAttempt> attempts) {
    long answered = attempts.stream().filter(each -> each.outcome() == Outcome.OK).count();
    long slowest = attempts.stream().mapToLong(ConnectionAttempt::millis).max().orElse(0);
    return service
        + ": "
        + attempts.size()
        + " connections opened within "
        + slowest
        + " ms"
        + (answered == attempts.size()
            ? " and were answered"
            : answered == 0
                ? "; an HTTP request was not answered, which other protocols do not"
                : ", " + answered + " of them were answered");
  }

  /** What is to be said of a service whose connections fail. */
  public static String failures(String service, int all, List<ConnectionAttempt> failed) {
    Map<Outcome, Integer> count = new LinkedHashMap<>();
    failed.forEach(each -> count.merge(each.outcome(), 1, Integer::sum));
    List<String> words = new ArrayList<>();
    count.forEach((outcome, number) -> words.add(number + " of " + all + " " + word(outcome)));
    return service + ": " + String.join(", ", words);
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case REFUSED -> "are refused at once";
      case TIMEOUT -> "get no answer";
      case UNREACHABLE -> "are told that the host is unreachable";
      case RESET -> "are reset after they opened";
      case ERROR -> "could not be tried";
      case OK, SILENT, CLOSED, STALLED -> "opened";
    };
  }

  public static String advice(Set<Outcome> outcomes) {
    List<String> advice = new ArrayList<>();
    if (outcomes.contains(Outcome.REFUSED)) {
      advice.add(
          "Refused at once: a real server does not take packets out of their tunnel, or nobody"
              + " listens there, or the director has no server left; see "
              + String.join(", ", REFUSED.subList(0, 5))
              + ", and PRB-002 for the port.");
    }
    if (outcomes.contains(Outcome.TIMEOUT)) {
      advice.add(
          "No answer: packets are dropped on the way, by a reverse path filter (RPF), a firewall"
              + " (FW), for want of the VIP (TUN-002, IPV-001), or by a cloud (CLD); PRB-004 tells"
              + " where.");
    }
    if (outcomes.contains(Outcome.UNREACHABLE)) {
      advice.add(
          "Unreachable: the client has no route, or a real server without the VIP sends the packets"
              + " round in circles (TUN-003).");
    }
    if (outcomes.contains(Outcome.RESET)) {
      advice.add(
          "Reset after it opened: another director or server took over that does not know the"
              + " connection (IPV-016, IPV-005, HA-005), or the service itself hung up.");
    }
    return String.join(" ", advice);
  }

  /** Whether packets of full size were acknowledged. */
  public static boolean through(ConnectionAttempt attempt) {
    OptionalLong acknowledged = attempt.number("acked");
    OptionalLong mss = attempt.number("mss");
    return acknowledged.isPresent() && mss.isPresent()
        ? acknowledged.getAsLong() > TIMES * mss.getAsLong()
        : attempt.outcome() == Outcome.OK;
  }

  /** Whether packets are sent again and again without being acknowledged. */
  public static boolean stalled(ConnectionAttempt attempt) {
    return attempt.outcome() == Outcome.STALLED && !progressed(attempt);
  }

  /** Whether a vantage host's uploads were seen to stall. */
  public static boolean uploadsStall(Cluster cluster) {
    return cluster.members(Role.VANTAGE).stream()
        .map(vantage -> vantage.facts().understand(TRANSFERS, ConnectionAttempt::parse))
        .flatMap(attempts -> attempts.known().stream())
        .flatMap(List::stream)
        .anyMatch(ProbeVerdicts::stalled);
  }

  /** A slow path makes progress, a stalled one makes none. */
  private static boolean progressed(ConnectionAttempt attempt) {
    return through(attempt) && attempt.number("retrans").orElse(0) == 0;
  }

  /** The sizes that the clients' kernel uses, if it could be asked. */
  public static String sizes(List<ConnectionAttempt> attempts) {
    OptionalLong mss =
        attempts.stream().map(each -> each.number("mss")).flatMapToLong(OptionalLong::stream).max();
    OptionalLong path =
        attempts.stream()
            .map(each -> each.number("pmtu"))
            .flatMapToLong(OptionalLong::stream)
            .max();
    return mss.isEmpty()
        ? ""
        : " (MSS "
            + mss.getAsLong()
            + (path.isPresent() ? ", path MTU " + path.getAsLong() : "")
            + ")";
  }
}
