// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.probe.ConnectionAttempt;
import io.lvstun.diagnostics.probe.ConnectionAttempt.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What the outcomes of connections mean, and which checks look into that.
 *
 * @since 0.1.0
 */
public final class ProbeVerdicts {

  private static final List<String> REFUSED =
      List.of(
          Codes.IPIP_MODULE,
          Codes.FALLBACK_DEVICE,
          Codes.TUNNEL_UP,
          Codes.SERVICE_LISTENS,
          Codes.SOME_WEIGHT_ABOVE_ZERO,
          Codes.NO_MARK_BY_PAYLOAD_FOR_TCP,
          Codes.UNMAPPED_CLIENTS_SERVED);
  private static final List<String> TIMEOUT =
      List.of(
          Codes.TUNNEL_VIP,
          Codes.TUNNEL_ADDRESS,
          Codes.TUNNEL_WINNER,
          Codes.CALICO_DEVICE,
          Codes.TUNL0_OWNER,
          Codes.VIP_PREFIX,
          Codes.STRICT_FILTER,
          Codes.ALL_WINS,
          Codes.RP_FILTER_STAYS,
          Codes.FILTER_RULE,
          Codes.OUTER_SOURCE,
          Codes.ANSWERS_ARRIVE,
          Codes.FILTER_INPUT,
          Codes.FILTER_INNER,
          Codes.WAY_BACK,
          Codes.FILTER_OUTPUT,
          Codes.FILTER_STATEFUL,
          Codes.ARP_IGNORE,
          Codes.ARP_ANNOUNCE,
          Codes.VIP_HAS_ONE_MAC,
          Codes.VIP_LOCAL_ON_DIRECTOR,
          Codes.TABLE_DRIFT,
          Codes.FORWARDING_METHOD,
          Codes.BACKUP_DOES_NOT_DIRECT,
          Codes.MARK_IS_SET,
          Codes.OVER_IPV6,
          Codes.IPV6_IN_IPV4,
          Codes.IPV6_VIP_USABLE,
          Codes.AZURE_CARRIES_TUNNELS,
          Codes.DIGITALOCEAN_CARRIES_TUNNELS,
          Codes.AWS_CARRIES_TUNNELS_AND_ANSWERS,
          Codes.GOOGLE_CARRIES_TUNNELS_AND_ANSWERS,
          Codes.OPENSTACK_CARRIES_TUNNELS_AND_ANSWERS,
          Codes.ONE_OWNER_OF_THE_ADDRESS,
          Codes.CONNTRACK_TABLE_NOT_FULL,
          Codes.ACCEPT_QUEUE_LARGE_ENOUGH,
          Codes.TUNNEL_OFFLOAD_WORKS);
  private static final List<String> UNREACHABLE =
      List.of(Codes.TUNNEL_LOOP, Codes.VIP_LOCAL_ON_DIRECTOR);
  private static final List<String> RESET =
      List.of(
          Codes.CONNECTIONS_SURVIVE_ANOTHER_DIRECTOR,
          Codes.REMOVED_SERVERS_RELEASE_CLIENTS,
          Codes.SAME_TABLE_ON_ALL_DIRECTORS,
          Codes.NO_INVALID_DROPS);

  /** What can make a connection fail. */
  public static final List<String> CONNECTION = join(REFUSED, TIMEOUT, UNREACHABLE, RESET);

