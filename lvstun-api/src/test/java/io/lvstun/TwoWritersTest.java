// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.memory.Fault;
import io.lvstun.memory.Faults;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Directors that want different things write at the same time, on one table. */
final class TwoWritersTest {

  private static final VirtualService DNS = VirtualService.udp("192.0.2.2", 53);

  private static VirtualService web(String... servers) {
    VirtualService web = VirtualService.tcp("192.0.2.1", 80).scheduler(Scheduler.RR);
    for (String server : servers) {
      web = web.addRealServer(server).tunnel();
    }
    return web;
  }

  private static List<VirtualService> table(MemoryDriver driver) {
    return driver.services(Consistency.SINGLE_PASS).stream().map(ServiceState::definition).toList();
  }

  /** A director whose time passes with each look at the clock, and that waits for nothing. */
  private static DriverDirector director(IpvsDriver driver, OnFailure onFailure) {
    AtomicLong now = new AtomicLong();
    return new DriverDirector(
        driver,
        null,
        onFailure,
        new DriverDirector.Settings(
            Duration.ofMillis(40), true, null, () -> now.addAndGet(1_000_000), time -> {}));
  }

  @Test
  void writeThatAnotherProgramUndidMeanwhileIsBroughtAboutAgain() {
    AtomicReference<Runnable> other = new AtomicReference<>();
    MemoryDriver mine =
        MemoryDriver.builder()
            .faults(
                command -> {
                  Runnable run = other.getAndSet(null);
                  if (run != null) {
                    run.run();
                  }
                  return Fault.NONE;
                })
            .open();
    Director one = Director.on(mine);
    Director two = Director.on(mine.sibling());
    two.create(web("10.0.0.1", "10.0.0.3"));
    other.set(() -> two.replaceAll(web("10.0.0.3", "10.0.0.4"), DNS));
    one.replaceAll(web("10.0.0.1", "10.0.0.2"));
    assertThat(table(mine)).containsExactly(web("10.0.0.1", "10.0.0.2"));
  }

  @Test
  void planThatAnotherProgramUndidMeanwhileIsBroughtAboutAgain() {
    AtomicReference<Runnable> other = new AtomicReference<>();
    MemoryDriver mine = MemoryDriver.builder().faults(once(other)).open();
    Director one = Director.on(mine);
    Director two = Director.on(mine.sibling());
    two.create(web("10.0.0.1"));
    Plan plan = one.plan(web("10.0.0.1", "10.0.0.2"));
    other.set(() -> two.removeRealServer(web().key(), ServerKey.of("10.0.0.2", 80)));
    ApplyReport report = one.apply(plan);
    assertThat(report).hasToString("2 done");
    assertThat(table(mine)).containsExactly(web("10.0.0.1", "10.0.0.2"));
  }

  /** Runs something once, before the first read that follows a command. */
  private static Faults once(AtomicReference<Runnable> other) {
    return new Faults() {
      private boolean written;

      @Override
      public Fault command(Command command) {
        written = true;
        return Fault.NONE;
      }

      @Override
      public Fault read(String operation) {
        Runnable run = written ? other.getAndSet(null) : null;
        if (run != null) {
          run.run();
        }
        return Fault.NONE;
      }
    };
  }

  @Test
  void editKeepsWhatAnotherProgramChangesElsewhereInTheService() {
    AtomicReference<Runnable> other = new AtomicReference<>();
    MemoryDriver mine = MemoryDriver.builder().faults(once(other)).open();
    Director one = Director.on(mine);
    Director two = Director.on(mine.sibling());
    two.create(web("10.0.0.1", "10.0.0.2"));
    other.set(() -> two.setWeight(web().key(), ServerKey.of("10.0.0.2", 80), 5));
    one.edit(web().key(), it -> it.realServer("10.0.0.1", server -> server.weight(3)));
    assertThat(table(mine))
        .containsExactly(
            web("10.0.0.1", "10.0.0.2")
                .realServer("10.0.0.1", server -> server.weight(3))
                .realServer("10.0.0.2", server -> server.weight(5)));
  }

