// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.steering;

import io.lvstun.AddressFamily;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.IpvsTables;
import io.lvstun.diagnostics.check.steering.MarkRules.MarkRule;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * FWM: services by firewall mark, and the rules that set the marks.
 *
 * @since 0.1.0
 */
public final class SteeringChecks {

  private SteeringChecks() {}

  public static List<Check> all() {
    return List.of(
        director(Codes.NO_MARK_BY_PAYLOAD_FOR_TCP, "no-mark-by-payload-for-tcp", Severity.FAIL)
            .title("Marks of TCP services do not depend on payload")
            .symptom("Clients get \"connection refused\"; the rule counts no packet")
            .why(
                "IPVS chooses the real server at the SYN, which carries no data: a rule that looks"
                    + " for text finds none, and the packet goes without a mark. What comes later"
                    + " follows the connection, whatever its mark.")
            .remedy(
                "Mark by what a SYN has: addresses, ports, DSCP. Or let real servers of an HTTP"
                    + " proxy decide by content.")
            .source("Linux net/netfilter/ipvs/ip_vs_proto_tcp.c, tcp_conn_schedule; measured")
            .examine(SteeringChecks::payload),
        director(Codes.MARK_IS_SET, "mark-is-set", Severity.FAIL)
            .title("Rules set the marks that services use")
            .symptomOf(Codes.NO_MARK_BY_PAYLOAD_FOR_TCP)
            .symptom("A service by firewall mark has no connections")
            .why(
                "A service by mark takes packets that have it already when they reach IPVS: rules"
                    + " in mangle PREROUTING, or a chain of the hook prerouting, set it. In OUTPUT"
                    + " or POSTROUTING it is too late.")
            .remedy("Add a rule that marks the service's packets, in mangle PREROUTING.")
            .source("Linux net/netfilter/ipvs/ip_vs_core.c: IPVS takes packets at LOCAL_IN")
            .examine(SteeringChecks::set),
        director("FWM-003", "marks-do-not-clash", Severity.WARN)
            .title("Other rules do not overwrite services' marks")
            .symptom("Some packets of a service by mark are refused, after a change elsewhere")
            .why(
                "A packet has one mark. kube-proxy uses the bits 0x4000 and 0x8000, Calico"
                    + " 0xffff0000; a rule that sets the whole mark wipes out what others set.")
            .remedy("Use bits of your own, and set marks with a mask.")
            .examine(SteeringChecks::clash),
        director(Codes.UNMAPPED_CLIENTS_SERVED, "unmapped-clients-served", Severity.WARN)
            .title("Clients outside every map entry are served")
            .symptom("Clients from some networks get \"connection refused\"")
            .why(
                "A look-up that finds nothing leaves the mark as it is, 0: without a service for"
                    + " the address itself, nothing takes such packets.")
            .remedy(
                "Set a default mark in a rule before the look-up, or add a service by address as"
                    + " catch-all.")
            .examine(SteeringChecks::unmapped));
  }

  private static Check.Draft director(String code, String slug, Severity severity) {
    return Check.of(code, slug).severity(severity).on(Role.DIRECTOR).dependsOn(Codes.HOST_ANSWERS);
  }

  /** With the services by mark and the rules that mark, unless there are none. */
  private static Finding withMarks(
      Subject subject, Function<List<ServiceKey.Mark>, Finding> examination) {
    IpvsTable table = subject.facts().ipvs().get();
    if (!table.present()) {
      return subject.skip(IpvsTables.NO_IPVS);
    }
    List<ServiceKey.Mark> marks =
        subject.cluster().services(subject.member()).stream()
            .map(service -> service.key())
            .filter(key -> key instanceof ServiceKey.Mark)
            .map(key -> (ServiceKey.Mark) key)
            .toList();
    return marks.isEmpty()
        ? subject.skip("no service goes by firewall mark")
        : examination.apply(marks);
  }

  private static List<MarkRule> rules(Subject subject) {
    return MarkRules.of(subject.facts().firewall().get());
  }

  private static String lines(List<MarkRule> rules) {
    return rules.stream().map(MarkRule::toString).collect(Collectors.joining("\n"));
  }

  // ---- FWM-001 ----

  private static Finding payload(Subject subject) {
    return withMarks(
        subject,
        marks -> {
          List<MarkRule> wrong = new ArrayList<>();
          Set<String> affected = new LinkedHashSet<>();
          for (MarkRule rule : rules(subject)) {
            if (!MarkRules.readsPayload(rule.rule()) || !MarkRules.takesTcp(rule.rule())) {
              continue;
            }
            for (ServiceKey.Mark mark : marks) {
              if (rule.sets(mark.mark())) {
                wrong.add(rule);
                affected.add(Long.toString(mark.mark()));
              }
            }
          }
          if (wrong.isEmpty()) {
            return subject.pass("no mark depends on what TCP packets carry").finding();
          }
          return subject
              .fail(
                  "mark "
                      + String.join(", ", affected)
                      + " is set by content, which a SYN does not have: IPVS never sees it in time")
              .expected("marks of TCP services set by addresses, ports or DSCP")
              .evidence("packet filter", lines(wrong))
              .remedy(
                  Remedy.manual(
                      "Mark by what a SYN has, or put an HTTP proxy behind the director that"
                          + " decides by content. For UDP such a rule works, if it says -p udp."))
              .finding();
        });
  }

  // ---- FWM-002 ----

