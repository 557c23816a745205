// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkTest {

  @ParameterizedTest
  @CsvSource({
    "0x0, false, false, false",
    "0x1, true, false, false",
    "0x8, false, false, true",
    "0x40, false, true, false",
    "0x10049, true, true, true",
    "0xffffffb6, false, false, false"
  })
  void flagsAreTheKernels(String flags, boolean up, boolean running, boolean loopback) {
    Link link = new Link(4, "tunl0", 1480, Long.decode(flags).intValue(), "ipip", Optional.empty());
    assertThat(link.isUp()).isEqualTo(up);
    assertThat(link.isRunning()).isEqualTo(running);
    assertThat(link.isLoopback()).isEqualTo(loopback);
    assertThat(link).hasToString("4: tunl0 mtu 1480 " + (up ? "up" : "down") + " ipip");
  }

  @Test
  void linkWithoutKindHasNone() {
    assertThat(new Link(1, "lo", 65536, 8, "", Optional.empty()))
        .hasToString("1: lo mtu 65536 down");
  }
}
