// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.host.Host;
import io.lvstun.host.HostChange;
import java.util.List;
import java.util.function.UnaryOperator;

/** Clusters of one or two recorded directors with edits, and what checks find on them. */
public final class Directors {

  static final HostFacts SERVER = Recorded.facts("json-rs1");

  private Directors() {}

  public static Finding onDirector(String code, UnaryOperator<Recorded> edit) {
    return finding(Clusters.of(edited("json-director", edit), SERVER), code, "director");
  }

  public static Finding onServer(String code, UnaryOperator<Recorded> edit) {
    return finding(Clusters.withServer(edited("json-rs1", edit)), code, "rs");
  }

  /** The first director has the name director, the second director2. */
  public static Cluster pair(UnaryOperator<Recorded> first, UnaryOperator<Recorded> second) {
    return pair(Topology.builder(), first, second);
  }

  public static Cluster pair(
      Topology.Builder builder, UnaryOperator<Recorded> first, UnaryOperator<Recorded> second) {
    Topology topology =
        builder
            .director("director", Host.netns("director"))
            .director("director2", Host.netns("director2"))
            .realServer("rs", Host.netns("rs"))
            .build();
    return Clusters.of(
        topology, edited("json-director", first), edited("json-director", second), SERVER);
  }

  public static Cluster stated(Topology.Builder builder, UnaryOperator<Recorded> director) {
    Topology topology =
        builder
            .director("director", Host.netns("director"))
            .realServer("rs", Host.netns("rs"))
            .build();
    return Clusters.of(topology, edited("json-director", director), SERVER);
  }

  public static List<String> commands(Finding finding) {
    return finding.remedy().map(Remedy::actions).orElse(List.of()).stream()
        .map(HostChange::text)
        .toList();
  }

  /** The services and servers of the recorded director, without what is not in order there. */
  public static Recorded web(Recorded facts) {
    return facts
        .text(
            "ipvs",
            """
            /proc/net/ip_vs:IP Virtual Server version 1.2.1 (size=4096)
            /proc/net/ip_vs:Prot LocalAddress:Port Scheduler Flags
            /proc/net/ip_vs:  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
            /proc/net/ip_vs:TCP  C0A801C8:0050 wrr
            /proc/net/ip_vs:  -> C0A80166:0050      Tunnel  3      0          2
            /proc/net/ip_vs:  -> C0A80165:0050      Tunnel  1      0          2
            """)
        .text(
            "ipvs-save",
            """
            -A -t 192.168.1.200:80 -s wrr
            -a -t 192.168.1.200:80 -r 192.168.1.101:80 -i -w 1 --tun-type ipip
            -a -t 192.168.1.200:80 -r 192.168.1.102:80 -i -w 3 --tun-type ipip
            """)
        .text("ipvs-thresholds", "");
  }
}
