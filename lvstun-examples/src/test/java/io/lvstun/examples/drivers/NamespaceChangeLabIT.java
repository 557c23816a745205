// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.ApplyException;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Director;
import io.lvstun.DriverOptions;
import io.lvstun.NamespaceChangedException;
import io.lvstun.NetworkNamespace;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import io.lvstun.ipvsadm.IpvsadmDriverProvider;
import io.lvstun.netlink.NetlinkDriverProvider;
import io.lvstun.network.HostNetwork;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import io.lvstun.spi.Outcome;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A director belongs to one namespace for life: what a container's restart, here {@code ip netns
 * delete} and {@code add}, makes of one that is open, with {@code ipvsadm} as witness in both
 * namespaces.
 */
final class NamespaceChangeLabIT {

  private static final String NAME = "blue";

  /** Another name for the first namespace, by which it is seen when it has lost the first. */
  private static final String WITNESS = "blue-witness";

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  static List<IpvsDriverProvider> providers() {
    return List.of(new NetlinkDriverProvider(), new IpvsadmDriverProvider());
  }

  private static VirtualService service(int number) {
    return VirtualService.tcp("10.1.1." + number, 80)
        .scheduler(Scheduler.RR)
        .addRealServer("10.2.2." + number)
        .tunnel();
  }

  private static String shell(String script) {
    return DirectorNamespace.host("sh", "-ec", script);
  }

  private static void make(String name) {
    shell("ip netns add %1$s; ip -n %1$s link set lo up".formatted(name));
    shell("ip -n %1$s route add default dev lo".formatted(name));
  }

  private static void makeAnew() {
    shell("ip netns delete " + NAME);
    make(NAME);
  }

  private static String table(String name) {
    return shell("ip netns exec " + name + " ipvsadm -Sn");
  }

  @BeforeEach
  void makeNamespace() {
    make(NAME);
    shell(
        "touch /run/netns/%2$s; mount --bind /run/netns/%1$s /run/netns/%2$s"
            .formatted(NAME, WITNESS));
  }

  @AfterEach
  void deleteNamespaces() {
    shell(
        "for n in $(ip netns list | cut -d' ' -f1 | grep ^blue); do"
            + " ip netns exec $n ipvsadm -C; ip netns delete $n; done");
  }

  private static Director director(IpvsDriverProvider provider) {
    return Director.builder()
        .driver(provider.name())
        .networkNamespace(NAME)
        .deadline(DEADLINE)
        .open();
  }