  private static Finding set(Subject subject) {
    return withMarks(
        subject,
        marks -> {
          Firewall firewall = subject.facts().firewall().get();
          List<MarkRule> rules = MarkRules.of(firewall);
          List<String> missing = new ArrayList<>();
          List<MarkRule> late = new ArrayList<>();
          for (ServiceKey.Mark mark : marks) {
            List<MarkRule> own =
                rules.stream().filter(rule -> rule.looksUp() || rule.sets(mark.mark())).toList();
            if (own.stream().noneMatch(MarkRule::beforeIpvs)) {
              missing.add(Long.toString(mark.mark()));
              late.addAll(own);
            }
          }
          if (missing.isEmpty()) {
            return subject
                .pass("rules set the marks")
                .evidence("packet filter", lines(rules))
                .finding();
          }
          Subject.Draft draft =
              subject
                  .fail(
                      late.isEmpty()
                          ? "no rule sets mark " + String.join(", ", missing)
                          : "mark "
                              + String.join(", ", missing)
                              + " is set where packets for IPVS do not come by")
                  .expected("a rule in mangle PREROUTING, or at the hook prerouting, that sets it")
                  .remedy(Remedy.manual(example(marks, missing.get(0), subject)));
          if (!late.isEmpty()) {
            draft.evidence("packet filter", lines(late));
          }
          return draft.finding();
        });
  }

  private static String example(List<ServiceKey.Mark> marks, String mark, Subject subject) {
    boolean ipv6 =
        marks.stream()
            .anyMatch(
                one ->
                    Long.toString(one.mark()).equals(mark) && one.family() == AddressFamily.IPV6);
    String address =
        subject.cluster().virtualAddresses().stream()
            .filter(one -> (one.getAddress().length == 16) == ipv6)
            .map(io.lvstun.IpAddress::format)
            .findFirst()
            .orElse("VIP");
    return "For example: "
        + (ipv6 ? "ip6tables" : "iptables")
        + " -t mangle -A PREROUTING -d "
        + address
        + " -p tcp --dport PORT -j MARK --set-mark "
        + mark
        + ". If something else sets the mark (tc, BPF), this finding is mistaken.";
  }

  // ---- FWM-003 ----

  private static final long KUBE_PROXY = 0xc000L;
  private static final long CALICO = 0xffff_0000L;

  private static Finding clash(Subject subject) {
    return withMarks(
        subject,
        marks -> {
          Firewall firewall = subject.facts().firewall().get();
          List<MarkRule> rules = MarkRules.of(firewall);
          List<String> clashes = new ArrayList<>();
          for (ServiceKey.Mark mark : marks) {
            if (kubernetes(subject, firewall, "KUBE-", "kube-proxy")
                && (mark.mark() & KUBE_PROXY) != 0) {
              clashes.add("mark " + mark.mark() + " uses bits of kube-proxy (0x4000, 0x8000)");
            }
            if (kubernetes(subject, firewall, "cali", "felix") && (mark.mark() & CALICO) != 0) {
              clashes.add("mark " + mark.mark() + " uses bits of Calico (0xffff0000)");
            }
          }
          boolean others =
              kubernetes(subject, firewall, "KUBE-", "kube-proxy")
                  || kubernetes(subject, firewall, "cali", "felix");
          List<MarkRule> whole =
              rules.stream()
                  .filter(rule -> marks.stream().anyMatch(mark -> rule.sets(mark.mark())))
                  .filter(rule -> others && rule.mask() == MarkRules.WHOLE)
                  .toList();
          if (!whole.isEmpty()) {
            clashes.add("rules set the whole mark, and so wipe out that of kube-proxy or Calico");
          }
          if (clashes.isEmpty()) {
            return subject.pass("no clash of marks").finding();
          }
          return subject
              .warn(String.join("; ", clashes))
              .expected("marks of bits that nobody else uses, set with a mask")
              .evidence("packet filter", lines(whole.isEmpty() ? rules : whole))
              .remedy(
                  Remedy.manual(
                      "Use marks within 0x3fff, and set them with a mask: --set-xmark"
                          + " 0x1/0x3fff; the services' marks then need the other bits to be 0."))
              .finding();
        });
  }

  private static boolean kubernetes(
      Subject subject, Firewall firewall, String chain, String process) {
    return firewall.chains().stream().anyMatch(one -> one.name().startsWith(chain))
        || subject.facts().processes().known().orElse(Set.of()).stream()
            .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains(process));
  }

  // ---- FWM-004 ----

  private static Finding unmapped(Subject subject) {
    return withMarks(
        subject,
        marks -> {
          List<MarkRule> rules = rules(subject).stream().filter(MarkRule::beforeIpvs).toList();
          List<MarkRule> maps =
              rules.stream()
                  .filter(MarkRule::looksUp)
                  .filter(rule -> !rule.rule().text().contains("--restore-mark"))
                  .toList();
          if (maps.isEmpty()) {
            return subject.skip("no rule looks marks up");
          }
          Optional<MarkRule> byDefault =
              rules.stream()
                  .filter(rule -> !rule.looksUp())
                  .filter(rule -> marks.stream().anyMatch(mark -> rule.sets(mark.mark())))
                  .findFirst();
          Set<InetAddress> addresses = subject.cluster().topology().addresses();
          boolean catchAll =
              subject.facts().ipvs().get().services().stream()
                  .map(service -> service.key())
                  .filter(key -> key instanceof ServiceKey.Endpoint)
                  .map(key -> ((ServiceKey.Endpoint) key).address())
                  .anyMatch(address -> addresses.isEmpty() || addresses.contains(address));
          if (byDefault.isPresent() || catchAll) {
            return subject
                .pass(
                    catchAll
                        ? "a service by address takes what has no mark"
                        : "a rule sets a default mark")
                .finding();
          }
          return subject
              .warn("clients that the map does not cover get no mark, and are refused")
              .expected("a default mark, or a service by address as catch-all")
              .evidence("packet filter", lines(maps))
              .remedy(
                  Remedy.manual(
                      "Before the look-up add a rule that sets the mark of the default service."))
              .finding();
        });
  }
}
