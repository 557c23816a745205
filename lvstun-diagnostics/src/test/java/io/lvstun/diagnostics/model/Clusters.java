// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.host.Host;
import io.lvstun.host.HostChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Clusters of recorded hosts, and what checks find in them. */
public final class Clusters {

  private Clusters() {}

  /** The recorded director and a real server, which is named {@code rs}. */
  public static Cluster withServer(HostFacts server) {
    return of(Recorded.facts("json-director"), server);
  }

  /** A director, named {@code director}, and a real server, named {@code rs}. */
  public static Cluster of(HostFacts director, HostFacts server) {
    return of(
        Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"))
            .build(),
        director,
        server);
  }

  /** The recorded director with its IPv4 services through plain tunnels alone. */
  public static HostFacts plainDirector() {
    return plainDirector(facts -> facts);
  }

  /** The recorded director with its IPv4 services through plain tunnels alone, and an edit. */
  public static HostFacts plainDirector(UnaryOperator<Recorded> edit) {
    return edited(
        "json-director",
        facts -> edit.apply(facts.without("ipvs", "fd00").without("ipvs", ":0035")));
  }

  /** What a check finds on the real server of {@link #plainDirector()}. */
  public static Finding onServer(String code, UnaryOperator<Recorded> edit) {
    return finding(of(plainDirector(), edited("json-rs1", edit)), code, "rs");
  }

  /** What a check finds on the director, beside a real server that is in order. */
  public static Finding onDirector(String code, UnaryOperator<Recorded> edit) {
    return finding(of(plainDirector(edit), Recorded.facts("json-rs1")), code, "director");
  }

  /** The commands of a finding's remedy. */
  public static List<String> commands(Finding finding) {
    return finding.remedy().map(Remedy::actions).orElse(List.of()).stream()
        .map(HostChange::text)
        .toList();
  }

  /** The hosts of a topology, with their facts in the same order. */
  public static Cluster of(Topology topology, HostFacts... facts) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < facts.length; i++) {
      members.add(new Member(topology.nodes().get(i), facts[i]));
    }
    return Cluster.of(topology, members);
  }

  /** A recording with an edit. */
  public static HostFacts edited(String recording, UnaryOperator<Recorded> edit) {
    return edit.apply(Recorded.edit(Recorded.facts(recording))).facts();
  }

  /** What one check finds on one host. */
  public static Finding finding(Cluster cluster, String code, String host) {
    return Doctor.analyse(cluster, check -> check.code().equals(code)).findings().stream()
        .filter(finding -> finding.code().equals(code) && finding.host().equals(host))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no finding " + code + " on " + host));
  }
}
