// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.ipvs;

import io.lvstun.IpAddress;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.probe.ExplainingChecks;
import io.lvstun.diagnostics.check.relation.Availability;
import io.lvstun.diagnostics.check.relation.IpvsTables;
import io.lvstun.diagnostics.check.relation.ProbeVerdicts;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable.ConnectionCount;
import io.lvstun.diagnostics.facts.ipvs.Keepalived;
import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.diagnostics.probe.ConnectionAttempt;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * IPV, second part: what the director's connections tell.
 *
 * @since 0.1.0
 */
public final class IpvsTrafficChecks {

  static final String HALF_OPEN = "IPV-006";

  /** Fewer may be connections that are just being opened. */
  private static final long MIN_HALF_OPEN = 3;

  private static final Duration MIN_WINDOW = Duration.ofSeconds(10);
  private static final long MIN_CONNECTIONS = 50;
  private static final double TOLERANCE = 0.15;

  private static final Set<String> BY_WEIGHT =
      Set.of("wrr", "wlc", "sed", "nq", "mh", "sh", "twos");
  private static final Set<String> EQUAL = Set.of("rr", "lc");

  private IpvsTrafficChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(HALF_OPEN, "connections-get-established")
            .title("Connections to real servers get established")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(ExplainingChecks.noAnswer())
            .symptom("Clients of one real server time out; ipvsadm -Lnc shows SYN_RECV")
            .why(
                "The director sees the client's half of a connection: SYN_RECV until the client"
                    + " acknowledges the server's answer. Entries that stay there tell that the"
                    + " server drops the packets, or that its answers do not reach the client.")
            .remedy("Look at the findings of that real server; then at the way back to the client.")
            .source("measured: reverse path filter, missing address and filters all look like that")
            .examine(IpvsTrafficChecks::halfOpen),
        Check.of("IPV-007", "connections-spread-by-weight")
            .title("New connections follow the weights")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS, Codes.ESTIMATION)
            .symptomOf(HALF_OPEN)
            .symptom("One real server has far more, or fewer, connections than the others")
            .why(
                "Persistence binds clients to servers, and many clients behind one address count as"
                    + " one client: then the weights do not decide any more.")
            .remedy(
                "Shorten the persistence or take it away, narrow its mask, or use a scheduler that"
                    + " does not go by the client's address.")
            .source("Linux net/netfilter/ipvs/ip_vs_est.c: figures are refreshed every 2 s")
            .examine(IpvsTrafficChecks::spread),
        Check.of("IPV-012", "ping-proves-nothing")
            .title("Nobody takes a ping reply for a working service")
            .severity(Severity.INFO)
            .on(Role.VANTAGE)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Ping of the virtual address works, the service does not")
            .why(
                "The director answers a ping of the virtual address itself: it says nothing of the"
                    + " tunnels or the real servers.")
            .remedy("Test with a TCP connection to the service.")
            .source("measured: answered with all real servers switched off")
            .examine(IpvsTrafficChecks::ping));
  }

  // ---- IPV-006 ----

  private static Finding halfOpen(Subject subject) {
    IpvsTable table = subject.facts().ipvs().get();
    if (!table.present()) {
      return subject.skip(IpvsTables.NO_IPVS);
    }
    Map<ServerKey, long[]> counts = new LinkedHashMap<>();
    for (ConnectionCount one : IpvsTables.connections(subject)) {
      if (one.service().startsWith("TCP ")) {
        long[] sums = counts.computeIfAbsent(one.server(), key -> new long[2]);
        sums[0] += one.state().equals(IpvsTables.SYN_RECEIVED) ? one.count() : 0;
        sums[1] += one.count();
      }
    }
    if (counts.isEmpty()) {
      return subject.skip("there are no TCP connections");
    }
    List<String> seen = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    counts.forEach(
        (server, sums) -> {
          seen.add(IpvsTables.name(server) + ": " + sums[0] + " of " + sums[1] + " in SYN_RECV");
          if (sums[0] >= MIN_HALF_OPEN && sums[0] * 2 > sums[1]) {
            wrong.add(name(subject, server));
          }
        });
    String evidence = String.join("\n", seen);
    if (wrong.isEmpty()) {
      return subject
          .pass("connections get established")
          .evidence("/proc/net/ip_vs_conn", evidence)
          .finding();
    }
    if (probesPass(subject)) {
      return subject
          .warn(
              "most connections to "
                  + String.join(", ", wrong)
                  + " were half open, but probes pass now: old entries, or clients that do not"
                  + " answer")
          .expected("ESTABLISHED soon after SYN_RECV")
          .evidence("/proc/net/ip_vs_conn", evidence)
          .remedy(Remedy.manual("Look again in a minute: entries of that kind are kept no longer."))
          .finding();
    }
    return subject
        .fail(
            "most connections to "
                + String.join(", ", wrong)
                + " are half open: the server drops them, or its answers are lost"
                + (wrong.size() == counts.size() && wrong.size() > 1
                    ? " (or somebody floods the service with SYN packets)"
                    : ""))
        .expected("ESTABLISHED soon after SYN_RECV")
        .evidence("/proc/net/ip_vs_conn", evidence)
        .remedy(
            Remedy.manual(
                "Look at the findings of that real server first. If there are none, capture on its"
                    + " card whether it answers: then the answers are lost on their way to the"
                    + " client (RPF-008). After a repair, connections begun before it stay half"
                    + " open for up to a minute."))
        .finding();
  }

  /** Whether connections of the same run, from hosts that are clients, all opened. */
  private static boolean probesPass(Subject subject) {
    List<ConnectionAttempt> attempts =
        subject.cluster().members(Role.VANTAGE).stream()
            .flatMap(
                vantage ->
                    vantage
                        .facts()
                        .understand(ProbeVerdicts.CONNECTS, ConnectionAttempt::parse)
                        .known()
                        .stream())
            .flatMap(List::stream)
            .toList();
    return !attempts.isEmpty() && attempts.stream().noneMatch(ProbeVerdicts::failed);
  }

  private static String name(Subject subject, ServerKey server) {
    return subject.cluster().server(server.address()).map(Member::name).orElse("")
        + " ("
        + IpvsTables.name(server)
        + ")";
  }

  // ---- IPV-007 ----

  private static Finding spread(Subject subject) {
    IpvsTable table = subject.facts().ipvs().get();
    if (!table.present()) {
      return subject.skip(IpvsTables.NO_IPVS);
    }
    Duration window = subject.facts().counters().map(KernelCounters::window).get();
    if (window.compareTo(MIN_WINDOW) < 0) {
      return subject.skip(
          "the samples are "
              + window.toMillis() / 1000.0
              + " s apart, at least "
              + MIN_WINDOW.toSeconds()
              + " s are needed to judge");
    }
    List<String> seen = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    boolean persistent = false;
    for (ServiceState service : subject.cluster().services(subject.member())) {
      String uneven = uneven(table, service, seen);
      if (!uneven.isEmpty()) {
        wrong.add(service.key() + ": " + uneven);
        persistent |= service.definition().persistence().isPresent();
      }
    }
    if (seen.isEmpty()) {
      return subject.skip(
          "fewer than " + MIN_CONNECTIONS + " new connections a service, too few to judge");
    }
    String evidence = String.join("\n", seen);
    if (wrong.isEmpty()) {
      return subject
          .pass("connections are spread by weight")
          .evidence("IPVS counters, over " + window.toSeconds() + " s", evidence)
          .finding();
    }
    return subject
        .warn(String.join("; ", wrong))
        .expected("shares of new connections near those of the weights")
        .evidence("IPVS counters, over " + window.toSeconds() + " s", evidence)
        .remedy(
            Remedy.manual(
                persistent
                    ? "The service is persistent: shorten its time-out, or take persistence away if"
                        + " the application does not need it."
                    : "See whether few clients make most connections (NAT, proxies), and whether"
                        + " the servers' connections last equally long."))
        .finding();
  }

  private static String uneven(IpvsTable table, ServiceState service, List<String> seen) {
    String scheduler = service.definition().scheduler().name();
    if (service.servers().size() < 2
        || !(BY_WEIGHT.contains(scheduler) || EQUAL.contains(scheduler))) {
      return "";
    }
    Map<ServerState, Long> fresh = new LinkedHashMap<>();
    long total = 0;
    long weights = 0;
    for (ServerState server : service.servers()) {
      OptionalLong grown = table.newConnections(service.key(), server.key());
      if (grown.isEmpty() || grown.getAsLong() < 0) {
        return "";
      }
      fresh.put(server, grown.getAsLong());
      total += grown.getAsLong();
      weights += weight(scheduler, server);
    }
    if (total < MIN_CONNECTIONS || weights == 0) {
      return "";
    }
    List<String> uneven = new ArrayList<>();
    for (Map.Entry<ServerState, Long> entry : fresh.entrySet()) {
      double expected = (double) weight(scheduler, entry.getKey()) / weights;
      double share = (double) entry.getValue() / total;
      double noise = 4 * Math.sqrt(expected * (1 - expected) / total);
      String text =
          String.format(
              Locale.ROOT,
              "%s gets %.0f %% of the connections, its weight says %.0f %%",
              IpAddress.format(entry.getKey().definition().address()),
              100 * share,
              100 * expected);
      seen.add(service.key() + " " + text);
      if (Math.abs(share - expected) > Math.max(TOLERANCE, noise)) {
        uneven.add(text);
      }
    }
    return String.join(", ", uneven);
  }

  private static int weight(String scheduler, ServerState server) {
    int weight = server.definition().weight();
    return EQUAL.contains(scheduler) ? Math.min(1, weight) : weight;
  }

  // ---- IPV-012 ----

  private static Finding ping(Subject subject) {
    List<String> answering = new ArrayList<>();
    for (ServiceKey key : subject.cluster().serviceKeys()) {
      if (key instanceof ServiceKey.Endpoint endpoint) {
        InetAddress address = endpoint.address();
        Availability.owners(subject.cluster(), address)
            .forEach(owner -> answering.add(IpAddress.format(address) + " (" + owner.name() + ")"));
      }
    }
    if (answering.isEmpty()) {
      return subject.skip("no director is known to have a virtual address");
    }
    boolean pings =
        subject.cluster().members(Role.DIRECTOR).stream()
            .anyMatch(
                director ->
                    director.facts().keepalived().known().map(Keepalived::pings).orElse(false));
    return subject
        .note(
            "the director answers a ping of "
                + String.join(", ", answering.stream().distinct().toList())
                + " itself: that proves nothing of the service"
                + (pings ? ", and a health check of keepalived is a ping" : ""))
        .expected("services are tested with connections")
        .finding();
  }
}
