// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.machine.Identity;
import io.lvstun.diagnostics.facts.machine.KernelCounters;
import io.lvstun.diagnostics.facts.machine.Modules;
import io.lvstun.diagnostics.facts.machine.Modules.State;
import io.lvstun.diagnostics.facts.machine.SocketEntry;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.facts.section.UnknownFactException;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostFactsTest {

  @ParameterizedTest
  @ValueSource(strings = {"json-rs3", "text-rs3", "busybox-rs3"})
  void linksAreTheSameWhateverToolWroteThem(String recording) {
    List<LinkFacts> links = Recorded.facts(recording).links().get();
    LinkFacts tunl0 = link(links, "tunl0");
    assertThat(tunl0.kind()).isEqualTo("ipip");
    assertThat(tunl0.up()).isFalse();
    assertThat(tunl0.mtu()).isEqualTo(1480);
    assertThat(tunl0.tunnel()).isPresent();
    assertThat(tunl0.tunnel().orElseThrow().remote()).isEmpty();
    LinkFacts specific = link(links, "ipip8");
    assertThat(specific.kind()).isEqualTo("ipip");
    assertThat(specific.tunnel().orElseThrow().local()).contains(IpAddress.parse("192.168.1.103"));
    assertThat(specific.tunnel().orElseThrow().remote()).contains(IpAddress.parse("192.168.1.99"));
    LinkFacts ethernet = link(links, "eth0");
    assertThat(ethernet.up()).isTrue();
    assertThat(ethernet.arp()).isTrue();
    assertThat(ethernet.mtu()).isEqualTo(1500);
    assertThat(link(links, "gre9").kind()).isEqualTo("gre");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json-rs3", "text-rs3"})
  void devicesThatTakeTheirEndsFromPacketsAreKnown(String recording) {
    List<LinkFacts> links = Recorded.facts(recording).links().get();
    assertThat(link(links, "ipip7").tunnel().orElseThrow().external()).isTrue();
    assertThat(link(links, "tunl0").tunnel().orElseThrow().external()).isFalse();
  }

  private static LinkFacts link(List<LinkFacts> links, String name) {
    return links.stream().filter(link -> link.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json-director", "text-director", "busybox-director"})
  void addressesAndRoutesAreTheSameWhateverToolWroteThem(String recording) {
    HostFacts facts = Recorded.facts(recording);
    assertThat(facts.addresses().get())
        .extracting(Address::toString)
        .contains("192.168.1.100/24 dev eth0", "192.168.1.200/32 dev eth0", "127.0.0.1/8 dev lo");
    assertThat(facts.routeTo(IpAddress.parse("192.168.1.200")).get().local()).isTrue();
    RouteFacts toServer = facts.routeTo(IpAddress.parse("192.168.1.101")).get();
    assertThat(toServer.device()).isEqualTo("eth0");
    assertThat(toServer.source()).contains(IpAddress.parse("192.168.1.100"));
    assertThat(facts.routeTo(IpAddress.parse("203.0.113.9")).get().type())
        .isEqualTo(RouteFacts.UNREACHABLE);
    if (recording.startsWith("busybox")) {
      assertThat(facts.routeTo(IpAddress.parse("192.168.1.101"), 7).known()).isEmpty();
    } else {
      assertThat(facts.routeTo(IpAddress.parse("192.168.1.101"), 7).get().device())
          .isEqualTo("eth0");
    }
    assertThat(facts.routeTo(IpAddress.parse("198.51.100.1")).reason()).contains("not asked for");
    assertThat(facts.routes().get())
        .anyMatch(
            route -> route.destination().equals("192.168.1.0/24") && route.device().equals("eth0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json-rs1", "busybox-rs1"})
  void defaultRouteIsRead(String recording) {
    assertThat(Recorded.facts(recording).routes().get())
        .anyMatch(
            route ->
                route.destination().equals("default")
                    && route.device().equals("eth0")
                    && route
                        .gateway()
                        .equals(java.util.Optional.of(IpAddress.parse("192.168.1.1"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json-rs1", "busybox-rs1"})
  void kernelParametersAreReadAndTheGreaterOneIsEffective(String recording) {
    Sysctls sysctls = Recorded.facts(recording).sysctls().get();
    assertThat(sysctls.effective("arp_ignore", "eth0")).isEqualTo(1);
    assertThat(sysctls.effective("arp_announce", "eth0")).isEqualTo(2);
    assertThat(sysctls.effective("rp_filter", "tunl0")).isZero();
    assertThat(sysctls.value("net/ipv4/vs/sync_threshold")).contains("3\t50");
    assertThat(sysctls.devices()).contains("all", "default", "lo", "eth0", "tunl0");
    assertThatThrownBy(() -> sysctls.effective("rp_filter", "eth7"))
        .isInstanceOf(UnknownFactException.class)
        .hasMessageContaining("/proc/sys/net/ipv4/conf/eth7/rp_filter");
  }

  @Test
  void modulesAreLoadedLoadableOrAbsent() {
    Modules modules = Recorded.facts("json-rs1").modules().get();
    assertThat(modules.state("ipip")).isEqualTo(State.LOADED);
    assertThat(modules.state("sit")).isEqualTo(State.LOADABLE);
    assertThat(modules.state("ip_vs_twos")).isEqualTo(State.ABSENT);
    assertThat(modules.parameter("ip_vs", "conn_tab_bits")).contains("12");
  }

  @Test
  void withoutTheListOfModulesTheirAbsenceIsNotClaimed() {
    Modules modules =
        Recorded.edit(Recorded.facts("json-rs1"))
            .unreadable("modules.available", "no such file")
            .text("modules.symbols", "ipip6_rcv\n")
            .facts()
            .modules()
            .get();
    assertThat(modules.state("ip6_tunnel")).isEqualTo(State.NOT_LOADED);
    assertThat(modules.state("sit")).isEqualTo(State.BUILT_IN);
  }

  @Test
  void identityIsRead() {
    Identity identity = Recorded.facts("json-rs1").identity().get();
    assertThat(identity.uid()).isZero();
    assertThat(identity.kernel()).startsWith("6.1.");
    assertThat(identity.kernelAtLeast(5, 2)).isTrue();
    assertThat(identity.kernelAtLeast(6, 2)).isFalse();
    assertThat(identity.networkNamespace()).matches("net:\\[\\d+]");
    assertThat(identity.initialNetworkNamespace()).isFalse();
    assertThat(identity.jsonFromIp()).isTrue();
    assertThat(identity.tools()).contains("ip", "nft", "ipvsadm");
    Identity busybox = Recorded.facts("busybox-rs1").identity().get();
    assertThat(busybox.jsonFromIp()).isFalse();
    assertThat(busybox.tools()).doesNotContain("nft", "ipvsadm");
    assertThat(busybox.networkNamespace()).isEqualTo(identity.networkNamespace());
  }

  @ParameterizedTest
  @ValueSource(strings = {"json-director", "text-director"})
  void tableIsReadFromIpvsadm(String recording) {
    IpvsTable table = Recorded.facts(recording).ipvs().get();
    assertThat(table.present()).isTrue();
    assertThat(table.source()).isEqualTo("ipvsadm");
    assertThat(table.encapsulationKnown()).isTrue();
    assertThat(table.services())
        .extracting(ServiceState::key)
        .containsExactlyInAnyOrder(
            ServiceKey.tcp("192.168.1.200", 80),
            ServiceKey.udp("192.168.1.200", 53),
            ServiceKey.tcp("fd00::200", 80),
            ServiceKey.fwmark(7));
    ServiceState web = table.service(ServiceKey.tcp("192.168.1.200", 80)).orElseThrow();
    ServerState heavy = server(web, ServerKey.of("192.168.1.102", 80));
    assertThat(heavy.definition().weight()).isEqualTo(3);
    assertThat(heavy.definition().upperThreshold()).isEqualTo(100);
    assertThat(heavy.definition().lowerThreshold()).isEqualTo(50);
    assertThat(heavy.definition().forwarding()).isEqualTo(Forwarding.TUNNEL);
    ServiceState dns = table.service(ServiceKey.udp("192.168.1.200", 53)).orElseThrow();
    assertThat(dns.definition().onePacket()).isTrue();
    assertThat(dns.definition().persistence().orElseThrow().timeout().toSeconds()).isEqualTo(300);
    assertThat(server(dns, ServerKey.of("192.168.1.101", 53)).definition().forwarding())
        .isEqualTo(new Forwarding.Tunnel(Encapsulation.gue(6080).checksum()));
    assertThat(table.syncDaemons().get())
        .extracting(SyncDaemon::role, SyncDaemon::interfaceName, SyncDaemon::syncId)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(SyncDaemon.Role.MASTER, "eth0", 3));
    assertThat(table.timeouts().get().tcp().toSeconds()).isEqualTo(900);
    assertThat(table.newConnections(web.key(), heavy.key())).isPresent();
  }

  @Test
  void tableFromProcAloneDoesNotClaimToKnowTunnels() {
    IpvsTable table = Recorded.facts("busybox-director").ipvs().get();
    assertThat(table.source()).isEqualTo("/proc/net/ip_vs");
    assertThat(table.encapsulationKnown()).isFalse();
    assertThat(table.services()).hasSize(4);
    ServiceState web = table.service(ServiceKey.tcp("192.168.1.200", 80)).orElseThrow();
    assertThat(server(web, ServerKey.of("192.168.1.102", 80)).definition().weight()).isEqualTo(3);
    assertThat(table.service(ServiceKey.fwmark(7))).isPresent();
    assertThat(table.syncDaemons().known()).isEmpty();
  }

  private static ServerState server(ServiceState service, ServerKey key) {
    return service.servers().stream()
        .filter(server -> server.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void connectionsAreCountedByServerAndState() {
    List<IpvsTable.ConnectionCount> counts =
        Recorded.facts("json-director").ipvs().get().connections().get();
    assertThat(counts)
        .anyMatch(
            count ->
                count.service().equals("TCP 192.168.1.200:80")
                    && count.server().address().equals(IpAddress.parse("192.168.1.102"))
                    && count.count() > 0);
  }

  @Test
  void hostWithoutIpvsHasAnEmptyTable() {
    IpvsTable table = Recorded.edit(Recorded.facts("json-rs1")).absent("ipvs").facts().ipvs().get();
    assertThat(table.present()).isFalse();
    assertThat(table.services()).isEmpty();
  }

  @Test
  void countersGrowBetweenTheSamples() {
    HostFacts facts =
        Recorded.edit(Recorded.facts("json-rs1"))
            .replace("counters.2", "/proc/net/stat/rt_cache:", "/proc/net/stat/rt_cache:")
            .facts();
    KernelCounters counters = facts.counters().get();
    assertThat(counters.window()).isPositive();
    assertThat(counters.value("Ip.InAddrErrors")).hasValue(0);
    assertThat(counters.growth("TcpExt.IPReversePathFilter")).hasValue(0);
    assertThat(counters.value("rt_cache.in_martian_src")).isPresent();
    assertThat(counters.value("dev.eth0.rx_packets")).isPresent();
    assertThat(counters.value("softnet.dropped")).hasValue(0);
    assertThat(counters.value("Ip.NoSuch")).isEmpty();
  }

  @Test
  void socketsAreRead() {
    List<SocketEntry> sockets = Recorded.facts("json-rs1").sockets().get();
    assertThat(sockets)
        .anyMatch(socket -> socket.serves(IpAddress.parse("192.168.1.200"), 80))
        .noneMatch(socket -> socket.serves(IpAddress.parse("192.168.1.200"), 81));
  }

  @Test
  void secretsNeverBecomeFacts() {
    HostFacts facts = Recorded.facts("json-rs1");
    String keepalived = facts.configuration().get().get("/etc/keepalived/keepalived.conf");
    assertThat(keepalived).contains("auth_pass [redacted]").doesNotContain("1111");
    assertThat(facts.toJson()).doesNotContain("1111\\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"json-director", "json-rs2", "text-rs3", "busybox-rs1"})
  void jsonFormBringsTheSameFactsBack(String recording) {
    HostFacts facts = Recorded.facts(recording);
    HostFacts back = HostFacts.fromJson(facts.toJson());
    assertThat(back.toJson()).isEqualTo(facts.toJson());
    assertThat(back.links().get()).isEqualTo(facts.links().get());
  }

  @Test
  void unknownVersionIsRefusedWithTheVersionsThatAreKnown() {
    String json = Recorded.facts("json-rs1").toJson().replace("\"version\" : 1", "\"version\" : 2");
    assertThatThrownBy(() -> HostFacts.fromJson(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 2")
        .hasMessageContaining("newer release");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{}", "null", "\"x\"", "{\"format\":\"lvstun-host-facts\"}"})
  void whatIsNoFactsIsRefused(String json) {
    assertThatThrownBy(() -> HostFacts.fromJson(json)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void terminalEscapesFromABundleAreTakenOut() {
    String json =
        Recorded.facts("json-rs1").toJson().replace("ip -j -d link show", "\\u001b[31mred");
    assertThat(HostFacts.fromJson(json).section("link").orElseThrow().source()).isEqualTo("red");
  }

  @Test
  void unreachableHostKnowsNothingButWhy() {
    HostFacts facts =
        HostFacts.unreachable(
            "ssh://root@rs9", java.time.Instant.EPOCH, java.time.Duration.ZERO, "no route");
    assertThat(facts.failure()).contains("no route");
    assertThat(facts.links().reason()).contains("no route");
    assertThat(facts.firewall().reason()).contains("no route");
    assertThat(facts.ipvs().reason()).contains("no route");
    assertThat(HostFacts.fromJson(facts.toJson()).failure()).contains("no route");
  }

  @Test
  void sectionThatIsNotUnderstoodIsUnknownAndBreaksNothing() {
    HostFacts facts =
        Recorded.edit(Recorded.facts("json-rs1"))
            .text("link", "[{\"ifname\":")
            .text("nft.json", "not json")
            .text("socket", "/proc/net/tcp zz:zz 0:0 0A")
            .facts();
    assertThat(facts.links().reason()).contains("cannot understand link");
    assertThat(facts.firewall().reason()).contains("cannot understand nft.json");
    assertThat(facts.sockets().reason()).contains("cannot understand socket");
    assertThat(facts.addresses().known()).isPresent();
  }

  @Test
  void processesOfOtherNamespacesAreNotTheHosts() {
    HostFacts facts =
        Recorded.edit(Recorded.facts("json-director"))
            .text(
                "process",
                """
                /proc/12/comm:keepalived
                /proc/13/comm:irqbalance
                /proc/14/comm:nginx
                lrwxrwxrwx 1 root root 0 Nov 22 16:49 /proc/12/ns/net -> net:[4026532248]
                lrwxrwxrwx 1 root root 0 Nov 22 16:49 /proc/13/ns/net -> net:[4026531840]
                """)
            .facts();
    assertThat(facts.processes().get()).containsExactlyInAnyOrder("keepalived", "nginx");
  }
}