  private static DriverOptions options(NetworkNamespace namespace) {
    return new DriverOptions(Optional.of(namespace), DEADLINE);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void namespaceMadeAnewIsToldAtTheNextCallAndReopenMovesToIt(IpvsDriverProvider provider) {
    try (Director director = director(provider)) {
      director.apply(service(1));
      String before = table(NAME);
      makeAnew();

      assertThatThrownBy(() -> director.apply(service(2)))
          .isInstanceOf(NamespaceChangedException.class)
          .hasMessageContaining("/run/netns/blue now refers to another network namespace")
          .hasMessageContaining("reopen()");
      assertThatThrownBy(director::services).isInstanceOf(NamespaceChangedException.class);
      assertThatThrownBy(() -> director.find(service(1).key()))
          .isInstanceOf(NamespaceChangedException.class);
      assertThatThrownBy(director::timeouts).isInstanceOf(NamespaceChangedException.class);
      assertThatThrownBy(director::connections).isInstanceOf(NamespaceChangedException.class);
      assertThatThrownBy(director::flush)
          .isInstanceOf(NamespaceChangedException.class)
          .hasMessageNotContaining("modprobe");
      assertThat(table(NAME)).isEmpty();
      assertThat(table(WITNESS)).isEqualTo(before);

      director.reopen();
      assertThat(director.services()).isEmpty();
      director.apply(service(2));
      assertThat(table(NAME)).contains("-A -t 10.1.1.2:80 -s rr").doesNotContain("10.1.1.1");
      assertThat(table(WITNESS)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void deletedNamespaceIsToldAndNotTakenForAMissingModule(IpvsDriverProvider provider) {
    try (Director director = director(provider)) {
      director.apply(service(1));
      String before = table(NAME);
      shell("ip netns delete " + NAME);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> director.replaceAll(service(2)))
            .isInstanceOf(NamespaceChangedException.class)
            .hasMessageContaining("the network namespace /run/netns/blue was deleted")
            .hasMessageNotContaining("modprobe");
      }
      assertThatThrownBy(director::reopen).hasMessageContaining("there is no such network");
      assertThatThrownBy(director::services).isInstanceOf(NamespaceChangedException.class);
      assertThat(table(WITNESS)).isEqualTo(before);
      make(NAME);
      director.reopen();
      director.apply(service(3));
      assertThat(table(NAME)).contains("-A -t 10.1.1.3:80");
    }
  }

  /** Between two steps of one call: what the report says is what the first namespace holds. */
  @ParameterizedTest
  @MethodSource("providers")
  void namespaceMadeAnewInTheMiddleOfReplaceAllLeavesATrueReport(IpvsDriverProvider provider) {
    AtomicInteger batches = new AtomicInteger();
    try (IpvsDriver real = provider.open(options(NetworkNamespace.named(NAME)));
        Director director =
            Director.on(
                before(
                    real,
                    () -> {
                      // The first batch adds, the second one removes.
                      if (batches.incrementAndGet() == 3) {
                        makeAnew();
                      }
                    }))) {
      director.apply(service(1), service(2));
      batches.set(1);
      ApplyException error =
          catchThrowableOfType(
              ApplyException.class, () -> director.replaceAll(service(2), service(3)));
      assertThat(error.getCause()).isInstanceOf(NamespaceChangedException.class);
      // Service and server of the new one were made, and could not be taken back by its name.
      assertThat(error.report().done()).hasSize(2);
      assertThat(error.report().failed())
          .isNotEmpty()
          .allMatch(failed -> failed.error() instanceof NamespaceChangedException);
      assertThat(error.report().undone()).isEmpty();
      assertThat(error.report().notUndone()).hasSize(2);
      assertThat(table(NAME)).isEmpty();
      assertThat(table(WITNESS))
          .contains("-A -t 10.1.1.1:80", "-A -t 10.1.1.2:80", "-A -t 10.1.1.3:80");
    }
  }

  /** The driver, with something done before each batch. */
  private static IpvsDriver before(IpvsDriver real, Runnable action) {
    return (IpvsDriver)
        Proxy.newProxyInstance(
            IpvsDriver.class.getClassLoader(),
            new Class<?>[] {IpvsDriver.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("execute")) {
                action.run();
              }
              try {
                return method.invoke(real, arguments);
              } catch (java.lang.reflect.InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** A process id that is used again leads elsewhere; one that is not, nowhere. */
  @ParameterizedTest
  @MethodSource("providers")
  void processThatEndedIsTold(IpvsDriverProvider provider) throws Exception {
    Process process =
        new ProcessBuilder("nsenter", "--net=/run/netns/" + NAME, "sleep", "600").start();
    try {
      shell(
          "until [ $(cat /proc/%1$d/comm) = sleep ]; do sleep 0.1; done".formatted(process.pid()));
      NetworkNamespace namespace = NetworkNamespace.ofProcess(process.pid());
      try (IpvsDriver driver = provider.open(options(namespace))) {
        assertThat(driver.execute(List.of(new Command.AddService(service(1).withoutRealServers()))))
            .extracting(Outcome::error)
            .containsOnlyNulls();
        assertThat(table(NAME)).contains("10.1.1.1");
        process.destroyForcibly().waitFor();
        assertThatThrownBy(() -> driver.services(Consistency.VERIFIED))
            .isInstanceOf(NamespaceChangedException.class)
            .hasMessageContaining("process " + process.pid())
            .hasMessageContaining("has ended");
        assertThat(driver.execute(List.of(new Command.Flush())).get(0).error())
            .isInstanceOf(NamespaceChangedException.class);
        assertThat(table(NAME)).contains("10.1.1.1");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** The kernel hands process ids out in order: the next one can be set. */
  @ParameterizedTest
  @MethodSource("providers")
  void processIdThatIsUsedAgainIsTold(IpvsDriverProvider provider) throws Exception {
    Process process =
        new ProcessBuilder("nsenter", "--net=/run/netns/" + NAME, "sleep", "600").start();
    long pid = process.pid();
    try (Director director = openInProcess(provider, process)) {
      director.apply(service(1));
      String before = table(NAME);
      process.destroyForcibly().waitFor();
      useAgain(pid);
      try {
        assertThatThrownBy(() -> director.apply(service(2)))
            .isInstanceOf(NamespaceChangedException.class)
            .hasMessageContaining("process " + pid + " is now in another network namespace")
            .hasMessageContaining("reopen()");
        assertThatThrownBy(director::services).isInstanceOf(NamespaceChangedException.class);
        assertThat(table(NAME)).isEqualTo(before);
        assertThat(shell("ipvsadm -Sn")).isEmpty();
        director.reopen();
        assertThat(director.services()).isEmpty();
      } finally {
        shell("kill -9 " + pid);
      }
    }
  }

  private static Director openInProcess(IpvsDriverProvider provider, Process process) {
    shell("until [ $(cat /proc/%1$d/comm) = sleep ]; do sleep 0.1; done".formatted(process.pid()));
    return Director.builder()
        .driver(provider.name())
        .networkNamespace(NetworkNamespace.ofProcess(process.pid()))
        .deadline(DEADLINE)
        .open();
  }

  /** Starts a process with this id in the guest's own namespace. */
  private static void useAgain(long pid) {
    shell(
        """
        n=0
        while [ "$(cat /proc/%1$d/comm 2>/dev/null)" != sleep ]; do
          n=$((n + 1)); [ $n -lt 50 ]
          echo $((%1$d - 1)) > /proc/sys/kernel/ns_last_pid; setsid sleep 600 >/dev/null 2>&1 &
          p=$!; [ $p = %1$d ] || kill -9 $p; sleep 0.1
        done
        """
            .formatted(pid));
  }

  @Test
  void hostByNameIsNotTakenToAnotherNamespace() {
    HostCommand count = HostCommand.of("ipvsadm", "-A", "-t", "10.1.1.9:80", "-s", "rr");
    for (int i = 0; i < 5; i++) {
      Host host = Host.netns(NAME);
      assertThat(host.run(count).exitCode()).isZero();
      assertThat(table(NAME)).contains("10.1.1.9:80");
      makeAnew();
      assertThatThrownBy(() -> host.run(count))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("namespace blue was deleted, and a new one created under this name")
          .hasMessageContaining("Create a new Host");
      assertThat(table(NAME)).isEmpty();
      assertThat(Host.netns(NAME).run(count).exitCode()).isZero();
      makeAnew();
    }
  }

  @Test
  void hostNetworkStaysInItsNamespaceToo() {
    try (HostNetwork network = HostNetwork.open(options(NetworkNamespace.named(NAME)))) {
      assertThat(network.link("lo")).isPresent();
      makeAnew();
      assertThatThrownBy(network::links)
          .isInstanceOf(NamespaceChangedException.class)
          .hasMessageContaining("read links");
      assertThatThrownBy(() -> network.setUp("lo", false))
          .isInstanceOf(NamespaceChangedException.class);
      assertThat(shell("ip -n " + NAME + " -br link show lo")).contains("UP");
    }
  }
}