  @Test
  void programThatNeverStopsInterferingMakesApplyFailWithWhatDiffers() {
    MemoryDriver[] driver = new MemoryDriver[1];
    Faults meddler =
        new Faults() {
          @Override
          public Fault command(Command command) {
            return Fault.NONE;
          }

          @Override
          public Fault read(String operation) {
            // Takes away what is there, before each reading.
            try (MemoryDriver sibling = driver[0].sibling()) {
              var unused =
                  sibling.execute(
                      List.of(new Command.RemoveServer(web().key(), ServerKey.of("10.0.0.2", 80))));
            }
            return Fault.NONE;
          }
        };
    driver[0] = MemoryDriver.builder().faults(meddler).open();
    Director director = director(driver[0], OnFailure.ROLL_BACK);
    ApplyException e =
        catchThrowableOfType(
            ApplyException.class, () -> director.apply(web("10.0.0.1", "10.0.0.2")));
    assertThat(e.report().differing()).hasToString("[+ TCP 192.0.2.1:80 -> 10.0.0.2:80 Tunnel 1]");
    assertThat(e.reason())
        .contains("another program kept changing the same services until")
        .contains("still to change: + TCP 192.0.2.1:80 -> 10.0.0.2:80 Tunnel 1");
    assertThat(e.report().undone()).isEmpty();
    assertThat(table(driver[0].sibling())).containsExactly(web("10.0.0.1", "10.0.0.2"));
  }

  @Test
  void nothingIsReadBackWhenNothingWasWritten() {
    List<String> reads = new ArrayList<>();
    Faults counting =
        new Faults() {
          @Override
          public Fault command(Command command) {
            reads.add(command.operation());
            return Fault.NONE;
          }

          @Override
          public Fault read(String operation) {
            reads.add(operation);
            return Fault.NONE;
          }
        };
    MemoryDriver driver = MemoryDriver.builder().faults(counting).open();
    Director director = Director.on(driver);
    director.apply(web("10.0.0.1"), DNS);
    reads.clear();
    director.apply(web("10.0.0.1"), DNS);
    assertThat(reads).containsExactly("read service", "read service");
    reads.clear();
    director.apply(web("10.0.0.1", "10.0.0.2"), DNS);
    assertThat(reads)
        .containsExactly("read service", "read service", "add real server", "read service");
  }

  @Test
  void servicesOfStrangersAreReadOnceAtMost() {
    List<String> reads = new ArrayList<>();
    Faults counting =
        new Faults() {
          @Override
          public Fault command(Command command) {
            return Fault.NONE;
          }

          @Override
          public Fault read(String operation) {
            reads.add(operation);
            return Fault.NONE;
          }
        };
    MemoryDriver driver = MemoryDriver.builder().faults(counting).open();
    try (MemoryDriver stranger = driver.sibling()) {
      List<Command> strangers = new ArrayList<>();
      for (int mark = 1; mark <= 300; mark++) {
        strangers.add(new Command.AddService(VirtualService.fwmark(mark)));
      }
      var unused = stranger.execute(strangers);
    }
    Director director = Director.on(driver);
    List<VirtualService> twenty = new ArrayList<>();
    for (int port = 1; port <= 20; port++) {
      twenty.add(VirtualService.tcp("192.0.2.1", port).addRealServer("10.0.0.1").tunnel());
    }
    director.apply(twenty);
    // Nothing was known of the table for the plan; what was written is read back by itself.
    assertThat(reads.get(0)).isEqualTo("read services");
    assertThat(reads.subList(1, reads.size())).hasSize(20).containsOnly("read service");
    reads.clear();
    director.apply(twenty);
    assertThat(reads).hasSize(20).containsOnly("read service");
    reads.clear();
    for (int port = 21; port <= 40; port++) {
      twenty.add(VirtualService.tcp("192.0.2.1", port).addRealServer("10.0.0.1").tunnel());
    }
    director.apply(twenty);
    // 40 of 320: the whole table costs less; of the 20 that were written, each by itself.
    assertThat(reads.get(0)).isEqualTo("read services");
    assertThat(reads.subList(1, reads.size())).hasSize(20).containsOnly("read service");
  }

  // -- any order of steps

  /** Lets one of several writers take a step at a time, which one a seed decides. */
  private static final class Turns {

    private final Random random;
    private final boolean[] alive;
    private int turn = -1;

    Turns(Random random, int writers) {
      this.random = random;
      alive = new boolean[writers];
      java.util.Arrays.fill(alive, true);
    }

    synchronized void begin() {
      choose();
    }

    synchronized void step(int writer) {
      choose();
      await(writer);
    }

    synchronized void end(int writer) {
      alive[writer] = false;
      choose();
    }

    synchronized void await(int writer) {
      boolean interrupted = false;
      while (turn != writer) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private void choose() {
      int count = 0;
      for (boolean each : alive) {
        count += each ? 1 : 0;
      }
      if (count == 0) {
        turn = -1;
        return;
      }
      int chosen = random.nextInt(count);
      for (int i = 0; i < alive.length; i++) {
        if (alive[i] && chosen-- == 0) {
          turn = i;
        }
      }
      notifyAll();
    }
  }