  /** What can keep a real server from answering through its tunnel. */
  public static final List<String> TUNNEL =
      List.of(
          Codes.IPIP_MODULE,
          Codes.FALLBACK_DEVICE,
          Codes.TUNNEL_UP,
          Codes.TUNNEL_VIP,
          Codes.TUNNEL_LOOP,
          Codes.TUNNEL_ADDRESS,
          Codes.TUNNEL_WINNER,
          Codes.CALICO_DEVICE,
          Codes.TUNL0_OWNER,
          Codes.VIP_PREFIX,
          Codes.SERVICE_LISTENS,
          Codes.STRICT_FILTER,
          Codes.ALL_WINS,
          Codes.RP_FILTER_STAYS,
          Codes.FILTER_RULE,
          Codes.OUTER_SOURCE,
          Codes.FILTER_INPUT,
          Codes.FILTER_INNER,
          Codes.WAY_BACK,
          Codes.FILTER_OUTPUT,
          Codes.AZURE_CARRIES_TUNNELS,
          Codes.DIGITALOCEAN_CARRIES_TUNNELS,
          Codes.AWS_CARRIES_TUNNELS_AND_ANSWERS,
          Codes.GOOGLE_CARRIES_TUNNELS_AND_ANSWERS,
          Codes.OVER_IPV6,
          Codes.IPV6_IN_IPV4,
          Codes.IPV6_VIP_USABLE,
          Codes.HOST_ANSWERS,
          Codes.CONNTRACK_TABLE_NOT_FULL,
          Codes.TUNNEL_OFFLOAD_WORKS);

  /**
   * What stops each packet on its way, not only some: of these, a way that probes take shows that
   * they do not hold.
   */
  public static final List<String> EVERY_PACKET =
      List.of(
          Codes.IPIP_MODULE,
          Codes.FALLBACK_DEVICE,
          Codes.TUNNEL_UP,
          Codes.TUNNEL_VIP,
          Codes.TUNNEL_ADDRESS,
          Codes.TUNNEL_WINNER,
          Codes.CALICO_DEVICE,
          Codes.SERVICE_LISTENS,
          Codes.STRICT_FILTER,
          Codes.ALL_WINS,
          Codes.FILTER_RULE,
          Codes.OUTER_SOURCE,
          Codes.FILTER_INPUT,
          Codes.FILTER_INNER,
          Codes.FILTER_OUTPUT,
          Codes.FILTER_STATEFUL,
          Codes.WAY_BACK,
          Codes.VIP_LOCAL_ON_DIRECTOR,
          Codes.AZURE_CARRIES_TUNNELS,
          Codes.DIGITALOCEAN_CARRIES_TUNNELS,
          Codes.AWS_CARRIES_TUNNELS_AND_ANSWERS,
          Codes.GOOGLE_CARRIES_TUNNELS_AND_ANSWERS);

  /** What can keep full packets from getting through. */
  public static final List<String> TRANSFER =
      List.of(
          Codes.FILTER_ICMP,
          Codes.PATH_MTU,
          Codes.ANNOUNCED_MSS,
          Codes.ICMP_STORM,
          Codes.GRO_BEFORE_TUNNEL,
          Codes.IPV6_PATH_MTU,
          Codes.FILTER_STATEFUL,
          Codes.NO_LARGE_RECEIVE_OFFLOAD);

  /** The section with what connections came to. */
  public static final String CONNECTS = "probe.connect";

  /** The section with what echo requests through tunnels came to. */
  public static final String ECHOES = "probe.echo";

  /** The section with what uploads came to. */
  public static final String TRANSFERS = "probe.transfer";

  private static final int TIMES = 2;

  /** More checks than this are no help to name. */
  private static final int MOST_NAMED = 6;

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

  /**
   * What to do about connections that fail.
   *
   * @param unsettled takes away the codes of checks that passed
   */
  public static String advice(Set<Outcome> outcomes, UnaryOperator<List<String>> unsettled) {
    List<String> advice = new ArrayList<>();
    if (outcomes.contains(Outcome.REFUSED)) {
      advice.add(
          "Refused at once: a real server does not take packets out of their tunnel, or nobody"
              + " listens there, or the director has no server left; see "
              + String.join(", ", named(unsettled.apply(REFUSED.subList(0, 5)), "PRB-002"))
              + " for the port.");
    }
    if (outcomes.contains(Outcome.TIMEOUT)) {
      advice.add(
          "No answer: packets are dropped on the way; "
              + String.join(", ", named(unsettled.apply(TIMEOUT), Codes.HOP_LEDGER))
              + " tells where.");
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

  /** A few codes, with the probe's last. */
  private static List<String> named(List<String> codes, String probe) {
    List<String> named = new ArrayList<>(codes.size() > MOST_NAMED ? List.of() : codes);
    named.add(probe);
    return named;
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
