// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Opening, closing, sharing between threads, and what a driver says of itself. */
public interface LifecycleContract extends DriverContract {

  /** How many changes each thread makes. A driver that starts a process for each wants fewer. */
  default int changesPerThread() {
    return 50;
  }

  @Test
  default void nameIsShort() {
    assertThat(driver().name()).matches("[a-z]{1,15}");
  }

  @Test
  default void everyMissingCapabilityHasAReason() {
    Map<Capability, String> missing = driver().missing();
    assertThat(missing.values()).allSatisfy(reason -> assertThat(reason).hasSizeGreaterThan(15));
  }

  @Test
  default void closedDriverThrowsIllegalState() {
    IpvsDriver driver = another();
    driver.close();
    driver.close();
    assertThat(driver.name()).isEqualTo(driver().name());
    assertThat(driver.missing()).isEqualTo(driver().missing());
    List<Callable<Object>> calls =
        List.of(
            () -> driver.execute(List.of(new Command.Flush())),
            () -> driver.execute(List.of()),
            () -> driver.services(Consistency.SINGLE_PASS),
            () -> driver.services(Consistency.VERIFIED),
            () -> driver.service(ServiceKey.fwmark(1)),
            driver::timeouts,
            driver::syncDaemons,
            driver::info,
            driver::connections);
    for (Callable<Object> call : calls) {
      assertThatIllegalStateException().isThrownBy(call::call).withMessageContaining("closed");
    }
  }

  @Test
  default void closingOneDriverLeavesAnotherAndTheTables() {
    add(VirtualService.fwmark(1));
    IpvsDriver other = another();
    assertThat(other.service(ServiceKey.fwmark(1))).isPresent();
    assertThat(other.execute(List.of(new Command.AddService(VirtualService.fwmark(2)))))
        .allSatisfy(outcome -> assertThat(outcome.error()).isNull());
    other.close();
    assertHolds(VirtualService.fwmark(1), VirtualService.fwmark(2));
  }

  @Test
  default void threadsShareADriver() throws Exception {
    VirtualService lasting = VirtualService.tcp("192.0.2.1", 80);
    add(lasting.addRealServer("198.51.100.1").tunnel());
    AtomicBoolean writing = new AtomicBoolean(true);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> writers = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        VirtualService own = VirtualService.udp("192.0.2." + i, 53);
        writers.add(threads.submit(() -> changeAndCheck(own)));
      }
      Future<Integer> reader =
          threads.submit(
              () -> {
                int reads = 0;
                while (writing.get() || reads == 0) {
                  List<ServiceState> states = driver().services(Consistency.VERIFIED);
                  assertThat(states)
                      .extracting(ServiceState::key)
                      .contains(lasting.key())
                      .doesNotHaveDuplicates();
                  reads++;
                }
                return reads;
              });
      for (Future<?> writer : writers) {
        writer.get(2, TimeUnit.MINUTES);
      }
      writing.set(false);
      assertThat(reader.get(1, TimeUnit.MINUTES)).isPositive();
    } finally {
      writing.set(false);
      threads.shutdownNow();
    }
    assertHolds(lasting.addRealServer("198.51.100.1").tunnel());
  }

  private void changeAndCheck(VirtualService own) {
    for (int change = 0; change < changesPerThread(); change++) {
      RealServer server = RealServer.tunnel("198.51.100.7").port(53).weight(change);
      done(
          new Command.AddService(own),
          new Command.AddServer(own.key(), server),
          new Command.EditServer(own.key(), server.weight(change + 1)));
      ServiceState state = present(own.key());
      assertThat(state.servers()).hasSize(1);
      assertThat(state.servers().get(0).definition().weight()).isEqualTo(change + 1);
      done(new Command.RemoveService(own.key()));
      assertThat(driver().service(own.key())).isEmpty();
    }
  }

  @Test
  default void interruptedThreadKeepsItsStatus() {
    add(VirtualService.fwmark(1));
    Command remove = new Command.RemoveService(ServiceKey.fwmark(1));
    Thread.currentThread().interrupt();
    Outcome outcome;
    try {
      outcome = driver().execute(List.of(remove)).get(0);
    } finally {
      assertThat(Thread.interrupted()).as("interrupt status").isTrue();
    }
    if (outcome.error() == null) {
      assertHolds();
    } else {
      assertThat(outcome.error().reason()).contains("interrupted");
    }
  }
}
