// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolChoiceTest {

  private static final Place BEIJING =
      PlaceDecoder.decode(
          Map.of(
              "continent", Map.of("code", "AS"),
              "country", Map.of("iso_code", "CN"),
              "subdivisions", List.of(Map.of("iso_code", "BJ")),
              "city", Map.of("geoname_id", 1816670L, "names", Map.of("en", "Beijing")),
              "autonomous_system_number", 4808L));

  private static PoolChoice decide(Match match, ClientPacket packet) {
    return PoolChoice.of(new SteeringRule.Send(match, "pool"), BEIJING, packet);
  }

  private static final ClientPacket BARE = ClientPacket.from("203.0.113.1");

  @Test
  void placesApplyByAnyOfTheirCodes() {
    for (Match match :
        List.of(
            Match.countries("CN", "JP"),
            Match.continents("AS"),
            Match.subdivisions("CN-BJ", "CN-SH"),
            Match.cities("Beijing"),
            Match.cities("1816670"),
            Match.autonomousSystems(4808),
            Match.networks("203.0.113.0/24"))) {
      assertThat(decide(match, BARE).pool()).as("%s", match).contains("pool");
    }
    for (Match match :
        List.of(Match.countries("JP"), Match.cities("beijing"), Match.networks("10.0.0.0/8"))) {
      assertThat(decide(match, BARE))
          .as("%s", match)
          .isEqualTo(new PoolChoice(java.util.Optional.empty(), false));
    }
  }

  @Test
  void whatThePacketDoesNotTellIsUndecided() {
    for (Match match :
        List.of(
            Match.dscp(1),
            Match.sourcePorts(1, 2),
            Match.destinationPorts(1, 2),
            Match.inboundInterface("eth0"),
            Match.payload(0, new byte[] {1}))) {
      assertThat(decide(match, BARE).undecided()).as("%s", match).isTrue();
    }
    ClientPacket full = BARE.ports(2, 80).dscp(1).inboundInterface("eth0");
    assertThat(decide(Match.dscp(1), full).pool()).isPresent();
    assertThat(decide(Match.sourcePorts(1, 2), full).pool()).isPresent();
    assertThat(decide(Match.destinationPorts(1, 2), full).pool()).isEmpty();
    assertThat(decide(Match.inboundInterface("eth1"), full).pool()).isEmpty();
  }
}
