// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.ApplyException;
import io.lvstun.Command;
import io.lvstun.Director;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import io.lvstun.memory.Fault;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * How an application's tests look that use the in-memory driver: no kernel, no root, no waiting.
 */
class MemoryDriverExampleTest {

  private final VirtualService web =
      VirtualService.tcp("192.168.1.200", 80)
          .scheduler(Scheduler.WRR)
          .addRealServer("192.168.2.101")
          .weight(10)
          .tunnel()
          .addRealServer("192.168.3.102")
          .weight(10)
          .tunnel();

  // tag::memory-test[]
  @Test
  void aBusyServerGetsASmallShare() {
    try (Director director = Director.on(MemoryDriver.open())) {
      director.create(web);

      DynamicWeightExample.follow(director, web.key(), Map.of("192.168.2.101", 3.2));

      assertThat(director.find(web.key()).orElseThrow().definition())
          .isEqualTo(web.realServer("192.168.2.101", server -> server.weight(1)));
    }
  }

  // end::memory-test[]

  // tag::memory-fault[]
  @Test
  void whatTheKernelRefusesIsReportedAndTakenBack() {
    MemoryDriver refusing =
        MemoryDriver.builder()
            .faults(
                command ->
                    command instanceof Command.EditServer edit
                            && edit.server().key().equals(ServerKey.of("192.168.3.102", 80))
                        ? Fault.refuse(KernelError.ENOMEM)
                        : Fault.NONE)
            .open();
    try (Director director = Director.on(refusing)) {
      director.create(web);
      Map<String, Double> loads = Map.of("192.168.2.101", 3.2, "192.168.3.102", 3.2);

      assertThatThrownBy(() -> DynamicWeightExample.follow(director, web.key(), loads))
          .isInstanceOfSatisfying(
              ApplyException.class, e -> assertThat(e.report().failed()).hasSize(1));

      assertThat(director.find(web.key()).orElseThrow().definition()).isEqualTo(web);
    }
  }

  // end::memory-fault[]

  @Test
  @Timeout(60)
  void drainingWaitsForTheLastConnection() {
    MemoryDriver kernel = MemoryDriver.open();
    ServerKey leaving = ServerKey.of("192.168.2.101", 80);
    try (Director director = Director.on(kernel)) {
      director.create(web);
      kernel.observe(web.key(), withConnections(leaving, 1));
      CompletableFuture<Void> draining =
          CompletableFuture.runAsync(
              () ->
                  GracefulDrainExample.drain(director, web.key(), leaving, Duration.ofMinutes(10)));
      while (weightOf(director, leaving) != 0) {
        Thread.onSpinWait();
      }
      assertThat(draining).isNotDone();
      kernel.observe(web.key(), withConnections(leaving, 0));

      draining.join();
      assertThat(director.find(web.key()).orElseThrow().definition())
          .isEqualTo(web.removeRealServer(leaving));
    }
  }

  private static int weightOf(Director director, ServerKey key) {
    return director.services().get(0).definition().realServers().stream()
        .filter(server -> server.key().equals(key))
        .mapToInt(RealServer::weight)
        .sum();
  }

  private static ServerState withConnections(ServerKey key, long active) {
    RealServer server = RealServer.tunnel("192.168.2.101").port(key.port());
    return new ServerState(server, active, 0, 0, Counters.ZERO, Rates.ZERO);
  }
}
