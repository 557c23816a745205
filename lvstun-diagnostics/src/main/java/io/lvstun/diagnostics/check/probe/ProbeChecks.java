// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.probe;

import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.ProbeVerdicts;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.diagnostics.probe.ConnectionAttempt;
import io.lvstun.diagnostics.probe.Hop;
import io.lvstun.diagnostics.probe.HopLedger;
import io.lvstun.diagnostics.probe.TunnelEcho;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Live probes: what became of the packets that were sent. They decide whether the cluster works;
 * what the other checks find says why it does not, and then is the cause.
 *
 * @since 0.1.0
 */
public final class ProbeChecks {

  private static final String NOT_RUN = "probes were not run";

  private ProbeChecks() {}

  /**
   * Returns the checks.
   *
   * @param others all other checks: those that explain a failed probe are named as its causes
   */
  public static List<Check> all(List<Check> others) {
    return List.of(
        Check.of(Codes.CONNECT_FROM_VANTAGE, "connect-from-vantage")
            .title("Clients can connect to the services")
            .on(Role.VANTAGE)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(explaining(others, ProbeVerdicts.CONNECTION))
            .symptom("Some or all connections are refused, time out or are reset")
            .why(
                "This is what clients see. How a connection fails tells where: refused at once"
                    + " means that a real server does not take packets out of their tunnel, or that"
                    + " nobody listens; no answer at all means that packets are dropped on the"
                    + " way.")
            .remedy("The checks that are named as causes have the remedies.")
            .source("measured: each outcome with the fault that brings it about")
            .examine(ProbeChecks::connections),
        Check.of(Codes.TUNNEL_ECHO, "tunnel-echo")
            .title("Real servers answer what arrives through their tunnels")
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(explaining(others, ProbeVerdicts.TUNNEL))
            .symptom("Connections that a certain real server gets fail")
            .why(
                "The director sent an echo request for the VIP, and the beginning of a connection,"
                    + " through the tunnel to each real server, as it does with what clients send."
                    + " An answer proves tunnel, VIP, reverse path and packet filters.")
            .remedy("The checks that are named as causes have the remedies.")
            .source("measured; GLB's tunnel health checker does the same")
            .examine(ProbeChecks::echoes),
        Check.of(Codes.LARGE_TRANSFER, "large-transfer")
            .title("Large uploads get through")
            .on(Role.VANTAGE)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(explaining(others, ProbeVerdicts.TRANSFER))
            .symptom("Small requests work, uploads of more than a packet hang")
            .why(
                "A client's full packet does not fit into the tunnel, and the ICMP message that"
                    + " would tell the client so does not arrive: the client sends the same packet"
                    + " again and again.")
            .remedy(
                "Let real servers announce a smaller MSS (see MTU-002), or raise the MTU between"
                    + " director and real servers; let ICMP type 3 through everywhere.")
            .source("measured; RFC 1191, RFC 4459")
            .examine(ProbeChecks::transfers),
        Check.of(Codes.HOP_LEDGER, "hop-ledger")
            .title("Requests pass every hop")
            .on(Role.VANTAGE)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(explaining(others, ProbeVerdicts.CONNECTION))
            .symptom("Requests are not answered, and it is not known where they get lost")
            .why(
                "The counters of all hosts were read before and after some requests. The first step"
                    + " whose counter did not grow is where they stop.")
            .remedy("The checks that are named for the step have the remedies.")
            .source("kernel counters: Documentation/networking/snmp_counter.rst; measured")
            .examine(ProbeChecks::ledger));
  }

  private static String[] explaining(List<Check> others, List<String> wanted) {
    return others.stream().map(Check::code).filter(wanted::contains).toArray(String[]::new);
  }

  /** Why a probe has nothing to judge; empty if it has. */
  private static Optional<String> missing(Subject subject, String name) {
    Optional<Section> section = subject.facts().section(name);
    if (section.isEmpty()) {
      return Optional.of(NOT_RUN);
    }
    return section.get().state() == Section.State.ABSENT
        ? Optional.of(section.get().problem())
        : Optional.empty();
  }

  private static List<ConnectionAttempt> attempts(Subject subject, String name) {
    return subject.facts().understand(name, ConnectionAttempt::parse).get();
  }

  private static Map<String, List<ConnectionAttempt>> byService(List<ConnectionAttempt> attempts) {
    return attempts.stream()
        .collect(
            Collectors.groupingBy(
                ConnectionAttempt::service, LinkedHashMap::new, Collectors.toList()));
  }

  // ---- PRB-001 ----

