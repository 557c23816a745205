// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.host.HostChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Who configures a host's network, and what is written for each. */
class NetworkFilesTest {

  private static final List<String> TUNNEL =
      List.of("own", "module ipip", "module fou", "gue 6080", "up", "address 192.0.2.1/32");

  private static HostFacts host(String processes, String configuration) {
    return Clusters.edited(
        "json-rs1", facts -> facts.text("process", processes).text("configuration", configuration));
  }

  private static HostFacts ifupdown() {
    return host(
        "",
        "/etc/network/interfaces:source /etc/network/interfaces.d/*\n"
            + "/etc/network/interfaces:iface eth0 inet dhcp\n");
  }

  private static HostFacts networkd() {
    return host(
        "/proc/7/comm:systemd-network\n",
        "/etc/systemd/network/20-wired.network:[Match]\n"
            + "/etc/systemd/network/20-wired.network:Name=eth* !eth7\n"
            + "/etc/systemd/network/20-wired.network:[Network]\n"
            + "/etc/systemd/network/20-wired.network:DHCP=yes\n");
  }

  private static HostFacts manager() {
    return host(
        "/proc/7/comm:NetworkManager\n",
        "/etc/NetworkManager/system-connections/a.nmconnection:[connection]\n");
  }

  private static HostFacts scripts() {
    return host("", "/etc/sysconfig/network-scripts/ifcfg-eth0:DEVICE=eth0\n");
  }

  private static NetworkFiles.Lasting lasting(HostFacts facts, String device, String... words) {
    return new NetworkFiles(facts, Optional.empty()).device(device, List.of(words));
  }

  private static Map<String, String> files(HostFacts facts, String device, List<String> words) {
    Map<String, String> files = new TreeMap<>();
    for (OwnFile file : new NetworkFiles(facts, Optional.empty()).device(device, words).files()) {
      String text = file.wanted(HostChange.NONE);
      assertThat(text).contains(FileFormat.HEADER);
      assertThat(file.wanted(text)).as("doing it twice").isEqualTo(text);
      files.put(file.path(), text.replace(FileFormat.HEADER + "\n", ""));
    }
    return files;
  }

  @Test
  void unknownIsSaidAndNothingWritten() {
    NetworkFiles.Lasting lasting = lasting(host("", ""), "tunl0", "own", "up");
    assertThat(lasting.files()).isEmpty();
    assertThat(lasting.manual()).endsWith("at boot: ip link set dev tunl0 up");
  }

  @Test
  void ifupdownGetsAStanza() {
    assertThat(files(ifupdown(), "tunl0", TUNNEL))
        .containsExactly(
            Map.entry(
                "/etc/network/interfaces.d/lvstun-tunl0",
                """
                #: own
                #: module ipip
                #: module fou
                #: gue 6080
                #: up
                #: address 192.0.2.1/32
                auto tunl0
                iface tunl0 inet manual
                    up modprobe ipip || true
                    up modprobe fou || true
                    up ip link set dev tunl0 up || true
                    up ip fou add port 6080 gue || true
                    up ip address add 192.0.2.1/32 dev tunl0 || true
                    down ip link set dev tunl0 down || true
                    down ip fou del port 6080 || true
                    down ip address delete 192.0.2.1/32 dev tunl0 || true
                """));
    assertThat(files(ifupdown(), "eth0.100", List.of("address 2001:db8::1/128")))
        .containsExactly(
            Map.entry(
                "/etc/network/interfaces.d/lvstun-eth0_100",
                """
                #: address 2001:db8::1/128
                iface eth0.100 inet manual
                    up ip address add 2001:db8::1/128 dev eth0.100 nodad preferred_lft 0 || true
                    down ip address delete 2001:db8::1/128 dev eth0.100 || true
                """));
    HostFacts without = host("", "/etc/network/interfaces:iface eth0 inet dhcp\n");
    assertThat(lasting(without, "tunl0", "own", "up").manual()).contains("does not read");
    HostFacts alpine =
        Clusters.edited(
            "json-rs1",
            facts ->
                facts
                    .line("files", "/etc/alpine-release:3.20.0")
                    .text(
                        "configuration",
                        "/etc/network/interfaces:source /etc/network/interfaces.d/*\n"));
    assertThat(lasting(alpine, "eth0", "address 192.0.2.1/32").manual()).contains("one stanza");
    assertThat(lasting(alpine, "tunl0", "own", "up").files()).hasSize(1);
  }

