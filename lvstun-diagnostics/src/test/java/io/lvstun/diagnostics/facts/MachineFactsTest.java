// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.firewall.IpSet;
import io.lvstun.diagnostics.facts.ipvs.Keepalived;
import io.lvstun.diagnostics.facts.link.EthernetCard;
import io.lvstun.diagnostics.facts.machine.Platform;
import io.lvstun.diagnostics.facts.machine.Platform.Cloud;
import io.lvstun.diagnostics.facts.machine.Processors;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The facts of the machine, its cards and its processes. */
class MachineFactsTest {

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

  @ParameterizedTest
  @CsvSource({
    "chassis_asset_tag, 7783-7084-3265-9085-8269-3286-77, AZURE",
    "sys_vendor, Microsoft Corporation, NONE",
    "sys_vendor, DigitalOcean, DIGITALOCEAN",
    "bios_vendor, Amazon EC2, AWS",
    "product_version, 4.11.amazon, AWS",
    "sys_vendor, Google, GOOGLE",
    "product_name, Google Compute Engine, GOOGLE",
    "product_name, OpenStack Compute, OPENSTACK",
    "sys_vendor, QEMU, NONE",
  })
  void firmwareNamesTheCloud(String file, String text, Cloud cloud) {
    Platform platform = Platform.parse("/sys/class/dmi/id/" + file + ":" + text + "\n");
    assertThat(platform.cloud()).isEqualTo(cloud);
    assertThat(platform.known()).isTrue();
    assertThat(Platform.parse("/etc/os-release:ID=debian\n").known()).isFalse();
  }

  @Test
  void ethtoolIsUnderstood() {
    List<EthernetCard> cards =
        EthernetCard.parse(
            """
            ## features ens192
            Features for ens192:
            rx-checksumming: on
            large-receive-offload: on [fixed]
            generic-receive-offload: off
            ## driver ens192
            driver: vmxnet3
            version: 1.7.0.0-k-NAPI
            ## channels ens192
            Channel parameters for ens192:
            Pre-set maximums:
            RX:		8
            TX:		8
            Other:		n/a
            Combined:	n/a
            Current hardware settings:
            RX:		4
            TX:		4
            Other:		n/a
            Combined:	n/a
            ## rings ens192
            Ring parameters for ens192:
            Pre-set maximums:
            RX:		4096
            Current hardware settings:
            RX:		1024
            ## statistics ens192
            NIC statistics:
                 Tx Queue#: 0
                   TSO pkts tx: 12
                 drv dropped rx total: 7
            ## features veth1
            netlink error: Operation not supported
            """);
    EthernetCard card = cards.get(0);
    assertThat(card.driver()).isEqualTo("vmxnet3");
    assertThat(card.on("large-receive-offload")).contains(true);
    assertThat(card.fixed("large-receive-offload")).isTrue();
    assertThat(card.on("generic-receive-offload")).contains(false);
    assertThat(card.on("none")).isEmpty();
    assertThat(card.receiveQueues()).isEqualTo(OptionalInt.of(4));
    assertThat(card.mostReceiveQueues()).isEqualTo(OptionalInt.of(8));
    assertThat(card.ringsNow()).containsEntry("RX", 1024);
    assertThat(card.ringsMost()).containsEntry("RX", 4096);
    assertThat(card.statistics()).containsEntry("drv dropped rx total", 7L);
    assertThat(cards.get(1).driver()).isEmpty();
    assertThat(cards.get(1).receiveQueues()).isEmpty();
  }

  @Test
  void processorsAreUnderstood() {
    Processors processors =
        Processors.parse(
            "/proc/softirqs:  CPU0 CPU1\n/proc/softirqs:  NET_RX:  10 20\n",
            """
            /proc/softirqs:  CPU0 CPU1
            /proc/softirqs:  NET_RX:  15 120
            /proc/interrupts:            CPU0       CPU1
            /proc/interrupts:   0:         36          0   IO-APIC   2-edge      timer
            /proc/interrupts:  24:          5          6   PCI-MSI 1048576-edge  eth1-rx-0
            /proc/interrupts:  25:          5          6   PCI-MSI 1048577-edge  virtio-eth10
            /proc/interrupts:  26:          5          6   PCI-MSI 1048578-edge  mlx5_comp0@eth1
            /proc/interrupts: LOC:       1000       1000   Local timer interrupts
            """,
            "/proc/irq/24/effective_affinity_list:1\n/proc/irq/default_smp_affinity:3\n");
    assertThat(processors.count()).isEqualTo(2);
    assertThat(processors.received()).containsExactly(5L, 100L);
    assertThat(processors.busiest()).isEqualTo(OptionalInt.of(1));
    assertThat(processors.of("eth1"))
        .extracting(Processors.Interrupt::number)
        .containsExactly(24, 26);
    assertThat(processors.of("eth1").get(0).processors()).isEqualTo("1");
    assertThat(processors.of("eth1").get(0).raised()).isEqualTo(11);
    assertThat(Processors.parse("", "", "").busiest()).isEmpty();
  }

  @Test
  void steeringIsByDeviceAndQueue() {
    assertThat(
            Processors.steering(
                "/sys/class/net/eth0/queues/rx-0/rps_cpus:f\n"
                    + "/sys/class/net/eth0/queues/rx-1/rps_cpus:0\n"
                    + "/sys/class/net/eth0/queues/tx-0/xps_cpus:0\n"))
        .isEqualTo(Map.of("eth0", Map.of("rx-0", "f", "rx-1", "0")));
  }

  @Test
  void setsAreUnderstood() {
    assertThat(
            IpSet.parse(
                """
                Name: geo
                Type: hash:net
                Revision: 7
                Header: family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x2a
                Size in memory: 448
                References: 0
                Number of entries: 17

                Name: ports
                Type: bitmap:port
                Header: range 0-1024
                Number of entries: 0
                """))
        .containsExactly(
            new IpSet("geo", "hash:net", OptionalLong.of(17), OptionalLong.of(65536)),
            new IpSet("ports", "bitmap:port", OptionalLong.of(0), OptionalLong.empty()));
    assertThat(IpSet.parse("")).isEmpty();
  }

  @Test
  void keepalivedIsUnderstood() {
    Keepalived keepalived =
        Keepalived.parse(
            Map.of(
                "/etc/keepalived/keepalived.conf",
                """
                ! nopreempt
                vrrp_instance VI_1 {
                    state MASTER
                    unicast_peer {
                        10.0.0.2
                    }
                    # nopreempt
                }
                vrrp_instance VI_2
                {
                    nopreempt
                }
                virtual_server 10.0.0.10 80 {
                    real_server 10.0.0.11 80 {
                        PING_CHECK { }
                    }
                }
                """,
                "/etc/other.conf",
                "vrrp_instance X {\\n}\\n"),
            "lb1");
    assertThat(keepalived.instances())
        .containsExactly(
            new Keepalived.Instance("VI_1", Optional.of(true), Optional.of(true)),
            new Keepalived.Instance("VI_2", Optional.of(false), Optional.of(false)));
    assertThat(keepalived.pings()).isTrue();
    assertThat(keepalived.virtualServers()).isEqualTo(1);
    assertThat(Keepalived.parse(Map.of(), "").instances()).isEmpty();
  }
}