  private static Finding connections(Subject subject) {
    Optional<String> missing = missing(subject, ProbeVerdicts.CONNECTS);
    if (missing.isPresent()) {
      return subject.skip(missing.get());
    }
    List<String> failures = new ArrayList<>();
    List<String> successes = new ArrayList<>();
    Set<ConnectionAttempt.Outcome> outcomes = new LinkedHashSet<>();
    List<ConnectionAttempt> all = attempts(subject, ProbeVerdicts.CONNECTS);
    if (all.isEmpty()) {
      return subject.error("the probe noted no attempt");
    }
    byService(all)
        .forEach(
            (service, attempts) -> {
              List<ConnectionAttempt> failed =
                  attempts.stream().filter(ProbeVerdicts::failed).toList();
              if (failed.isEmpty()) {
                successes.add(ProbeVerdicts.opened(service, attempts));
              } else {
                failed.forEach(attempt -> outcomes.add(attempt.outcome()));
                failures.add(ProbeVerdicts.failures(service, attempts.size(), failed));
              }
            });
    if (outcomes.contains(ConnectionAttempt.Outcome.ERROR)) {
      return subject.error("the host could not try: " + String.join("; ", failures));
    }
    if (failures.isEmpty()) {
      return subject
          .pass(String.join("; ", successes))
          .evidenceLines(ProbeVerdicts.CONNECTS, "attempt ")
          .finding();
    }
    return subject
        .fail(String.join("; ", failures))
        .expected("all connections open and stay open")
        .evidenceLines(ProbeVerdicts.CONNECTS, "attempt ")
        .remedy(
            Remedy.manual(
                ProbeVerdicts.advice(
                    outcomes, codes -> subject.unsettled(codes, subject.member().name()))))
        .finding();
  }

  // ---- PRB-002 ----

  private static Finding echoes(Subject subject) {
    Optional<String> missing = missing(subject, "probe.echo");
    if (missing.isPresent()) {
      return subject.skip(missing.get());
    }
    List<TunnelEcho> echoes = subject.facts().understand("probe.echo", TunnelEcho::parse).get();
    List<String> wrong = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    List<String> codes = new ArrayList<>();
    for (TunnelEcho echo : echoes) {
      if (echo.outcome() == TunnelEcho.Outcome.ANSWERED) {
        if (echo.tcp().equals("closed")) {
          closed.add(name(subject, echo) + " answers, but nobody listens on port " + echo.port());
        }
        continue;
      }
      EchoVerdict verdict = EchoVerdict.of(echo, counters(subject, echo), swallowed(subject, echo));
      wrong.add(name(subject, echo) + " " + verdict.text());
      String server =
          subject
              .cluster()
              .server(io.lvstun.IpAddress.parse(echo.server()))
              .map(Member::name)
              .orElse("");
      codes.addAll(subject.unsettled(verdict.codes(), server));
    }
    if (wrong.isEmpty() && closed.isEmpty()) {
      return subject
          .pass(
              echoes.size() == 1
                  ? "the real server answers through its tunnel"
                  : "all " + echoes.size() + " tunnels are answered")
          .evidenceLines("probe.echo", "echo ")
          .finding();
    }
    wrong.addAll(closed);
    return subject
        .fail(String.join("; ", wrong.stream().distinct().toList()))
        .expected("an echo reply from the VIP, or an answer of TCP, through every tunnel")
        .evidenceLines("probe.echo", "echo ")
        .remedy(
            Remedy.manual(
                codes.isEmpty()
                    ? closed.isEmpty()
                        ? "No check explains it: PRB-004 tells the step, `lvstun-doctor trace`"
                            + " shows the packets there."
                        : "Start the service on the real server, on all addresses or on the VIP."
                    : "See what the checks on the real server say: "
                        + String.join(", ", codes.stream().distinct().toList())
                        + "."))
        .finding();
  }

  private static String name(Subject subject, TunnelEcho echo) {
    return subject
            .cluster()
            .server(io.lvstun.IpAddress.parse(echo.server()))
            .map(Member::name)
            .orElse(echo.server())
        + " ("
        + echo.server()
        + ")";
  }

  /**
   * Whether sit0 gets the packets: it is asked after the devices for ipip, and drops what is not
   * IPv6 without a word, where the kernel would have sent ICMP (sit_tunnel_rcv).
   */
  private static boolean swallowed(Subject subject, TunnelEcho echo) {
    List<LinkFacts> links =
        subject
            .cluster()
            .server(io.lvstun.IpAddress.parse(echo.server()))
            .flatMap(server -> server.facts().links().known())
            .orElse(List.of());
    return echo.tunnel().equals("ipip")
        && echo.server().indexOf(':') < 0
        && echo.virtualAddress().indexOf(':') < 0
        && links.stream().anyMatch(link -> link.name().equals("sit0") && link.up())
        && links.stream().noneMatch(link -> link.kind().equals("ipip") && link.up());
  }

