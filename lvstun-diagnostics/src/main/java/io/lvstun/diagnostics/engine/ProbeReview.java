// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.engine;

import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.ProbeVerdicts;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.probe.ConnectionAttempt;
import io.lvstun.diagnostics.probe.Hop;
import io.lvstun.diagnostics.probe.HopLedger;
import io.lvstun.diagnostics.probe.TunnelEcho;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds what was concluded from facts against what the probes of the same run saw: packets decide.
 */
final class ProbeReview {

  private final Cluster cluster;
  private final Map<String, Map<String, Finding>> found;
  private final Set<Finding> refuted = new HashSet<>();

  private ProbeReview(Cluster cluster, Map<String, Map<String, Finding>> found) {
    this.cluster = cluster;
    this.found = found;
  }

  /**
   * Corrects findings: a failure on a way that probes took becomes a warning, a doubt at the step
   * where requests stop becomes a failure.
   *
   * @param found by code and host; changed
   * @return the findings that probes refute: they explain nothing
   */
  static Set<Finding> correct(Cluster cluster, Map<String, Map<String, Finding>> found) {
    ProbeReview review = new ProbeReview(cluster, found);
    review.refute();
    review.confirm();
    return review.refuted;
  }

  private void refute() {
    List<ConnectionAttempt> attempts = attempts();
    if (attempts.isEmpty() || attempts.stream().anyMatch(ProbeVerdicts::failed)) {
      return;
    }
    Set<String> tried =
        attempts.stream().map(ConnectionAttempt::service).collect(Collectors.toSet());
    List<TunnelEcho> echoes = echoes();
    for (Member director : cluster.members(Role.DIRECTOR)) {
      if (covered(cluster.usesBy(director), tried, echoes)) {
        refute(director.name());
      }
    }
    for (Member server : cluster.members(Role.REAL_SERVER)) {
      if (covered(cluster.uses(server), tried, echoes)) {
        refute(server.name());
      }
    }
  }

  private List<ConnectionAttempt> attempts() {
    return cluster.members(Role.VANTAGE).stream()
        .map(
            vantage ->
                vantage
                    .facts()
                    .understand(ProbeVerdicts.CONNECTS, ConnectionAttempt::parse)
                    .known())
        .flatMap(Optional::stream)
        .flatMap(List::stream)
        .toList();
  }

  private List<TunnelEcho> echoes() {
    return cluster.members(Role.DIRECTOR).stream()
        .map(
            director ->
                director.facts().understand(ProbeVerdicts.ECHOES, TunnelEcho::parse).known())
        .flatMap(Optional::stream)
        .flatMap(List::stream)
        .toList();
  }

  /** Whether connections to all services were tried, and each server answered all that it got. */
  private static boolean covered(
      List<Cluster.Use> uses, Set<String> tried, List<TunnelEcho> echoes) {
    return !uses.isEmpty()
        && uses.stream()
            .allMatch(
                use ->
                    use.service().key() instanceof ServiceKey.Endpoint endpoint
                        && endpoint.protocol().equals(Protocol.TCP)
                        && tried.contains(
                            IpAddress.format(endpoint.address()) + ":" + endpoint.port())
                        && answered(use.realAddress(), endpoint, echoes));
  }

  private static boolean answered(
      InetAddress server, ServiceKey.Endpoint endpoint, List<TunnelEcho> echoes) {
    String address = IpAddress.format(server);
    String virtual = IpAddress.format(endpoint.address());
    List<TunnelEcho> own =
        echoes.stream()
            .filter(echo -> echo.server().equals(address))
            .filter(echo -> echo.virtualAddress().equals(virtual))
            .filter(echo -> echo.port() == endpoint.port())
            .toList();
    return !own.isEmpty()
        && own.stream()
            .allMatch(
                echo -> echo.outcome() == TunnelEcho.Outcome.ANSWERED && echo.tcp().equals("open"));
  }

  private void refute(String host) {
    for (String code : ProbeVerdicts.EVERY_PACKET) {
      Finding finding = finding(code, host);
      if (finding != null && finding.status() == Status.FAIL) {
        Finding revised =
            finding.revised(
                Status.WARN,
                finding.observed() + "; yet all probes of this run got through (PRB-001, PRB-002)",
                true);
        put(revised);
        refuted.add(revised);
      }
    }
  }

  private void confirm() {
    for (Member vantage : cluster.members(Role.VANTAGE)) {
      for (HopLedger ledger : HopLedger.of(cluster, vantage).known().orElse(List.of())) {
        ledger.firstBroken().ifPresent(this::confirm);
      }
    }
  }

  private void confirm(Hop hop) {
    List<Finding> doubts = doubts(hop, List.of(hop.host()));
    if (doubts.isEmpty()) {
      doubts = doubts(hop, cluster.members(Role.DIRECTOR).stream().map(Member::name).toList());
    }
    for (Finding doubt : doubts) {
      put(
          doubt.revised(
              Status.FAIL,
              doubt.observed()
                  + ", and requests stop here: "
                  + hop.step()
                  + " fails ("
                  + Codes.HOP_LEDGER
                  + ")",
              false));
    }
  }

  /** What may be what stops the requests; nothing if something certainly is. */
  private List<Finding> doubts(Hop hop, List<String> hosts) {
    List<Finding> doubts = new ArrayList<>();
    for (String code : hop.explainedBy()) {
      for (String host : hosts) {
        Finding finding = finding(code, host);
        if (finding == null) {
          continue;
        }
        if (finding.status() == Status.FAIL) {
          return List.of();
        }
        if (finding.status() == Status.WARN && finding.check().severity() == Severity.FAIL) {
          doubts.add(finding);
        }
      }
    }
    return doubts;
  }

  private @Nullable Finding finding(String code, String host) {
    return found.getOrDefault(code, Map.of()).get(host);
  }

  private void put(Finding finding) {
    found.computeIfPresent(
        finding.code(),
        (code, byHost) -> {
          byHost.put(finding.host(), finding);
          return byHost;
        });
  }
}
