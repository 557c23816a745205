// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The values of a host's network: texts, defaults, and what they refuse. */
class NetworkValuesTest {

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  // -- addresses ----------------------------------------------------------------------------------

  @Test
  void addressesAreReadAndWrittenAsIpDoes() {
    assertThat(LinkAddress.parse("192.0.2.1")).hasToString("192.0.2.1/32");
    assertThat(LinkAddress.parse("2001:db8::1")).hasToString("2001:db8::1/128");
    assertThat(LinkAddress.parse("192.0.2.1/24").label("eth0:a").scope(LinkAddress.Scope.LINK))
        .hasToString("192.0.2.1/24 scope link label eth0:a");
    assertThat(LinkAddress.parse("fd00::1/64").asDeprecated().withoutDetection())
        .hasToString("fd00::1/64 preferred_lft 0 nodad")
        .isEqualTo(LinkAddress.parse("fd00::1/64").withoutDetection().asDeprecated());
    assertThat(new AddressState("eth0", LinkAddress.parse("192.0.2.1/24"), true, true))
        .hasToString("192.0.2.1/24 dev eth0 tentative dadfailed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/24", "host", "192.0.2.1/", "192.0.2.1/a", "192.0.2.1/-1", "::/9999"})
  void textThatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> LinkAddress.parse(text));
  }

  @Test
  void addressesRefuseWhatCannotBe() {
    assertRefused(
        () -> LinkAddress.parse("192.0.2.1/33"),
        "prefix length of 192.0.2.1 must be 0 to 32, not 33");
    assertRefused(
        () -> LinkAddress.parse("::1/129"), "prefix length of ::1 must be 0 to 128, not 129");
    assertRefused(
        () -> LinkAddress.parse("fd00::1").label("eth0:a"),
        "label must be empty for the IPv6 address fd00::1");
    assertRefused(
        () -> LinkAddress.parse("192.0.2.1").label("a label"),
        "label must be 1 to 15 printable ASCII characters without spaces or '/', not \"a label\"");
    assertRefused(
        () -> LinkAddress.parse("192.0.2.1").withoutDetection(),
        "duplicate detection is IPv6's and cannot be left out for 192.0.2.1");
  }

  // -- tunnels ------------------------------------------------------------------------------------

  @Test
  void tunnelsSayWhatDiffersFromTheDefaults() {
    assertThat(Tunnel.ipip("t")).hasToString("t ipip local any remote any");
    assertThat(Tunnel.ipip("t").local("192.0.2.1").remote("192.0.2.2").ttl(64))
        .hasToString("t ipip local 192.0.2.1 remote 192.0.2.2 ttl 64")
        .isEqualTo(Tunnel.ipip("t").ttl(64).remote("192.0.2.2").local("192.0.2.1"));
    assertThat(Tunnel.of("t", Tunnel.Kind.IP6TNL).payload(Tunnel.Payload.IPV4))
        .hasToString("t ip6tnl local any remote any payload ipv4 ttl 64");
    assertThat(Tunnel.of("t", Tunnel.Kind.GRE).withInputChecksum())
        .hasToString("t gre local any remote any icsum");
    assertThat(Tunnel.ipip("t").asExternal()).hasToString("t ipip external");
  }

  @ParameterizedTest
  @EnumSource(Tunnel.Kind.class)
  void everyKindHasDefaultsThatItTakes(Tunnel.Kind kind) {
    Tunnel tunnel = Tunnel.of("t", kind);
    assertThat(tunnel.payload(Tunnel.Payload.ANY).payload()).isEqualTo(Tunnel.Payload.ANY);
    assertThat(tunnel.ttl()).isEqualTo(kind.outer() == AddressFamily.IPV4 ? 0 : 64);
    if (kind == Tunnel.Kind.SIT) {
      assertRefused(tunnel::asExternal, "a tunnel of SIT must not be external");
    } else {
      assertThat(tunnel.asExternal().external()).isTrue();
    }
  }

  @Test
  void tunnelsRefuseWhatCannotBe() {
    Tunnel tunnel = Tunnel.ipip("t");
    assertRefused(
        () -> tunnel.local("::1"), "local of IPIP must be a unicast address of IPv4, not ::1");
    assertRefused(
        () -> tunnel.remote("224.0.0.1"),
        "remote of IPIP must be a unicast address of IPv4, not 224.0.0.1");
    assertRefused(() -> tunnel.ttl(256), "ttl must be 0 to 255, not 256");
    assertRefused(() -> tunnel.payload(Tunnel.Payload.IPV6), "payload of IPIP must not be IPV6");
    assertRefused(
        () -> Tunnel.of("t", Tunnel.Kind.GRE).payload(Tunnel.Payload.IPV4),
        "payload of GRE must not be IPV4");
    assertRefused(
        () -> tunnel.local("192.0.2.1").asExternal(),
        "an external tunnel must have neither local nor remote");
    assertRefused(tunnel::withInputChecksum, "input checksum must be off for IPIP");
    for (String name : new String[] {"", ".", "..", "a b", "a/b", "a-name-of-16-byt", "ä"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Tunnel.ipip(name));
    }
  }

  // -- routes, rules, ports, links ----------------------------------------------------------------

  @Test
  void routesAreWrittenAsIpDoes() {
    assertThat(Route.via("0.0.0.0/0", "192.0.2.1").link("eth0").metric(5))
        .hasToString("0.0.0.0/0 via 192.0.2.1 dev eth0 metric 5");
    assertThat(Route.local("0.0.0.0/0").table(100)).hasToString("local 0.0.0.0/0 dev lo table 100");
    assertThat(Route.on("2001:db8::/32", "eth0").source("2001:db8::1"))
        .hasToString("2001:db8::/32 dev eth0 src 2001:db8::1");
  }

  @Test
  void routesRefuseWhatCannotBe() {
    assertRefused(
        () -> Route.on("192.0.2.1/24", "eth0"),
        "destination must have no bits behind its prefix, not 192.0.2.1/24");
    assertRefused(
        () -> Route.via("192.0.2.0/24", "::1"),
        "gateway must be of IPv4, as the destination is, not ::1");
    assertRefused(
        () -> Route.on("192.0.2.0/24", "eth0").source("::1"),
        "source must be of IPv4, as the destination is, not ::1");
    assertRefused(() -> Route.local("::/0").table(0), "table must be 1 to 4294967295, not 0");
    assertRefused(() -> Route.local("::/0").metric(-1), "metric must be 0 to 4294967295, not -1");
    assertRefused(
        () ->
            new Route(
                IpAddress.parse("192.0.2.0"),
                24,
                Route.Type.UNICAST,
                1,
                "",
                Optional.empty(),
                Optional.empty(),
                0),
        "a route to 192.0.2.0 must have a link or a gateway");
    assertRefused(
        () ->
            new Route(
                IpAddress.parse("::"),
                0,
                Route.Type.LOCAL,
                1,
                "",
                Optional.empty(),
                Optional.empty(),
                0),
        "a local route must have a link, for example lo");
    assertThatIllegalArgumentException().isThrownBy(() -> Route.on("192.0.2.0/24", ""));
  }

  @Test
  void rulesAreWrittenAsIpDoesAndRefuseWhatCannotBe() {
    assertThat(MarkRule.of(7, 100)).hasToString("0: fwmark 0x7 lookup 100");
    assertThat(MarkRule.of(16, 100).mask(0xf0).priority(9).family(AddressFamily.IPV6))
        .hasToString("9: fwmark 0x10/0xf0 lookup 100 (IPv6)");
    assertRefused(() -> MarkRule.of(1L << 32, 1), "mark must be 0 to 4294967295, not 4294967296");
    assertRefused(() -> MarkRule.of(1, 1).mask(0), "mask must be 1 to 4294967295, not 0");
    assertRefused(() -> MarkRule.of(1, 0), "table must be 1 to 4294967295, not 0");
    assertRefused(() -> MarkRule.of(1, 1).priority(-1), "priority must be 0 to 4294967295, not -1");
  }

  @Test
  void guePortsAndLinksAreWritten() {
    assertThat(GuePort.of(6080)).hasToString("port 6080 gue");
    assertThat(new GuePort(6080, AddressFamily.IPV6)).hasToString("port 6080 gue -6");
    assertRefused(() -> GuePort.of(0), "port must be 1 to 65535, not 0");
    Link link = new Link(4, "tunl0", 1480, 0x41, "ipip", Optional.empty());
    assertThat(link).hasToString("4: tunl0 mtu 1480 up ipip");
    assertThat(link.isRunning()).isTrue();
    assertThat(link.isLoopback()).isFalse();
    assertThat(new Link(1, "lo", 65536, 8, "", Optional.empty()))
        .hasToString("1: lo mtu 65536 down");
  }
}
