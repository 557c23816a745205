// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.model.Clusters;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkDetectionTest {

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

  private static Optional<NetworkConfiguration> detected(HostFacts facts) {
    return NetworkDetection.of(facts).configuration();
  }

  @Test
  void whoConfiguresTheNetworkIsOneOrNobody() {
    assertThat(detected(ifupdown())).contains(NetworkConfiguration.IFUPDOWN);
    assertThat(detected(networkd())).contains(NetworkConfiguration.NETWORKD);
    assertThat(detected(manager())).contains(NetworkConfiguration.NETWORK_MANAGER);
    assertThat(detected(scripts())).contains(NetworkConfiguration.IFCFG);
    // Of both that run, the one that has files.
    String both = "/proc/7/comm:NetworkManager\n/proc/8/comm:systemd-network\n";
    assertThat(detected(host(both, "/run/systemd/network/a.network:[Match]\n")))
        .contains(NetworkConfiguration.NETWORKD);
    NetworkDetection unclear = NetworkDetection.of(host(both, ""));
    assertThat(unclear.configuration()).isEmpty();
    assertThat(unclear.reason()).contains("both run");
    assertThat(NetworkDetection.of(host("", "/etc/modules:x\n")).reason()).contains("none of");
    // What runs in another network namespace is nobody here.
    assertThat(
            detected(
                host(
                    "/proc/7/comm:NetworkManager\n"
                        + "lrwxrwxrwx 1 root root 0 Jan 1 00:00 /proc/7/ns/net -> net:[1]\n",
                    "")))
        .isEmpty();
    HostFacts unread =
        Clusters.edited("json-rs1", facts -> facts.unreadable("configuration", "no permission"));
    assertThat(NetworkDetection.of(unread).reason()).contains("no permission");
  }

  @Test
  void filesOfOursTellNothing() {
    assertThat(
            detected(
                host(
                    "",
                    "/etc/network/interfaces.d/lvstun-tunl0:"
                        + FileFormat.HEADER
                        + "\n/etc/network/interfaces.d/lvstun-tunl0:iface tunl0 inet manual\n")))
        .isEmpty();
  }

  @Test
  void loopbackAloneIsNoStanza() {
    assertThat(detected(host("", "/etc/network/interfaces:iface lo inet loopback\n")))
        .contains(NetworkConfiguration.IFUPDOWN);
    assertThat(
            detected(
                host(
                    "/proc/7/comm:NetworkManager\n",
                    "/etc/network/interfaces:iface lo inet loopback\n")))
        .contains(NetworkConfiguration.NETWORK_MANAGER);
  }

  @Test
  void filesOfTwoThatDoNotRunAreAmbiguous() {
    NetworkDetection detection =
        NetworkDetection.of(
            host(
                "",
                "/etc/network/interfaces:# none\n"
                    + "/etc/sysconfig/network-scripts/ifcfg-eth0:DEVICE=eth0\n"));
    assertThat(detection.configuration()).isEmpty();
    assertThat(detection.reason()).contains("ifupdown and of network-scripts");
  }
}
