// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import static io.lvstun.spi.Aftermath.Fate.DONE;
import static io.lvstun.spi.Aftermath.Fate.NOT_DONE;
import static io.lvstun.spi.Aftermath.Fate.UNKNOWN;
import static io.lvstun.spi.Aftermath.Fate.WITHOUT_TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Fates are held against a table in memory, on which commands were carried out or not. */
class AftermathTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  private static final VirtualService DNS = VirtualService.udp("192.0.2.1", 53);
  private static final RealServer ONE = RealServer.tunnel("192.0.2.11");

  private static Aftermath.Readings readings(IpvsDriver driver) {
    return new Aftermath.Readings() {
      @Override
      public List<ServiceState> services() {
        return driver.services(Consistency.VERIFIED);
      }

      @Override
      public Optional<ServiceState> service(ServiceKey key) {
        return driver.service(key);
      }

      @Override
      public Timeouts timeouts() {
        return driver.timeouts();
      }

      @Override
      public List<SyncDaemon> syncDaemons() {
        return driver.syncDaemons();
      }
    };
  }

  private static List<Command> commands() {
    return List.of(
        new Command.AddService(WEB),
        new Command.AddService(DNS),
        new Command.EditService(WEB.scheduler(io.lvstun.Scheduler.RR)),
        new Command.AddServer(WEB.key(), ONE),
        new Command.EditServer(WEB.key(), ONE.weight(7)),
        new Command.RemoveServer(WEB.key(), ONE.key()),
        new Command.RemoveService(WEB.key()),
        new Command.StartDaemon(SyncDaemon.master("eth0").syncId(3)),
        new Command.StopDaemon(SyncDaemon.Role.MASTER),
        new Command.SetTimeouts(Timeouts.ofSeconds(7, 0, 9)),
        new Command.Flush());
  }

  /** What was carried out is never told to be not done; the last command's fate is always known. */
  @Test
  void fatesAreTrueAfterRandomBatches() {
    long seed = Long.getLong("lvstun.seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      try (IpvsDriver driver = MemoryDriver.builder().networkInterface("eth0", 1500).open()) {
        List<Command> sent = new ArrayList<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
          sent.add(commands().get(random.nextInt(commands().size())));
        }
        boolean[] done = new boolean[sent.size()];
        int[] errors = new int[sent.size()];
        for (int i = 0; i < sent.size(); i++) {
          done[i] = driver.execute(List.of(sent.get(i))).get(0).failure().isEmpty();
          errors[i] = random.nextBoolean() ? -1 : done[i] ? 0 : 2;
        }
        List<Aftermath.Fate> fates = Aftermath.of(sent, errors, readings(driver));
        String what = "seed " + seed + ": " + sent + " " + fates;
        for (int i = 0; i < sent.size(); i++) {
          if (errors[i] < 0) {
            assertThat(done[i] && fates.get(i) == NOT_DONE).as(what).isFalse();
          } else {
            assertThat(fates.get(i)).as(what).isEqualTo(UNKNOWN);
          }
        }
        int last = sent.size() - 1;
        if (errors[last] < 0 && done[last]) {
          assertThat(fates.get(last)).as(what).isEqualTo(DONE);
        }
      }
    }
  }

  @Test
  void whatWasNotCarriedOutIsSeen() {
    try (IpvsDriver driver = MemoryDriver.builder().networkInterface("eth0", 1500).open()) {
      Aftermath.Readings readings = readings(driver);
      assertThat(Aftermath.of(new Command.AddService(WEB), readings)).isEqualTo(NOT_DONE);
      assertThat(Aftermath.of(new Command.AddServer(WEB.key(), ONE), readings)).isEqualTo(NOT_DONE);
      assertThat(
              Aftermath.of(new Command.StartDaemon(SyncDaemon.master("eth0").syncId(3)), readings))
          .isEqualTo(NOT_DONE);
      assertThat(Aftermath.of(new Command.SetTimeouts(Timeouts.ofSeconds(7, 0, 0)), readings))
          .isEqualTo(NOT_DONE);
      assertThat(Aftermath.of(new Command.Zero(Optional.empty()), readings))
          .isEqualTo(WITHOUT_TRACE);
      var unused = driver.execute(List.of(new Command.AddService(WEB)));
      assertThat(Aftermath.of(new Command.RemoveService(WEB.key()), readings)).isEqualTo(NOT_DONE);
      assertThat(Aftermath.of(new Command.Flush(), readings)).isEqualTo(NOT_DONE);
    }
  }

  @Test
  void laterCommandsHideEarlierOnes() {
    try (IpvsDriver driver = MemoryDriver.builder().open()) {
      List<Command> sent =
          List.of(new Command.AddService(WEB), new Command.RemoveService(WEB.key()));
      assertThat(Aftermath.of(sent, new int[] {-1, -1}, readings(driver)))
          .containsExactly(UNKNOWN, DONE);
      assertThat(Aftermath.of(sent, new int[] {-1, 2}, readings(driver)))
          .containsExactly(NOT_DONE, UNKNOWN);
    }
  }
}
