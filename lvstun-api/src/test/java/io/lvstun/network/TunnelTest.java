// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

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
}
