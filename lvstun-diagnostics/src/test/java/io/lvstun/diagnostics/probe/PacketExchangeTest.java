// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketExchangeTest {

  @Test
  void packetsThatCameAndProblemsOfThoseThatWentAreRead() {
    PacketExchange.Result result =
        PacketExchange.parse("sent 0 0\nsent 1 1\nsent 2 101\nsent 3 7\ngot 4500\ngot 60\n", 4);
    assertThat(result.problems())
        .extracting(PacketExchange.Problem::filtered)
        .containsExactly(false, true, false, false);
    assertThat(result.problems())
        .extracting(PacketExchange.Problem::reason)
        .containsExactly(
            "",
            "this host's own packet filter drops it on its way out (EPERM)",
            "there is no route to it (ENETUNREACH)",
            "errno 7");
    assertThat(result.received())
        .containsExactly(ByteBuffer.wrap(new byte[] {0x45, 0}), ByteBuffer.wrap(new byte[] {0x60}));
  }

  @Test
  void silenceIsAProblemAndNeverTakenForSent() {
    assertThat(PacketExchange.parse("", 2).problems())
        .extracting(PacketExchange.Problem::reason)
        .containsOnly("the host did not say whether it was sent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "got ",
        "got 4",
        "got zz",
        "got 45 00",
        " got 45",
        "sent 0",
        "sent 0 9999999",
        "x"
      })
  void otherLinesAreLeftOut(String line) {
    PacketExchange.Result result = PacketExchange.parse(line + "\n", 0);
    assertThat(result.problems()).isEmpty();
    assertThat(result.received()).isEmpty();
  }

  @Test
  void floodIsBounded() {
    assertThat(PacketExchange.parse("got 45\n".repeat(5000), 0).received()).hasSize(1000);
  }
}