  private static final class Writer implements Runnable {

    private final int number;
    private final Turns turns;
    private final MemoryDriver table;
    private final Director director;
    private final boolean all;
    private final List<VirtualService> wanted;
    private final List<String> faults;

    /** What the table was at each reading since the writer's last command. */
    private final List<List<VirtualService>> seen = new ArrayList<>();

    Writer(int number, Turns turns, MemoryDriver table, Random random, List<String> faults) {
      this.number = number;
      this.turns = turns;
      this.table = table;
      this.faults = faults;
      all = random.nextBoolean();
      wanted = wish(random);
      Faults steps =
          new Faults() {
            @Override
            public Fault command(Command command) {
              turns.step(number);
              seen.clear();
              return Fault.NONE;
            }

            @Override
            public Fault read(String operation) {
              turns.step(number);
              seen.add(table(table));
              return Fault.NONE;
            }
          };
      director = director(table.sibling(steps), OnFailure.ROLL_BACK);
    }

    private List<VirtualService> written(ApplyReport report) {
      Set<ServiceKey> keys =
          report.done().stream()
              .map(change -> Application.ServicesOf.command(change.command()))
              .collect(Collectors.toSet());
      return wanted.stream().filter(service -> keys.contains(service.key())).toList();
    }

    private static List<VirtualService> wish(Random random) {
      List<VirtualService> wanted = new ArrayList<>();
      VirtualService web = web();
      for (int i = 1; i <= 4; i++) {
        if (random.nextBoolean()) {
          int weight = 1 + random.nextInt(2);
          web = web.addRealServer("10.0.0." + i).weight(weight).tunnel();
        }
      }
      wanted.add(web.realServers().isEmpty() ? web("10.0.0.5") : web);
      if (random.nextBoolean()) {
        wanted.add(DNS.scheduler(random.nextBoolean() ? Scheduler.RR : Scheduler.WLC));
      }
      return wanted;
    }

    @Override
    public void run() {
      turns.await(number);
      try {
        ApplyReport report = all ? director.replaceAll(wanted) : director.apply(wanted);
        for (VirtualService service : written(report)) {
          if (seen.stream().noneMatch(table -> table.contains(service))) {
            faults.add("writer " + number + " reports success, but read " + seen);
          }
        }
        // The whole table is read at once, and nobody else has had a turn since.
        if (all && !Set.copyOf(table(table)).equals(Set.copyOf(wanted))) {
          faults.add("writer " + number + " wanted " + wanted + ", not " + table(table));
        }
      } catch (ApplyException e) {
        if (e.report().differing().isEmpty()) {
          faults.add("writer " + number + " fails without a difference: " + e);
        }
      } catch (RuntimeException e) {
        faults.add("writer " + number + ": " + e);
      } finally {
        turns.end(number);
      }
    }
  }

  @Test
  void whateverTheOrderOfStepsNoMixtureIsReportedAsSuccess() throws InterruptedException {
    long first = Long.getLong("lvstun.seed", 1);
    int seeds = Integer.getInteger("lvstun.interleavings", 2_000);
    for (long seed = first; seed < first + seeds; seed++) {
      List<String> faults = interleave(seed);
      assertThat(faults).as("-Dlvstun.seed=%d", seed).isEmpty();
    }
  }

  private static List<String> interleave(long seed) throws InterruptedException {
    Random random = new Random(seed);
    List<String> faults = new ArrayList<>();
    int count = 2 + random.nextInt(3);
    try (MemoryDriver table = MemoryDriver.open()) {
      Director.on(table).create(web("10.0.0.1", "10.0.0.3"));
      Turns turns = new Turns(random, count);
      List<Thread> threads = new ArrayList<>();
      List<Writer> writers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Writer writer = new Writer(i, turns, table, random, faults);
        writers.add(writer);
        Thread thread = new Thread(writer);
        threads.add(thread);
        thread.start();
      }
      turns.begin();
      for (Thread thread : threads) {
        thread.join();
      }
      int fewest =
          writers.stream()
              .mapToInt(writer -> writer.wanted.get(0).realServers().size())
              .min()
              .orElseThrow();
      int left = table.service(web().key()).map(state -> state.servers().size()).orElse(0);
      if (left < fewest) {
        faults.add("emptier than every wish: " + table(table));
      }
      return faults;
    }
  }
}