  @Test
  void networkdGetsNetworksAndDropIns() {
    assertThat(files(networkd(), "tunl0", TUNNEL))
        .containsExactly(
            Map.entry(
                "/etc/systemd/network/05-lvstun-tunl0.network",
                """
                #: own
                #: up
                #: address 192.0.2.1/32
                [Match]
                Name=tunl0

                [Link]
                RequiredForOnline=no

                [Network]
                LinkLocalAddressing=no

                [Address]
                Address=192.0.2.1/32
                """),
            Map.entry(
                "/etc/systemd/system/systemd-networkd.service.d/lvstun-gue6080.conf",
                """
                #: gue 6080
                [Service]
                ExecStartPost=-+/sbin/ip fou add port 6080 gue
                """));
    assertThat(files(networkd(), "eth0", List.of("address 2001:db8::1/128")))
        .containsExactly(
            Map.entry(
                "/etc/systemd/network/20-wired.network.d/90-lvstun.conf",
                """
                #: address 2001:db8::1/128

                [Address]
                Address=2001:db8::1/128
                DuplicateAddressDetection=none
                PreferredLifetime=0
                """));
    assertThat(files(networkd(), "lvstun0", List.of("own", "module ipip", "create external", "up")))
        .containsKeys(
            "/etc/systemd/network/05-lvstun-lvstun0.netdev",
            "/etc/systemd/network/05-lvstun-lvstun0.network");
    assertThat(lasting(networkd(), "ens5", "address 192.0.2.1/32").manual()).contains("ens5");
    assertThat(lasting(networkd(), "ip6tnl0", "own", "mode any").manual()).contains("mode any");
  }

  @Test
  void networkForAllDevicesBeforeOursIsExtended() {
    HostFacts all =
        host(
            "/proc/7/comm:systemd-network\n",
            "/etc/systemd/network/00-all.network:[Match]\n"
                + "/etc/systemd/network/00-all.network:Name=*\n");
    assertThat(files(all, "tunl0", List.of("own", "up", "address 192.0.2.1/32")))
        .containsOnlyKeys("/etc/systemd/network/00-all.network.d/90-lvstun.conf");
  }

  @Test
  void networkManagerRunsAScriptAndLeavesTheDeviceAlone() {
    assertThat(files(manager(), "tunl0", TUNNEL))
        .containsExactly(
            Map.entry(
                "/etc/NetworkManager/conf.d/90-lvstun-tunl0.conf",
                """
                #: own
                [keyfile]
                unmanaged-devices+=interface-name:tunl0
                """),
            Map.entry(
                "/etc/NetworkManager/dispatcher.d/50-lvstun-tunl0",
                """
                #!/bin/sh
                #: own
                #: module ipip
                #: module fou
                #: gue 6080
                #: up
                #: address 192.0.2.1/32
                case $2 in up | reapply | dhcp4-change | dhcp6-change) ;; *) exit 0 ;; esac
                modprobe ipip || :
                modprobe fou || :
                ip link set dev tunl0 up || :
                ip fou add port 6080 gue || :
                ip address add 192.0.2.1/32 dev tunl0 || :
                """));
    assertThat(files(manager(), "eth0", List.of("address 192.0.2.1/32"))).hasSize(1);
    assertThat(FileFormat.NETWORK_MANAGER_DISPATCHER.mode()).isEqualTo("755");
  }

  @Test
  void networkScriptsGetADeviceAndAliases() {
    assertThat(
            files(
                scripts(),
                "tunl0",
                List.of(
                    "own",
                    "module ipip",
                    "up",
                    "address 192.0.2.1/32",
                    "address 192.0.2.2/32",
                    "address 2001:db8::1/128")))
        .containsExactly(
            Map.entry(
                "/etc/sysconfig/network-scripts/ifcfg-tunl0",
                """
                #: own
                #: module ipip
                #: up
                #: address 192.0.2.1/32
                #: address 192.0.2.2/32
                #: address 2001:db8::1/128
                DEVICE=tunl0
                BOOTPROTO=none
                ONBOOT=yes
                NM_CONTROLLED=no
                ARPCHECK=no
                IPADDR0=192.0.2.1
                PREFIX0=32
                IPADDR1=192.0.2.2
                PREFIX1=32
                IPV6INIT=yes
                IPV6ADDR=2001:db8::1/128
                """));
    assertThat(files(scripts(), "eth0", List.of("address 192.0.2.1/32")).values())
        .singleElement()
        .satisfies(
            text ->
                assertThat(text)
                    .matches(
                        "(?s)#: address 192.0.2.1/32\nDEVICE=eth0:[0-9]{4}\nONPARENT=yes\n"
                            + "NM_CONTROLLED=no\nARPCHECK=no\nIPADDR=192.0.2.1\nPREFIX=32\n"));
    assertThat(lasting(scripts(), "tunl0", "own", "gue 6080").manual()).contains("gue");
  }
}
