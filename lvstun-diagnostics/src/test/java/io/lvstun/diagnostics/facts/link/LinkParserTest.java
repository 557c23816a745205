// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class LinkParserTest {

  private static final String NONE = "";

  @Test
  void textWithoutDetailsTakesKindFromTheTypeAndEndsFromTheTunnels() {
    var links =
        LinkParser.parse(
            """
            1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN
                link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
            9: ipip8@eth0: <POINTOPOINT,NOARP,UP> mtu 1480 qdisc noop state DOWN
                link/ipip 192.0.2.1 peer 192.0.2.2
            """,
            "ipip8: ip/ip remote 192.0.2.2 local 192.0.2.1 ttl inherit\n",
            NONE);
    var tunnel = links.get(1);
    assertThat(tunnel.name()).isEqualTo("ipip8");
    assertThat(tunnel.index()).isEqualTo(9);
    assertThat(tunnel.kind()).isEqualTo("ipip");
    assertThat(tunnel.tunnel().orElseThrow().remote()).contains(IpAddress.parse("192.0.2.2"));
    assertThat(tunnel.tunnel().orElseThrow().local()).contains(IpAddress.parse("192.0.2.1"));
    assertThat(links.get(0).tunnel()).isEmpty();
    assertThat(links.get(0).up()).isTrue();
  }

  @Test
  void kindComesFromSysWhereTheTextHasNone() {
    var links =
        LinkParser.parse(
            "4: odd0: <UP> mtu 1480\n    link/[768] 0.0.0.0\n",
            NONE,
            "/sys/class/net/odd0/type:768\n");
    assertThat(links.get(0).kind()).isEqualTo("ipip");
    assertThat(links.get(0).tunnel()).isPresent();
  }

  @Test
  void detailsGiveEndsAndMode() {
    var link =
        LinkParser.parse(
                """
                5: t0@NONE: <NOARP,UP> mtu 1480 qdisc noqueue state UNKNOWN
                    link/ipip 0.0.0.0 brd 0.0.0.0 promiscuity 0
                    ipip any remote any local 192.0.2.7 ttl 64 nopmtudisc numtxqueues 1 numrxqueues 2
                """,
                NONE,
                NONE)
            .get(0);
    assertThat(link.tunnel().orElseThrow().local()).contains(IpAddress.parse("192.0.2.7"));
    assertThat(link.tunnel().orElseThrow().remote()).isEmpty();
    assertThat(link.tunnel().orElseThrow().external()).isFalse();
    assertThat(link.receiveQueues()).isEqualTo(2);
  }

  @Test
  void jsonWithStrangeNumbersIsReadAndNotGuessed() {
    var link =
        LinkParser.parse(
                """
                [{"ifname":"x0","mtu":99999999999999999999,"ifindex":"seven","flags":"UP",
                  "linkinfo":{"info_kind":"ipip","info_data":{"remote":"nonsense","external":true}}},
                 {"mtu":1}]
                """,
                NONE,
                NONE)
            .get(0);
    assertThat(link.mtu()).isZero();
    assertThat(link.up()).isFalse();
    assertThat(link.tunnel().orElseThrow().remote()).isEmpty();
    assertThat(link.tunnel().orElseThrow().external()).isTrue();
  }

  @Test
  void emptyTextIsNoDeviceAndGarbageIsRefused() {
    assertThat(LinkParser.parse("", NONE, NONE)).isEmpty();
    assertThat(LinkParser.parse("\n \n", NONE, NONE)).isEmpty();
    assertThatThrownBy(() -> LinkParser.parse("Usage: ip [ OPTIONS ]\n", NONE, NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no network device in the output of ip link");
    assertThatThrownBy(() -> LinkParser.parse("[{\"ifname\":", NONE, NONE))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void textCutAnywhereIsReadOrRefusedAndNothingElse() {
    String whole =
        "5: t0@NONE: <NOARP,UP> mtu 1480 state UNKNOWN\n"
            + "    link/ipip 0.0.0.0 brd 0.0.0.0\n"
            + "    ipip any remote any local 192.0.2.7 ttl 64\n";
    for (int length = 0; length <= whole.length(); length++) {
      String cut = whole.substring(0, length);
      try {
        assertThat(LinkParser.parse(cut, cut, cut)).hasSizeLessThanOrEqualTo(1);
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessage("no network device in the output of ip link");
      }
    }
  }
}
