// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeighbourTest {

  @Test
  void textAndJsonAreReadAlike() {
    List<Neighbour> expected =
        List.of(
            new Neighbour(IpAddress.parse("192.0.2.1"), "eth0", "02:fc:00:00:00:01", "STALE"),
            new Neighbour(IpAddress.parse("192.0.2.9"), "eth0", "", "FAILED"));
    assertThat(
            Neighbour.parse(
                "192.0.2.1 dev eth0 lladdr 02:FC:00:00:00:01 router STALE\n"
                    + "192.0.2.9 dev eth0 FAILED\n"))
        .isEqualTo(expected);
    assertThat(
            Neighbour.parse(
                """
                [{"dst":"192.0.2.1","dev":"eth0","lladdr":"02:FC:00:00:00:01","state":["STALE"]},
                 {"dst":"192.0.2.9","dev":"eth0","state":["FAILED"]},{"dev":"eth1"}]
                """))
        .isEqualTo(expected);
    assertThat(expected.get(0)).hasToString("192.0.2.1 dev eth0 lladdr 02:fc:00:00:00:01 STALE");
    assertThat(expected.get(1)).hasToString("192.0.2.9 dev eth0 FAILED");
  }

  @Test
  void unknownStateIsEmpty() {
    assertThat(Neighbour.parse("192.0.2.1 dev eth0 lladdr").get(0).state()).isEmpty();
    assertThat(Neighbour.parse("[{\"dst\":\"192.0.2.1\",\"state\":\"odd\"}]").get(0).state())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "999.0.2.1 dev eth0", "[{\"dst\":\"x\"}]"})
  void addressThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Neighbour.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