  /** How the real server's counters grew while packets were sent again. */
  private static Fact<KernelCounters> counters(Subject subject, TunnelEcho echo) {
    Optional<Member> server = subject.cluster().server(io.lvstun.IpAddress.parse(echo.server()));
    if (server.isEmpty()) {
      return Fact.unknown("the real server is not among the hosts");
    }
    Fact<String> before = server.get().facts().text("probe.echo.before");
    Fact<String> after = server.get().facts().text("probe.echo.after");
    if (before.known().isEmpty() || after.known().isEmpty()) {
      return Fact.unknown("the real server's counters were not read");
    }
    return Fact.of(KernelCounters.between(before.get(), after.get()));
  }

  // ---- PRB-003 ----

  private static Finding transfers(Subject subject) {
    Optional<String> missing = missing(subject, ProbeVerdicts.TRANSFERS);
    if (missing.isPresent()) {
      return subject.skip(missing.get());
    }
    List<ConnectionAttempt> all = attempts(subject, ProbeVerdicts.TRANSFERS);
    if (all.isEmpty()) {
      return subject.error("the probe noted no attempt");
    }
    List<String> stalled = new ArrayList<>();
    List<String> passed = new ArrayList<>();
    List<String> unclear = new ArrayList<>();
    byService(all)
        .forEach(
            (service, attempts) -> {
              List<ConnectionAttempt> opened =
                  attempts.stream().filter(attempt -> attempt.outcome().opened()).toList();
              long stuck = opened.stream().filter(ProbeVerdicts::stalled).count();
              long through = opened.stream().filter(ProbeVerdicts::through).count();
              if (stuck > 0) {
                stalled.add(
                    service
                        + ": "
                        + stuck
                        + " of "
                        + opened.size()
                        + " uploads of 64 kB stall"
                        + ProbeVerdicts.sizes(opened));
              } else if (through > 0) {
                passed.add(service + ": full packets get through" + ProbeVerdicts.sizes(opened));
              } else {
                unclear.add(
                    service + " closes the connection before a full packet is acknowledged");
              }
            });
    if (!stalled.isEmpty()) {
      return subject
          .fail(String.join("; ", stalled))
          .expected("packets of full size are acknowledged")
          .evidenceLines(ProbeVerdicts.TRANSFERS, "attempt ")
          .remedy(
              Remedy.manual(
                  "Let the real servers announce a smaller MSS (MTU-002) or raise the MTU to them"
                      + " (MTU-001), and let ICMP \"fragmentation needed\" through on the director"
                      + " and to clients (FW-005)."))
          .finding();
    }
    if (passed.isEmpty()) {
      return subject.skip(String.join("; ", unclear));
    }
    return subject
        .pass(String.join("; ", passed))
        .evidenceLines(ProbeVerdicts.TRANSFERS, "attempt ")
        .finding();
  }

  // ---- PRB-004 ----

  private static Finding ledger(Subject subject) {
    Optional<String> missing = missing(subject, HopLedger.REQUESTS);
    if (missing.isPresent()) {
      return subject.skip(missing.get());
    }
    List<HopLedger> ledgers = HopLedger.of(subject.cluster(), subject.member()).get();
    if (ledgers.isEmpty()) {
      return subject.pass("all requests were answered").finding();
    }
    List<String> breaks = new ArrayList<>();
    Set<String> codes = new LinkedHashSet<>();
    StringBuilder evidence = new StringBuilder();
    for (HopLedger ledger : ledgers) {
      Optional<Hop> broken = ledger.firstBroken();
      String requests =
          ledger.requests()
              + (ledger.requests() == 1 ? " request" : " requests")
              + (ledger.server().isEmpty() ? "" : " to " + ledger.server());
      breaks.add(
          requests
              + (broken.isPresent()
                  ? ": the first step that fails is \"" + broken.get().step() + "\""
                  : ": no step could be told to fail")
              + broken.map(hop -> " (" + counted(hop) + ")").orElse(""));
      broken.ifPresent(hop -> codes.addAll(subject.unsettled(hop.explainedBy(), hop.host())));
      evidence.append(requests).append('\n');
      ledger.hops().forEach(hop -> evidence.append("  ").append(hop).append('\n'));
    }
    return subject
        .fail(String.join("; ", breaks))
        .expected("the counter of every step grows with the requests")
        .evidence("counters before and after the requests", evidence.toString().stripTrailing())
        .remedy(
            Remedy.manual(
                codes.isEmpty()
                    ? "No check explains it: look at the step itself; `lvstun-doctor trace` shows"
                        + " the packets there."
                    : "See what these checks say: " + String.join(", ", codes) + "."))
        .finding();
  }

  private static String counted(Hop hop) {
    List<String> counted = new ArrayList<>();
    if (hop.grown() >= 0) {
      counted.add(hop.counter() + " +" + hop.grown());
    }
    counted.addAll(hop.clues());
    return String.join(", ", counted);
  }
}
