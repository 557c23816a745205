// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualAddressTest {

  @Test
  void readsWhatItWrites() {
    for (String text : List.of("192.0.2.1", "192.0.2.1/0", "192.0.2.1/32", "2001:db8::1/128")) {
      assertThat(VirtualAddress.of(text)).hasToString(text);
    }
    assertThat(VirtualAddress.of("192.0.2.1/24").device("eth1").label("eth1:0"))
        .hasToString("192.0.2.1/24 dev eth1 label eth1:0");
  }

  @Test
  void prefixBelongsToTheFamily() {
    assertThatThrownBy(() -> VirtualAddress.of("192.0.2.1/33"))
        .hasMessage("prefix length must be 0 to 32, not 33");
    assertThatThrownBy(() -> VirtualAddress.of("2001:db8::1").prefixLength(129))
        .hasMessage("prefix length must be 0 to 128, not 129");
    assertThatThrownBy(() -> VirtualAddress.of("192.0.2.1/"))
        .hasMessageContaining("prefix length must be a number");
    assertThatThrownBy(() -> VirtualAddress.of("192.0.2.1/24/8"))
        .hasMessage("prefix length must be a number, not 24/8");
  }

  @Test
  void namesCannotBringInWords() {
    VirtualAddress address = VirtualAddress.of("192.0.2.1");
    assertThatThrownBy(() -> address.device("eth0 label x")).hasMessageContaining("dev must be");
    assertThatThrownBy(() -> address.label("a\n}")).hasMessageContaining("label must be");
    assertThatThrownBy(() -> VirtualAddress.of("host.example")).hasMessageContaining("literal");
  }
}
