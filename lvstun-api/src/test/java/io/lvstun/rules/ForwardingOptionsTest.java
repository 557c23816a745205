// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingOptionsTest {

  private static Forwarding read(String... words) {
    Map<Option, Token> given = new EnumMap<>(Option.class);
    for (int i = 0; i < words.length; i++) {
      String[] parts = words[i].split("=", 2);
      Option option = Option.named(parts[0]);
      assertThat(option).as(parts[0]).isNotNull();
      given.put(option, new Token(1, i + 1, parts.length == 2 ? parts[1] : parts[0]));
    }
    return new ForwardingOptions(given, new Token(1, 99, "")).read();
  }

  @Test
  void defaultIsDirectRouting() {
    assertThat(read()).isEqualTo(Forwarding.DIRECT_ROUTING);
    assertThat(read("gatewaying")).isEqualTo(Forwarding.DIRECT_ROUTING);
    assertThat(read("masquerading")).isEqualTo(Forwarding.MASQUERADE);
    assertThat(read("ipip")).isEqualTo(Forwarding.TUNNEL);
    assertThat(read("ipip", "tun-type=ipip")).isEqualTo(Forwarding.TUNNEL);
  }

  @Test
  void tunnelsHaveTheirTypesAndChecksums() {
    assertThat(read("ipip", "tun-type=gue", "tun-port=6080", "tun-remcsum"))
        .isEqualTo(new Forwarding.Tunnel(Encapsulation.gue(6080).remoteChecksum()));
    assertThat(read("ipip", "tun-type=gre", "tun-csum"))
        .isEqualTo(new Forwarding.Tunnel(Encapsulation.gre().checksum()));
    assertThat(read("ipip", "tun-type=gre", "tun-nocsum"))
        .isEqualTo(new Forwarding.Tunnel(Encapsulation.gre()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tun-type=gue",
        "masquerading tun-csum",
        "ipip tun-type=gue",
        "ipip tun-type=gue tun-port=0",
        "ipip tun-type=gue tun-port=65536",
        "ipip tun-type=gue tun-port=1 tun-csum tun-nocsum",
        "ipip tun-type=gue tun-port=1 tun-csum tun-remcsum",
        "ipip tun-type=gre tun-port=1",
        "ipip tun-type=gre tun-remcsum",
        "ipip tun-csum",
        "ipip tun-nocsum",
        "ipip tun-type=vxlan",
        "ipip tun-type=GUE tun-port=1"
      })
  void whatTheProgramRefusesOrPassesOverInSilenceIsAnError(String words) {
    assertThatExceptionOfType(RulesSyntaxException.class).isThrownBy(() -> read(words.split(" ")));
  }
}
