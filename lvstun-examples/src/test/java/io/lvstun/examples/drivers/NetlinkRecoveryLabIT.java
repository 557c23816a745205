// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.DriverOptions;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.TimeoutException;
import io.lvstun.VirtualService;
import io.lvstun.netlink.NetlinkDriverProvider;
import io.lvstun.netlink.ipvs.NetlinkDriver;
import io.lvstun.netlink.socket.NetlinkSocket;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Queues that overflow, sockets that are busy, answers that are lost and modules that are loaded
 * again: what the netlink driver makes of them on a real kernel, with {@code ipvsadm} as witness.
 */
final class NetlinkRecoveryLabIT {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final int NLM_F_DUMP = 0x300;
  private static final int ENOBUFS = 105;
  private static final int QUEUE = 1024 * 1024;
  private static final String IPIP = "--tun-type ipip";

  private DirectorNamespace namespace;

  @BeforeEach
  void makeNamespace() {
    namespace = new DirectorNamespace();
  }

  @AfterEach
  void deleteNamespace() {
    namespace.close();
  }

  private static NetlinkDriver driver(DisturbedSockets sockets, Duration deadline) {
    return new NetlinkDriver(sockets, deadline, System.getProperty("os.version"));
  }

  private IpvsDriver driver() {
    return new NetlinkDriverProvider()
        .open(new DriverOptions(Optional.of(namespace.namespace()), DEADLINE));
  }

  private static void done(IpvsDriver driver, Command... commands) {
    assertThat(driver.execute(List.of(commands))).extracting(Outcome::error).containsOnlyNulls();
  }

  private List<String> rules() {
    return namespace.run("ipvsadm", "-Sn").lines().toList();
  }

  // -- ENOBUFS ------------------------------------------------------------------------------------

