// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.Scheduler;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.host.Host;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleStepsTest {

  private static HostFacts server() {
    return Clusters.edited(
        "json-rs1",
        facts ->
            facts.text(
                "configuration",
                "/etc/network/interfaces:source /etc/network/interfaces.d/*\n"
                    + "/etc/network/interfaces:auto eth0\n"
                    + "/etc/network/interfaces:iface eth0 inet dhcp\n"));
  }

  private static List<String> now(RepairPlan plan) {
    return plan.steps().stream().filter(step -> !step.lasting()).map(PlannedStep::step).toList();
  }

  @Test
  void realServerKeepsQuietBeforeItHasTheAddress() {
    RepairPlan plan = Preparation.realServer(Host.netns("rs1")).vip("192.168.1.200").plan(server());
    assertThat(now(plan))
        .containsExactly(
            "modprobe ipip",
            "sysctl -w net.ipv4.conf.all.arp_ignore=1",
            "sysctl -w net.ipv4.conf.all.arp_announce=2",
            "sysctl -w net.ipv4.conf.tunl0.rp_filter=2",
            "ip link set dev tunl0 up",
            "ip address add 192.168.1.200/32 dev tunl0");
    assertThat(plan.toString()).doesNotContain("ip_forward").doesNotContain("tunl0.arp");
  }

  @Test
  void eachKindOfTunnelHasItsDevices() {
    RepairPlan plan =
        Preparation.realServer(Host.netns("rs1"))
            .vip("192.168.1.200", "2001:db8::200")
            .encapsulation(Encapsulation.ipip(), Encapsulation.gue(6080), Encapsulation.gre())
            .underlay(AddressFamily.IPV4, AddressFamily.IPV6)
            .durability(Durability.none())
            .plan(server());
    assertThat(now(plan))
        .contains(
            "modprobe ipip",
            "modprobe sit",
            "modprobe ip6_tunnel",
            "modprobe ip_gre",
            "modprobe ip6_gre",
            "modprobe fou",
            "modprobe fou6",
            "sysctl -w net.ipv4.conf.tunl0.rp_filter=2",
            "sysctl -w net.ipv4.conf.ip6tnl0.rp_filter=2",
            "sysctl -w net.ipv4.conf.gre0.rp_filter=2",
            "ip -6 tunnel change ip6tnl0 mode any",
            "ip link set dev sit0 up",
            "ip fou add port 6080 gue",
            "ip -6 fou add port 6080 gue",
            "ip address add 192.168.1.200/32 dev tunl0",
            "ip address add 192.168.1.200/32 dev gre0",
            "ip address add 2001:db8::200/128 dev lo nodad preferred_lft 0")
        .doesNotContain("sysctl -w net.ipv4.conf.sit0.rp_filter=2")
        .doesNotHaveDuplicates();
    assertThat(plan.steps()).noneMatch(PlannedStep::lasting);
  }

  @Test
  void addressOfIpv6AloneNeedsNothingOfIpv4() {
    RepairPlan plan = Preparation.realServer(Host.netns("rs1")).vip("2001:db8::200").plan(server());
    assertThat(now(plan))
        .containsExactly(
            "modprobe sit",
            "ip link set dev sit0 up",
            "ip address add 2001:db8::200/128 dev lo nodad preferred_lft 0");
  }

  @Test
  void directorHasIpvsAndTheAddressesOnItsCard() {
    RepairPlan plan =
        Preparation.director(Host.netns("director"))
            .vip("192.168.1.200")
            .schedulers(Scheduler.RR, Scheduler.MH)
            .plan(Recorded.facts("json-director"));
    assertThat(now(plan))
        .containsExactly(
            "modprobe ip_vs",
            "modprobe ip_vs_rr",
            "modprobe ip_vs_mh",
            "ip address add 192.168.1.200/32 dev eth0");
    assertThat(
            now(
                Preparation.director(Host.netns("director"))
                    .vip("192.168.1.200")
                    .device("lo")
                    .plan(Recorded.facts("json-director"))))
        .contains("ip address add 192.168.1.200/32 dev lo");
    RepairPlan unclear =
        Preparation.director(Host.netns("director"))
            .vip("192.168.1.200")
            .plan(
                Clusters.edited(
                    "json-director", facts -> facts.text("route", "[]").text("address", "[]")));
    assertThat(unclear.steps()).anyMatch(step -> step.step().contains("name one"));
  }

  @Test
  void performanceIsWhatTheRoleHasUseFor() {
    RepairPlan server =
        Preparation.realServer(Host.netns("rs1"))
            .vip("192.168.1.200")
            .profile(Profile.PERFORMANCE)
            .plan(server());
    assertThat(now(server))
        .contains(
            "sysctl -w net.ipv4.tcp_fin_timeout=30",
            "sysctl -w net.ipv4.tcp_keepalive_time=1200",
            "sysctl -w net.ipv4.tcp_tw_reuse=1")
        .anyMatch(
            step ->
                step.startsWith("ip -4 route change default ") && step.endsWith(" advmss 1440"));
    RepairPlan director =
        Preparation.director(Host.netns("director"))
            .vip("192.168.1.200")
            .profile(Profile.PERFORMANCE)
            .plan(
                Clusters.edited(
                    "json-director",
                    facts ->
                        facts
                            .sysctl("net/ipv4/vs/conntrack", "1")
                            .sysctl("net/core/netdev_max_backlog", "100000")
                            .sysctl("net/netfilter/nf_conntrack_max", "65536")));
    assertThat(now(director))
        .contains(
            "sysctl -w net.ipv4.vs.conntrack=0", "sysctl -w net.netfilter.nf_conntrack_max=1000000")
        .noneMatch(step -> step.contains("tcp_"))
        .noneMatch(step -> step.contains("netdev_max_backlog"))
        .noneMatch(step -> step.contains("ip_forward"));
    RepairPlan stated =
        Preparation.realServer(Host.netns("rs1"))
            .vip("192.168.1.200")
            .segmentSize(1300)
            .plan(server());
    assertThat(now(stated)).anyMatch(step -> step.endsWith(" advmss 1300"));
  }
}
