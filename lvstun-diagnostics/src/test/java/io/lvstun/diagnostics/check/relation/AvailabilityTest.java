// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.relation;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.host.Host;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AvailabilityTest {

  private static Cluster pair(HostFacts first, HostFacts second) {
    return Clusters.of(
        Topology.builder()
            .director("lb1", Host.netns("lb1"))
            .director("lb2", Host.netns("lb2"))
            .build(),
        first,
        second);
  }

  private static HostFacts running(String... programs) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < programs.length; i++) {
      text.append("/proc/").append(i + 7).append("/comm:").append(programs[i]).append('\n');
    }
    return Clusters.edited("json-director", facts -> facts.text("process", text.toString()));
  }

  private static final InetAddress VIP = IpAddress.parse("192.168.1.200");

  @Test
  void oneDirectorSharesNothing() {
    assertThat(Availability.of(Clusters.withServer(Recorded.facts("json-rs1"))))
        .isEqualTo(HighAvailability.UNSTATED);
  }

  @Test
  void daemonOfRoutingAndTheAddressEverywhereLookLikeEqualCostPaths() {
    Cluster cluster =
        Clusters.of(
            Topology.builder()
                .director("lb1", Host.netns("lb1"))
                .director("lb2", Host.netns("lb2"))
                .build(),
            only200(running("bird")),
            only200(running("bird")));
    assertThat(Availability.of(cluster)).isEqualTo(HighAvailability.ECMP);
    assertThat(Availability.of(pair(only200(running()), only200(running()))))
        .isEqualTo(HighAvailability.UNSTATED);
  }

  private static HostFacts only200(HostFacts facts) {
    return Recorded.edit(facts)
        .text("ipvs", "/proc/net/ip_vs:TCP  C0A801C8:0050 rr\n")
        .text("ipvs-save", "-A -t 192.168.1.200:80 -s rr\n")
        .facts();
  }

  @Test
  void keepalivedCountsOnlyIfItRunsWithAnInstance() {
    String configuration =
        "/etc/keepalived/keepalived.conf:vrrp_instance VI_1 {\n/etc/keepalived/keepalived.conf:}\n";
    HostFacts configured =
        Recorded.edit(running("keepalived")).text("configuration", configuration).facts();
    HostFacts stopped = Recorded.edit(running()).text("configuration", configuration).facts();
    HostFacts empty =
        Recorded.edit(running("keepalived")).text("configuration", "/etc/x:y\n").facts();
    assertThat(Availability.of(pair(configured, running()))).isEqualTo(HighAvailability.VRRP);
    assertThat(Availability.of(pair(stopped, running()))).isNotEqualTo(HighAvailability.VRRP);
    assertThat(Availability.of(pair(empty, running()))).isNotEqualTo(HighAvailability.VRRP);
  }

  @Test
  void directorThatSendsItsStateIsTheMainOne() {
    HostFacts backup = Clusters.edited("json-director", facts -> facts.text("ipvs-daemons", ""));
    Cluster cluster = pair(backup, Recorded.facts("json-director"));
    assertThat(Availability.mainDirector(cluster).name()).isEqualTo("lb2");
    assertThat(Availability.mainDirector(pair(backup, backup)).name()).isEqualTo("lb1");
  }

  @Test
  void ownersAreThoseWhoseKernelCallsTheAddressLocal() {
    HostFacts without =
        Clusters.edited(
            "json-director",
            facts ->
                facts
                    .replace("address", "192.168.1.200", "192.168.1.201")
                    .replace(
                        "route-to",
                        "{\"type\":\"local\",\"dst\":\"192.168.1.200\",\"dev\":\"lo\"",
                        "{\"dst\":\"192.168.1.200\",\"dev\":\"eth0\""));
    assertThat(Availability.owners(pair(without, Recorded.facts("json-director")), VIP))
        .extracting(Member::name)
        .containsExactly("lb2");
    HostFacts dead = HostFacts.unreachable("netns:x", Instant.EPOCH, Duration.ZERO, "no route");
    assertThat(Availability.owners(pair(dead, dead), VIP)).isEmpty();
    assertThat(Availability.answering(pair(dead, without))).hasSize(1);
  }

  @Test
  void bothAnswerForTheAddressOnTheSameSegment() {
    Cluster cluster = pair(Recorded.facts("json-director"), Recorded.facts("json-director"));
    Member one = cluster.members().get(0);
    assertThat(Availability.bothAnswer(one, cluster.members().get(1), VIP)).isTrue();
    assertThat(Availability.bothAnswer(one, cluster.members().get(1), IpAddress.parse("192.0.2.1")))
        .isFalse();
  }
}
