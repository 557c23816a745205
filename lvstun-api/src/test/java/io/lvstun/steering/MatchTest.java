// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MatchTest {

  @Test
  void orderAndRepetitionDoNotMatter() {
    assertThat(Match.countries("JP", "CN")).isEqualTo(Match.countries("CN", "JP"));
    assertThat(Match.autonomousSystems(2, 1, 2)).hasToString("autonomous systems AS1 AS2");
    assertThat(Match.networks("10.0.0.0/8")).hasToString("networks 10.0.0.0/8");
    assertThat(Match.sourcePorts(1, 2)).hasToString("source port 1-2");
  }

  @Test
  void unknownCodesAreNamed() {
    assertThatThrownBy(() -> Match.countries("UK"))
        .hasMessage("country must be a country of ISO 3166-1 alpha-2, not \"UK\"");
    assertThat(Match.countries("XK")).isNotNull();
    assertThatThrownBy(() -> Match.continents("XX")).hasMessageContaining("one of AF");
    assertThatThrownBy(() -> Match.subdivisions("Beijing")).hasMessageContaining("ISO 3166-2");
    assertThatThrownBy(() -> Match.countries()).hasMessageContaining("at least once");
    assertThatThrownBy(() -> Match.dscp(64)).hasMessage("dscp must be 0 to 63, not 64");
    assertThatThrownBy(() -> Match.autonomousSystems(0)).hasMessageContaining("1 to 4294967295");
  }

  /** An interface's name goes into a rule of nft: nothing that could end its quotes is taken. */
  @Test
  void interfaceNamesCannotCarryARule() {
    for (String name : new String[] {"", "eth0\" drop", "a b", "x\n", "0123456789abcdef", ".."}) {
      assertThatThrownBy(() -> Match.inboundInterface(name))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Match.inboundInterface("eth0.100")).hasToString("interface eth0.100");
  }

  @Test
  void payloadsAreShort() {
    assertThat(Match.payload(4, new byte[] {1, (byte) 0xff})).hasToString("payload 01ff at 4");
    assertThatThrownBy(() -> Match.payload(0, new byte[17])).hasMessageContaining("1 to 16 bytes");
    assertThatThrownBy(() -> Match.payload(0, new byte[0])).hasMessageContaining("1 to 16 bytes");
  }
}
