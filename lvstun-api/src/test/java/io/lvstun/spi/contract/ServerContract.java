// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real servers: every option arrives, comes back the same, and survives an edit of another. */
public interface ServerContract extends DriverContract {

  /** A service that real servers are added to. */
  VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);

  private static RealServer server(String address) {
    return RealServer.tunnel(address).port(80);
  }

  @Test
  default void forwardingMethodsAreKept() {
    VirtualService service =
        WEB.addRealServer("198.51.100.1")
            .tunnel()
            .addRealServer("198.51.100.2")
            .directRouting()
            .addRealServer("198.51.100.3")
            .masquerade()
            .addRealServer("198.51.100.4")
            .port(8080)
            .masquerade();
    add(service);
    assertHolds(service);
  }

  @Test
  default void encapsulationsAreKept() {
    List<Encapsulation> encapsulations =
        List.of(
            Encapsulation.ipip(),
            Encapsulation.gue(1),
            Encapsulation.gue(65535),
            Encapsulation.gue(6080).checksum(),
            Encapsulation.gue(6080).remoteChecksum(),
            Encapsulation.gre(),
            Encapsulation.gre().checksum());
    VirtualService service = WEB;
    add(WEB);
    for (Encapsulation encapsulation : encapsulations) {
      RealServer server =
          RealServer.tunnel("198.51.100." + (service.realServers().size() + 1), encapsulation)
              .port(80);
      Set<Capability> needed =
          encapsulation.equals(Encapsulation.ipip())
              ? Set.of()
              : Set.of(Capability.TUNNEL_ENCAPSULATION);
      if (!doneIfCapable(needed, new Command.AddServer(WEB.key(), server))) {
        return;
      }
      service = service.addRealServer(server);
    }
    assertHolds(service);
  }

  @Test
  default void weightsAndThresholdsAreKept() {
    VirtualService service =
        WEB.addRealServer("198.51.100.1")
            .weight(0)
            .tunnel()
            .addRealServer("198.51.100.2")
            .weight(65535)
            .tunnel()
            .addRealServer("198.51.100.3")
            .thresholds(100, 50)
            .tunnel()
            .addRealServer("198.51.100.4")
            .thresholds(1, 0)
            .masquerade()
            .addRealServer("198.51.100.5")
            .thresholds(Integer.MAX_VALUE, Integer.MAX_VALUE)
            .directRouting();
    add(service);
    assertHolds(service);
  }

  @Test
  default void foreignWeightIsKept() {
    RealServer server =
        new RealServer(
            IpAddress.parse("198.51.100.1"), 80, Forwarding.TUNNEL, Integer.MAX_VALUE, 0, 0);
    add(WEB);
    if (doneIfCapable(
        Set.of(Capability.FOREIGN_NUMBERS), new Command.AddServer(WEB.key(), server))) {
      assertThat(present(WEB.key()).definition().realServers()).containsExactly(server);
    }
  }

  @Test
  default void foreignForwardingIsKept() {
    add(WEB);
    int last = 0;
    for (Forwarding forwarding :
        List.of(
            new Forwarding.Other(1),
            new Forwarding.Other(4),
            new Forwarding.Other(7),
            new Forwarding.Tunnel(new Encapsulation(9, 7, 0xffff)),
            new Forwarding.Tunnel(new Encapsulation(Encapsulation.TYPE_GUE, 6080, 3)),
            new Forwarding.Tunnel(new Encapsulation(Encapsulation.TYPE_IPIP, 5, 1)))) {
      last++;
      RealServer server =
          new RealServer(IpAddress.parse("198.51.100." + last), 80, forwarding, 1, 0, 0);
      if (!doneIfCapable(
          Set.of(Capability.FOREIGN_FORWARDING), new Command.AddServer(WEB.key(), server))) {
        return;
      }
      assertThat(present(WEB.key()).definition().realServers()).contains(server);
    }
  }

  @Test
  default void tunnelsMixFamilies() {
    VirtualService v4 =
        WEB.addRealServer("2001:db8::1").tunnel().addRealServer("198.51.100.1").tunnel();
    VirtualService v6 =
        VirtualService.tcp("2001:db8::80", 80)
            .addRealServer("2001:db8::1")
            .masquerade()
            .addRealServer("198.51.100.1")
            .weight(3)
            .tunnel();
    VirtualService mark = VirtualService.fwmark6(3).addRealServer("198.51.100.1").tunnel();
    add(v4);
    add(v6);
    add(mark);
    assertHolds(v4, v6, mark);

    done(
        new Command.EditServer(v6.key(), server("198.51.100.1").weight(5)),
        new Command.RemoveServer(v4.key(), ServerKey.of("2001:db8::1", 80)));
    assertHolds(
        WEB.addRealServer("198.51.100.1").tunnel(),
        v6.realServer("198.51.100.1", s -> s.weight(5)),
        mark);
  }

  @Test
  default void serversOfMarkServicesHavePortsOfTheirOwn() {
    VirtualService service =
        VirtualService.fwmark(5)
            .addRealServer("198.51.100.1")
            .tunnel()
            .addRealServer("198.51.100.1")
            .port(8080)
            .masquerade()
            .addRealServer("198.51.100.1")
            .port(8081)
            .directRouting();
    add(service);
    assertHolds(service);
    done(new Command.RemoveServer(service.key(), ServerKey.of("198.51.100.1", 8080)));
    assertHolds(service.removeRealServer(ServerKey.of("198.51.100.1", 8080)));
  }

  @Test
  default void serversOfServicesForEveryPortHavePortZero() {
    VirtualService service =
        VirtualService.allPorts(Protocol.TCP, "192.0.2.1", Persistence.of(Duration.ofMinutes(5)))
            .addRealServer("198.51.100.1")
            .tunnel();
    add(service);
    assertHolds(service);
  }

  @Test
  default void oneServerMayServeManyServices() {
    VirtualService one = WEB.addRealServer("198.51.100.1").tunnel();
    VirtualService two =
        VirtualService.tcp("192.0.2.2", 80).addRealServer("198.51.100.1").weight(4).directRouting();
    add(one);
    add(two);
    done(new Command.RemoveServer(one.key(), ServerKey.of("198.51.100.1", 80)));
    assertHolds(WEB, two);
  }

  @Test
  default void newServerHasNoFigures() {
    add(WEB.addRealServer("198.51.100.1").tunnel());
    ServerState state = present(WEB.key()).servers().get(0);
    assertThat(state.key()).isEqualTo(ServerKey.of("198.51.100.1", 80));
    assertThat(state)
        .isEqualTo(new ServerState(server("198.51.100.1"), 0, 0, 0, Counters.ZERO, Rates.ZERO));
  }

  @Test
  default void statesAreInTheOrderOfTheDefinition() {
    add(
        WEB.addRealServer("198.51.100.1")
            .tunnel()
            .addRealServer("198.51.100.2")
            .tunnel()
            .addRealServer("198.51.100.3")
            .tunnel());
    var state = present(WEB.key());
    assertThat(state.servers())
        .extracting(ServerState::definition)
        .containsExactlyElementsOf(state.definition().realServers());
  }

  @Test
  default void editReplacesEverythingButTheKey() {
    RealServer plain = server("198.51.100.1");
    RealServer full = plain.forwarding(Forwarding.MASQUERADE).weight(9).thresholds(100, 50);
    add(WEB);
    done(new Command.AddServer(WEB.key(), plain), new Command.EditServer(WEB.key(), full));
    assertThat(present(WEB.key()).definition().realServers()).containsExactly(full);
    done(new Command.EditServer(WEB.key(), plain));
    assertThat(present(WEB.key()).definition().realServers()).containsExactly(plain);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65535})
  default void editOfTheWeightKeepsEncapsulationAndThresholds(int weight) {
    RealServer server =
        RealServer.tunnel("198.51.100.1", Encapsulation.gue(6080).checksum())
            .port(80)
            .weight(5)
            .thresholds(100, 50);
    add(WEB);
    if (doneIfCapable(
        Set.of(Capability.TUNNEL_ENCAPSULATION), new Command.AddServer(WEB.key(), server))) {
      done(new Command.EditServer(WEB.key(), server.weight(weight)));
      assertThat(present(WEB.key()).definition().realServers())
          .containsExactly(server.weight(weight));
    }
  }

  @Test
  default void editOfOneServerLeavesTheOthers() {
    VirtualService service =
        WEB.addRealServer("198.51.100.1")
            .weight(1)
            .tunnel()
            .addRealServer("198.51.100.2")
            .weight(2)
            .thresholds(9, 3)
            .masquerade();
    add(service);
    done(new Command.EditServer(WEB.key(), server("198.51.100.1").weight(8)));
    assertHolds(service.realServer("198.51.100.1", s -> s.weight(8)));
  }

  @Test
  default void removedServerCanBeAddedAgain() {
    add(WEB.addRealServer("198.51.100.1").weight(4).tunnel());
    done(
        new Command.RemoveServer(WEB.key(), ServerKey.of("198.51.100.1", 80)),
        new Command.AddServer(WEB.key(), server("198.51.100.1")));
    assertHolds(WEB.addRealServer("198.51.100.1").tunnel());
  }

  @Test
  default void manyServersAreReadWhole() {
    VirtualService service = WEB;
    for (int i = 1; i <= 250; i++) {
      service = service.addRealServer("198.51.100." + i).weight(i).tunnel();
    }
    done(new Command.AddService(service));
    List<Command> commands =
        service.realServers().stream()
            .<Command>map(server -> new Command.AddServer(WEB.key(), server))
            .toList();
    assertThat(driver().execute(commands))
        .allSatisfy(outcome -> assertThat(outcome.error()).isNull());
    assertHolds(service);
  }

  @Test
  default void serversOfAnAbsentServiceAreNobodys() {
    add(WEB.addRealServer("198.51.100.1").tunnel());
    assertThat(driver().service(ServiceKey.udp("192.0.2.1", 80))).isEmpty();
  }
}
