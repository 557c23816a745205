// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.network.HostNetwork;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages recorded on real kernels; each file says how. Every request must be written as it was
 * when the kernel took it, and every answer be read as what `ip` had made.
 */
class RouteGoldenTest {

  /** What `golden/capture-route` sets up, and what comes of the scenario's changes. */
  private static final List<String> SAID =
      """
      1: lo mtu 65536 up
      10: eth0 mtu 1400 up veth
      11: peer0 mtu 1500 up veth
      127.0.0.1/8 scope host dev lo
      192.0.3.253/24 scope link label eth0:old preferred_lft 0 dev eth0
      192.0.2.254/24 dev eth0
      10.0.0.1/32 dev eth0
      ::1/128 scope host dev lo
      2001:db8::1/64 nodad dev eth0
      fe80::ff:fe00:1/64 scope link dev eth0
      fe80::ff:fe00:2/64 scope link dev peer0
      10.0.0.2/32 dev eth0 src 10.0.0.1
      192.0.2.0/24 dev eth0 src 192.0.2.254
      192.0.3.0/24 dev eth0 src 192.0.3.253
      198.51.100.0/24 via 192.0.2.1 dev eth0 metric 9
      blackhole 203.0.113.0/24
      2001:db8::/64 dev eth0 metric 256
      2001:db8:1::/48 via 2001:db8::2 dev eth0 metric 1024
      fe80::/64 dev eth0 metric 256
      fe80::/64 dev peer0 metric 256
      local 0.0.0.0/0 dev lo table 100
      50: fwmark 0x7 lookup 100
      51: fwmark 0x10/0xf0 lookup 70000
      cannot create tunnel lvs0 ipip local 192.0.2.254 remote any ttl 64 (netlink): the kernel cannot do this with a link of this kind (Unknown device type) [95]. Load the module of the kind (ipip, sit, ip_gre, ip6_tunnel, ip6_gre)
      cannot create tunnel lvs1 gre local 192.0.2.254 remote any icsum (netlink): the kernel cannot do this with a link of this kind (Unknown device type) [95]. Load the module of the kind (ipip, sit, ip_gre, ip6_tunnel, ip6_gre)
      cannot create tunnel lvs2 ip6tnl local 2001:db8::1 remote any ttl 64 (netlink): the kernel cannot do this with a link of this kind (Unknown device type) [95]. Load the module of the kind (ipip, sit, ip_gre, ip6_tunnel, ip6_gre)
      cannot create tunnel lvs3 ip6gre external ttl 64 (netlink): the kernel cannot do this with a link of this kind (Unknown device type) [95]. Load the module of the kind (ipip, sit, ip_gre, ip6_tunnel, ip6_gre)
      10: eth0 mtu 1300 down veth
      127.0.0.1/8 scope host dev lo
      192.0.3.253/24 scope link label eth0:old preferred_lft 0 dev eth0
      192.0.2.254/24 dev eth0
      10.0.0.1/32 dev eth0
      192.168.1.200/32 label eth0:vip preferred_lft 0 dev eth0
      ::1/128 scope host dev lo
      fd00::200/128 preferred_lft 0 nodad dev eth0
      fe80::ff:fe00:1/64 scope link dev eth0 tentative
      fe80::ff:fe00:2/64 scope link dev peer0
      local 0.0.0.0/0 dev lo table 100000
      cannot open GUE port 6081 gue (netlink): the kernel has no generic netlink family fou [2]. Load the module: modprobe fou
      cannot close GUE port 6081 gue (netlink): the kernel has no generic netlink family fou [2]. Load the module: modprobe fou
      cannot add address 192.168.1.200/32 label eth0:vip preferred_lft 0 on eth0 (netlink): the link already has the address (ipv4: Address already assigned) [17]
      cannot set the mtu of link eth0 (netlink): the kernel refused it as invalid (mtu greater than device maximum) [22]
      cannot delete link lo (netlink): the kernel cannot do this with a link of this kind [95]. lo and hardware cannot be deleted
      cannot set up link absent0 (netlink): there is no such link [19]. `ip link` lists the links of the network namespace
      Optional.empty
      """
          .lines()
          .toList();

  @ParameterizedTest
  @ValueSource(strings = {"6.18"})
  void recordedMessagesAreWrittenAndRead(String kernel) throws IOException {
    List<String> lines;
    try (InputStream file = RouteGoldenTest.class.getResourceAsStream("linux-" + kernel + ".txt")) {
      assertThat(file).isNotNull();
      lines = new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    try (HostNetwork network =
        new NetlinkHostNetwork(Tape.replaying(lines), Duration.ofSeconds(20))) {
      assertThat(RouteGoldenScenario.play(network)).containsExactlyElementsOf(SAID);
    }
  }
}
