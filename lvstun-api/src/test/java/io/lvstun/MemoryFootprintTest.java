// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Measures the live heap of 100,000 real servers: as wanted, as a driver reports them, and of a
 * plan that changes each. {@code lab bench} measures the same with what a kernel reports.
 */
class MemoryFootprintTest {

  private static final int SERVERS = 100_000;
  private static final int MOST_BYTES = 400;

  /** Of a service by itself, without its servers. */
  private static final int MOST_BYTES_OF_SERVICE = 500;

  @Test
  void aHundredServersOfEachServiceTakeFewBytes() {
    assertThat(bytesPerServer(1000)).isLessThan(MOST_BYTES);
  }

  @Test
  void tenServersOfEachServiceTakeFewBytes() {
    assertThat(bytesPerServer(10_000)).isLessThan(MOST_BYTES);
  }

  @Test
  void tenThousandServersOfEachServiceTakeFewBytes() {
    assertThat(bytesPerServer(10)).isLessThan(MOST_BYTES);
  }

  @Test
  void aServiceTakesFewBytesBesideItsServers() {
    double ofServices = bytesPerServer(10_000) - bytesPerServer(10);
    assertThat(ofServices * SERVERS / 10_000).isLessThan(MOST_BYTES_OF_SERVICE);
  }

  private static double bytesPerServer(int services) {
    // Once for what is made only once: classes, caches.
    Reference.reachabilityFence(plan(wanted(10, 1), observed(10)));
    long before = liveHeap();
    List<VirtualService> wanted = wanted(services, 2);
    List<ServiceState> observed = observed(services);
    List<Change> plan = plan(wanted, observed);
    assertThat(plan).hasSize(SERVERS);
    long bytes = liveHeap() - before;
    Reference.reachabilityFence(wanted);
    Reference.reachabilityFence(observed);
    Reference.reachabilityFence(plan);
    return (double) bytes / SERVERS;
  }

  private static List<VirtualService> wanted(int services, int weight) {
    List<VirtualService> list = new ArrayList<>(services);
    for (int i = 0; i < services; i++) {
      list.add(
          VirtualService.tcp(address(10, i), 80)
              .scheduler(Scheduler.RR)
              .addRealServers(servers(services, i, weight)));
    }
    return list;
  }

  /** As a driver makes them: from bytes, each address and server anew. */
  private static List<ServiceState> observed(int services) {
    List<ServiceState> list = new ArrayList<>(services);
    for (int i = 0; i < services; i++) {
      List<RealServer> servers = new ArrayList<>();
      List<ServerState> states = new ArrayList<>();
      for (RealServer server : servers(services, i, 1)) {
        RealServer seen = server.port(80);
        servers.add(seen);
        states.add(new ServerState(seen, 3, 4, 0, Counters.ZERO, Rates.ZERO));
      }
      VirtualService definition =
          VirtualService.observed(
              new ServiceKey.Endpoint(Protocol.TCP, address(10, i), 80),
              Scheduler.RR,
              null,
              false,
              servers);
      list.add(new ServiceState(definition, states, Counters.ZERO, Rates.ZERO));
    }
    return list;
  }

  private static List<RealServer> servers(int services, int service, int weight) {
    int count = SERVERS / services;
    List<RealServer> servers = new ArrayList<>(count);
    for (int j = 0; j < count; j++) {
      servers.add(
          RealServer.of(address(172, service * count + j), Forwarding.TUNNEL).weight(weight));
    }
    return servers;
  }

  private static InetAddress address(int first, int rest) {
    int number = rest + 1;
    return IpAddress.ofBytes(
        new byte[] {(byte) first, (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
  }

  private static List<Change> plan(List<VirtualService> wanted, List<ServiceState> observed) {
    Map<ServiceKey, VirtualService> present = new HashMap<>();
    observed.forEach(state -> present.put(state.key(), state.definition()));
    return Planner.converge(wanted, present);
  }

  private static long liveHeap() {
    System.gc();
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
