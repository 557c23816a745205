// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class AddressParserTest {

  @Test
  void textIsRead() {
    List<Address> addresses =
        AddressParser.parse(
            """
            1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default
                inet 127.0.0.1/8 scope host lo
                   valid_lft forever preferred_lft forever
            2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP
                inet 192.0.2.10/24 brd 192.0.2.255 scope global secondary dynamic eth0
                inet6 fe80::1/64 scope link tentative dadfailed
            3: ppp0: <POINTOPOINT,UP> mtu 1400
                inet 10.0.0.1 peer 10.0.0.2/30 scope global ppp0
                inet 10.0.9.1 scope global ppp0
            """);
    assertThat(addresses)
        .extracting(Address::toString)
        .containsExactly(
            "127.0.0.1/8 dev lo",
            "192.0.2.10/24 dev eth0",
            "fe80::1/64 dev eth0",
            "10.0.0.1/30 dev ppp0",
            "10.0.9.1/32 dev ppp0");
    assertThat(addresses.get(1).flags()).containsExactlyInAnyOrder("secondary", "dynamic");
    assertThat(addresses.get(1).scope()).isEqualTo("global");
    assertThat(addresses.get(2).flags()).containsExactlyInAnyOrder("tentative", "dadfailed");
  }

  @Test
  void jsonIsReadAndWhatIsUnknownInItIsLeft() {
    List<Address> addresses =
        AddressParser.parse(
            """
            [{"ifindex":2,"ifname":"eth0","new":{"key":[1]},"addr_info":[
              {"family":"inet","local":"192.0.2.10","prefixlen":24,"scope":"global","secondary":true,
               "tentative":false,"label":"eth0"},
              {"family":"inet6"},
              {"family":"inet6","local":"2001:db8::1","prefixlen":64,"scope":"global"}]},
             {},{"ifname":"eth1"}]
            """);
    assertThat(addresses)
        .extracting(Address::toString)
        .containsExactly("192.0.2.10/24 dev eth0", "2001:db8::1/64 dev eth0");
    assertThat(addresses.get(0).flags()).containsExactly("secondary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "    inet 192.0.2.1/x scope global eth0",
        "    inet 192.0.2.1/33 scope global eth0",
        "    inet 192.0.2.1/999 scope global eth0",
        "    inet 192.0.2.1/99999999999 scope global eth0",
        "    inet 192.0.2/24 scope global eth0",
        "    inet www.example.org/24 scope global eth0",
        "    inet6 fe80:::1/64 scope link",
        "[{\"ifname\":\"eth0\",\"addr_info\":[{\"local\":\"192.0.2.1\",\"prefixlen\":64}]}]",
        "[{\"ifname\":\"eth0\",\"addr_info\":[{\"local\":\"x\",\"prefixlen\":24}]}]"
      })
  void addressThatIsNoneIsRefusedAndNeverGuessed(String text) {
    assertThatThrownBy(() -> AddressParser.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lineThatIsCutShortIsNoAddress() {
    assertThat(AddressParser.parse("2: eth0: <UP>\n    inet")).isEmpty();
    assertThat(AddressParser.parse("")).isEmpty();
    assertThat(AddressParser.parse("Object \"-j\" is unknown, try \"ip help\".\n")).isEmpty();
    assertThatThrownBy(() -> AddressParser.parse("[{\"ifname\":\"eth0\",\"addr_info\":[{\"lo"))
        .isInstanceOf(JacksonException.class);
  }
}
