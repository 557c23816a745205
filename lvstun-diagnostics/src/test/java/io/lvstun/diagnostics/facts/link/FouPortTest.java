// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FouPortTest {

  @Test
  void textAndJsonAreReadAlike() {
    List<FouPort> expected =
        List.of(new FouPort(6080, true, 0, false), new FouPort(5555, false, 4, true));
    assertThat(FouPort.parse("port 6080 gue\nport 5555 ipproto 4 -6\n")).isEqualTo(expected);
    assertThat(
            FouPort.parse(
                "[{\"port\":6080,\"gue\":null},"
                    + "{\"port\":5555,\"ipproto\":4,\"family\":\"inet6\"}]"))
        .isEqualTo(expected);
  }

  @Test
  void localAndPeerOfNewerVersionsAreNoHindrance() {
    assertThat(FouPort.parse("port 6080 gue local 192.0.2.1 peer 192.0.2.2 peer_port 7 dev eth0\n"))
        .containsExactly(new FouPort(6080, true, 0, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "port",
        "port x gue",
        "port -1",
        "port 123456",
        "port 70000 gue",
        "garbage",
        "[]",
        "[{}]",
        "[{\"port\":0}]",
        "[{\"port\":70000,\"gue\":null}]",
        "[{\"port\":\"x\"}]"
      })
  void whatNamesNoPortIsNone(String text) {
    assertThat(FouPort.parse(text)).isEmpty();
  }
}
