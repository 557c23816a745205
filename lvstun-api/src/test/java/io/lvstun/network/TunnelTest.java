// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.AddressFamily;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TunnelTest {

  @Test
  void eachKindIsFoundByTheDeviceThatItsModuleMakes() {
    for (Tunnel.Kind kind : Tunnel.Kind.values()) {
      assertThat(Tunnel.Kind.ofFallbackDevice(kind.fallbackDevice())).contains(kind);
    }
    assertThat(Tunnel.Kind.ofFallbackDevice("eth0")).isEmpty();
  }

  @Test
  void modulesAreThoseOfTheKernel() {
    assertThat(Arrays.stream(Tunnel.Kind.values()).map(Tunnel.Kind::module))
        .containsExactly("ipip", "sit", "ip_gre", "ip6_tunnel", "ip6_gre");
  }

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

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
}