  /** The queue takes some six errors, and the driver believes that it takes eight hundred. */
  @Test
  void answersThatOverflowTheQueueAreRecovered() {
    AtomicInteger overruns = new AtomicInteger();
    DisturbedSockets sockets =
        new DisturbedSockets(namespace.namespace(), 2304) {
          @Override
          int queueBytes(NetlinkSocket real) {
            return QUEUE;
          }

          @Override
          int receive(NetlinkSocket real, ByteBuffer into) {
            int result = super.receive(real, into);
            if (result == -ENOBUFS) {
              overruns.incrementAndGet();
            }
            return result;
          }
        };
    int count = 60;
    List<Command> services = new ArrayList<>();
    List<Command> commands = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      VirtualService service = VirtualService.fwmark(i).scheduler(Scheduler.RR);
      services.add(new Command.AddService(service));
      // Refused, so that the kernel has an error to queue for each.
      commands.add(new Command.AddService(service.scheduler(Scheduler.WRR)));
      commands.add(new Command.AddServer(service.key(), RealServer.tunnel("198.51.100." + i)));
    }
    List<Outcome> outcomes;
    try (NetlinkDriver driver = driver(sockets, DEADLINE)) {
      done(driver, services.toArray(Command[]::new));
      outcomes = driver.execute(commands);
    }
    assertThat(overruns).as("how often the kernel said ENOBUFS").hasPositiveValue();
    for (int i = 0; i < outcomes.size(); i += 2) {
      assertThat(outcomes.get(i).error())
          .isExactlyInstanceOf(AlreadyExistsException.class)
          .hasMessage(
              "cannot add service FWM %d (netlink): service already exists [17]."
                  + " Edit it instead, or use apply",
              i / 2 + 1);
      assertThat(outcomes.get(i + 1).error()).as("%s", outcomes.get(i + 1)).isNull();
    }
    assertThat(rules()).hasSize(2 * count).doesNotHaveDuplicates();
    assertThat(rules()).contains("-A -f 60 -s rr", "-a -f 60 -r 198.51.100.60:0 -i -w 1 " + IPIP);
  }

  // -- EBUSY --------------------------------------------------------------------------------------

  /** Before the driver's own dump the same socket begins another, which nobody reads. */
  @Test
  void socketThatIsBusyWithAnotherDumpIsReplaced() {
    AtomicInteger dumps = new AtomicInteger();
    DisturbedSockets sockets =
        new DisturbedSockets(namespace.namespace(), QUEUE) {
          @Override
          void send(NetlinkSocket real, ByteBuffer datagram) {
            if (isDump(datagram) && dumps.getAndIncrement() == 0) {
              beginAnotherDump(real, datagram);
            }
            super.send(real, datagram);
          }
        };
    try (NetlinkDriver driver = driver(sockets, DEADLINE)) {
      done(driver, new Command.AddService(WEB));
      assertThat(driver.services(Consistency.VERIFIED)).hasSize(1);
      assertThat(dumps).as("dumps, of which one was refused").hasValueGreaterThan(1);
      assertThat(rules()).containsExactly("-A -t 192.0.2.1:80 -s wlc");
    }
  }

  @Test
  void socketsThatAreAlwaysBusyAreReportedAtTheDeadline() {
    DisturbedSockets sockets =
        new DisturbedSockets(namespace.namespace(), QUEUE) {
          @Override
          void send(NetlinkSocket real, ByteBuffer datagram) {
            if (isDump(datagram)) {
              beginAnotherDump(real, datagram);
            }
            super.send(real, datagram);
          }
        };
    try (NetlinkDriver driver = driver(sockets, Duration.ofSeconds(1))) {
      done(driver, new Command.AddService(WEB));
      assertThat(
              catchThrowableOfType(
                  LvsException.class, () -> driver.services(Consistency.SINGLE_PASS)))
          .isExactlyInstanceOf(TimeoutException.class)
          .hasMessage(
              "cannot read services (netlink): the kernel was busy with another dump until the"
                  + " deadline. Nothing was changed: try again");
    }
  }

  private static boolean isDump(ByteBuffer datagram) {
    return (datagram.getShort(6) & NLM_F_DUMP) == NLM_F_DUMP;
  }

  private static void beginAnotherDump(NetlinkSocket real, ByteBuffer dump) {
    ByteBuffer other = ByteBuffer.allocateDirect(dump.position()).order(ByteOrder.nativeOrder());
    other.put(dump.duplicate().flip());
    other.putInt(8, 0x7eeeeeee);
    real.send(other);
  }

  /** Whoever reads or writes meanwhile, the exchange of a scheduler is never refused. */
  @Test
  void schedulersAreExchangedWhileOthersReadAndWrite() throws Exception {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicBoolean writing = new AtomicBoolean(true);
    try (IpvsDriver driver = driver()) {
      done(
          driver,
          new Command.AddService(WEB),
          new Command.AddServer(WEB.key(), RealServer.tunnel("198.51.100.1").port(80)));
      Runnable reader =
          () -> {
            while (writing.get()) {
              assertThat(driver.services(Consistency.VERIFIED)).hasSize(1);
            }
          };
      Runnable editor =
          () -> {
            int weight = 0;
            while (writing.get()) {
              RealServer server = RealServer.tunnel("198.51.100.1").port(80);
              done(driver, new Command.EditServer(WEB.key(), server.weight(weight++ % 9)));
            }
          };
      Runnable exchanger =
          () -> {
            for (int i = 0; i < 20; i++) {
              for (Scheduler scheduler : List.of(Scheduler.RR, Scheduler.SH, Scheduler.WLC)) {
                done(driver, new Command.EditService(WEB.scheduler(scheduler)));
              }
            }
          };
      List<Thread> others = List.of(thread(reader, failures), thread(editor, failures));
      List<Thread> exchangers = List.of(thread(exchanger, failures), thread(exchanger, failures));
      for (Thread thread : exchangers) {
        thread.join();
      }
      writing.set(false);
      for (Thread thread : others) {
        thread.join();
      }
      assertThat(failures).isEmpty();
      done(driver, new Command.EditService(WEB.scheduler(Scheduler.SH)));
    }
    assertThat(rules().get(0)).isEqualTo("-A -t 192.0.2.1:80 -s sh");
  }

  private static Thread thread(Runnable task, Queue<Throwable> failures) {
    Thread thread = new Thread(task);
    thread.setUncaughtExceptionHandler((failed, error) -> failures.add(error));
    thread.start();
    return thread;
  }

  // -- lost answers -------------------------------------------------------------------------------

  /** Sockets on which, from a moment on, one send goes unanswered or does not even arrive. */
  private final class Silence extends DisturbedSockets {

    private final boolean arrives;
    private final AtomicBoolean armed = new AtomicBoolean();
    private volatile NetlinkSocket silent;

    Silence(boolean arrives) {
      super(namespace.namespace(), QUEUE);
      this.arrives = arrives;
    }

    @Override
    void send(NetlinkSocket real, ByteBuffer datagram) {
      if (armed.getAndSet(false)) {
        silent = real;
        if (!arrives) {
          return;
        }
      }
      super.send(real, datagram);
    }

    @Override
    int receive(NetlinkSocket real, ByteBuffer into) {
      return real == silent ? -EAGAIN : super.receive(real, into);
    }
  }

  @Test
  void writeWhoseAnswerIsLostIsFoundDone() {
    Silence sockets = new Silence(true);
    RealServer server = RealServer.tunnel("198.51.100.1").port(80);
    try (NetlinkDriver driver = driver(sockets, Duration.ofSeconds(2))) {
      sockets.armed.set(true);
      done(driver, new Command.AddService(WEB), new Command.AddServer(WEB.key(), server));
      assertThat(sockets.silent).isNotNull();
      assertThat(driver.service(WEB.key())).as("on another socket").isPresent();
    }
    assertThat(rules())
        .containsExactly(
            "-A -t 192.0.2.1:80 -s wlc", "-a -t 192.0.2.1:80 -r 198.51.100.1:80 -i -w 1 " + IPIP);
  }

  @Test
  void writeThatIsLostItselfIsReportedAsNotDone() {
    Silence sockets = new Silence(false);
    try (NetlinkDriver driver = driver(sockets, Duration.ofSeconds(2))) {
      sockets.armed.set(true);
      assertThat(driver.execute(List.of(new Command.AddService(WEB))).get(0).error())
          .isExactlyInstanceOf(TimeoutException.class)
          .hasMessage(
              "cannot add service TCP 192.0.2.1:80 (netlink): the kernel did not answer before the"
                  + " deadline; the state read afterwards shows that it was not carried out");
      assertThat(rules()).isEmpty();
      done(driver, new Command.AddService(WEB));
      assertThat(rules()).containsExactly("-A -t 192.0.2.1:80 -s wlc");
    }
  }

  // -- the module ---------------------------------------------------------------------------------

  @Test
  void moduleThatIsLoadedAgainIsFoundAgain() {
    try (IpvsDriver driver = driver()) {
      done(driver, new Command.AddService(WEB));
      unload();
      DirectorNamespace.host("modprobe", "ip_vs");
      // A read is the first to notice.
      assertThat(driver.services(Consistency.VERIFIED)).isEmpty();
      done(driver, new Command.AddService(WEB));
      assertThat(rules()).containsExactly("-A -t 192.0.2.1:80 -s wlc");
      unload();
      // A command is, and it makes the kernel load the module by itself.
      done(driver, new Command.AddService(WEB), new Command.Flush(), new Command.AddService(WEB));
      assertThat(driver.service(WEB.key())).isPresent();
      assertThat(rules()).containsExactly("-A -t 192.0.2.1:80 -s wlc");
    }
  }

  @Test
  void moduleThatCannotBeLoadedIsNamed() {
    DriverOptions options = new DriverOptions(Optional.of(namespace.namespace()), DEADLINE);
    String helper = DirectorNamespace.host("sysctl", "-n", "kernel.modprobe").strip();
    try (IpvsDriver driver = driver()) {
      unload();
      DirectorNamespace.host("sysctl", "-qw", "kernel.modprobe=/bin/false");
      String reason =
          "not found (the kernel has no generic netlink family IPVS) [2]."
              + " Load the module: modprobe ip_vs";
      assertThat(
              catchThrowableOfType(
                  LvsException.class, () -> new NetlinkDriverProvider().open(options)))
          .isExactlyInstanceOf(NotFoundException.class)
          .hasMessage("cannot read info (netlink): " + reason);
      assertThat(catchThrowableOfType(LvsException.class, driver::timeouts))
          .isExactlyInstanceOf(NotFoundException.class)
          .hasMessage("cannot read timeouts (netlink): " + reason);
      assertThat(driver.execute(List.of(new Command.AddService(WEB))).get(0).error())
          .isExactlyInstanceOf(NotFoundException.class)
          .hasMessageContaining("cannot add service TCP 192.0.2.1:80 (netlink): not found")
          .hasMessageEndingWith("Load the module: modprobe ip_vs");
      DirectorNamespace.host("sysctl", "-qw", "kernel.modprobe=" + helper);
      done(driver, new Command.AddService(WEB));
      assertThat(rules()).containsExactly("-A -t 192.0.2.1:80 -s wlc");
    } finally {
      DirectorNamespace.host("sysctl", "-qw", "kernel.modprobe=" + helper);
    }
  }

  /** Removes ip_vs and all modules that use it; services hold it, in whatever namespace. */
  private static void unload() {
    DirectorNamespace.host(
        "bash",
        "-c",
        """
        for ns in $(ip netns list | cut -d' ' -f1); do ip netns exec $ns ipvsadm -C; done
        ipvsadm -C
        for try in $(seq 100); do
          rmmod $(lsmod | awk '/^ip_vs_/ { print $1 }') ip_vs && exit 0
          sleep 0.2
        done
        lsmod | grep ip_vs
        exit 1
        """);
  }
}
