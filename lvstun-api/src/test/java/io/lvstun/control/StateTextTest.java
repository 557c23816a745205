// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.spi.contract.RandomTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StateTextTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("192.0.2.11").tunnel();
  private static final DesiredState STATE =
      DesiredState.EMPTY
          .with(
              ManagedService.of(WEB)
                  .slowStart(Duration.ofSeconds(30))
                  .pool(
                      ManagedService.of(WEB)
                          .pool()
                          .quorum(3, 1)
                          .sorry(RealServer.tunnel("192.0.2.99").port(80))))
          .with(ManagedService.of(VirtualService.fwmark6(4_000_000_000L)))
          .without(ServiceKey.fwmark6(4_000_000_000L))
          .with(
              new Destination(WEB.key(), ServerKey.of("192.0.2.11", 80)),
              new Intent(Intent.Kind.DRAINING, "drain-1", 5, 7, true))
          .with(
              new Destination(WEB.key(), ServerKey.of("192.0.2.12", 80)),
              Intent.replacing("replace-2", 5, 7, ServerKey.of("192.0.2.11", 80), 9, false));

  @Test
  void stateComesBackAsItWasWritten() throws StateText.RejectedException {
    StateText.Read read = StateText.read(StateText.write(STATE, "boot 4:5"));
    assertThat(read.state()).isEqualTo(STATE);
    assertThat(read.table()).isEqualTo("boot 4:5");
  }

  @Test
  void everyTableComesBack() throws StateText.RejectedException {
    long seed = RandomTables.seed();
    RandomTables tables = new RandomTables(seed);
    for (int i = 0; i < 200; i++) {
      DesiredState state = DesiredState.EMPTY;
      for (VirtualService service : tables.services(6)) {
        state = state.with(ManagedService.of(service));
      }
      assertThat(StateText.read(StateText.write(state, "t")).state())
          .as("seed %d", seed)
          .isEqualTo(state);
    }
  }

  @Test
  void textThatIsCutOffOrChangedIsRejected() {
    String text = StateText.write(STATE, "boot");
    List<String> bad = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      bad.add(text.substring(0, i));
    }
    Random random = new Random(RandomTables.seed());
    for (int i = 0; i < 500; i++) {
      char[] letters = text.toCharArray();
      int at = random.nextInt(letters.length);
      letters[at] = (char) (letters[at] + 1 + random.nextInt(5));
      bad.add(new String(letters));
    }
    bad.add(text + "x");
    for (String each : bad) {
      assertThatExceptionOfType(StateText.RejectedException.class)
          .as(each)
          .isThrownBy(() -> StateText.read(each));
    }
  }

  @Test
  void foreignTextIsTold() {
    assertThatExceptionOfType(StateText.RejectedException.class)
        .isThrownBy(() -> StateText.read("! Configuration File for keepalived\n"))
        .withMessage("it is not a state file of lvstun")
        .matches(e -> e.foreign);
    assertThatExceptionOfType(StateText.RejectedException.class)
        .isThrownBy(() -> StateText.read("lvstun-state 2\n"))
        .withMessage("it was written by another version of lvstun")
        .matches(e -> !e.foreign);
  }
}
