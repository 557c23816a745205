// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.NotFoundException;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.spi.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Batches: one outcome a command, in order; an error does not stop what follows. */
public interface BatchContract extends DriverContract {

  /**
   * How many services the large batch makes. A driver that starts a process for each wants fewer.
   */
  default int largeBatch() {
    return 1000;
  }

  @Test
  default void emptyBatchHasNoOutcomes() {
    assertThat(driver().execute(List.of())).isEmpty();
  }

  @Test
  default void outcomesAreInTheOrderOfTheCommands() {
    VirtualService web = VirtualService.tcp("192.0.2.1", 80);
    VirtualService dns = VirtualService.udp("192.0.2.1", 53);
    RealServer server = RealServer.tunnel("198.51.100.1").port(80);
    List<Command> commands =
        List.of(
            new Command.AddService(web),
            new Command.AddService(web),
            new Command.AddServer(web.key(), server),
            new Command.RemoveServer(dns.key(), server.key()),
            new Command.AddServer(web.key(), server),
            new Command.SetTimeouts(Timeouts.ofSeconds(1, 2, 3)),
            new Command.EditServer(web.key(), server.weight(4)),
            new Command.RemoveServer(web.key(), ServerKey.of("198.51.100.2", 80)),
            new Command.AddService(dns),
            new Command.Zero(Optional.empty()),
            new Command.RemoveService(ServiceKey.fwmark(5)));

    List<Outcome> outcomes = driver().execute(commands);

    assertThat(outcomes).extracting(Outcome::command).containsExactlyElementsOf(commands);
    assertThat(outcomes)
        .extracting(outcome -> outcome.error() == null ? null : outcome.error().getClass())
        .isEqualTo(
            Arrays.asList(
                null,
                AlreadyExistsException.class,
                null,
                NotFoundException.class,
                AlreadyExistsException.class,
                null,
                null,
                NotFoundException.class,
                null,
                null,
                NotFoundException.class));
    assertHolds(web.addRealServer(server.weight(4)), dns);
    assertThat(driver().timeouts()).isEqualTo(Timeouts.ofSeconds(1, 2, 3));
  }

  @Test
  default void laterCommandsSeeWhatEarlierOnesDid() {
    VirtualService web = VirtualService.tcp("192.0.2.1", 80);
    done(
        new Command.AddService(web),
        new Command.RemoveService(web.key()),
        new Command.AddService(web),
        new Command.Flush(),
        new Command.AddService(web));
    assertHolds(web);
  }

  @Test
  default void largeBatchIsCarriedOutWhole() {
    List<Command> commands = new ArrayList<>();
    List<VirtualService> services = new ArrayList<>();
    for (int i = 0; i < largeBatch(); i++) {
      VirtualService service =
          VirtualService.tcp("192.0.2." + (i / 256 + 1), i + 1)
              .addRealServer("198.51.100." + (i % 250 + 1))
              .tunnel();
      services.add(service);
      commands.add(new Command.AddService(service));
      commands.add(new Command.AddServer(service.key(), service.realServers().get(0)));
      commands.add(new Command.RemoveService(ServiceKey.udp("192.0.2.1", i + 1)));
    }

    List<Outcome> outcomes = driver().execute(commands);

    assertThat(outcomes).hasSize(commands.size());
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      assertThat(outcome.command()).isSameAs(commands.get(i));
      if (outcome.command() instanceof Command.RemoveService) {
        assertThat(outcome.error()).isInstanceOf(NotFoundException.class);
      } else {
        assertThat(outcome.error()).as("%s", outcome.command()).isNull();
      }
    }
    for (Consistency consistency : Consistency.values()) {
      assertThat(driver().services(consistency))
          .extracting(state -> state.definition())
          .containsExactlyInAnyOrderElementsOf(services);
    }
  }

  @Test
  default void nullCommandIsRefusedBeforeAnythingIsDone() {
    List<Command> commands = Arrays.asList(new Command.AddService(VirtualService.fwmark(1)), null);
    assertThatNullPointerException().isThrownBy(() -> driver().execute(commands));
    assertHolds();
  }
}
