// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Director;
import io.lvstun.ForeignSettings;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.Snapshot;
import io.lvstun.VirtualService;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What other programs wrote: edits, snapshots and plans lose nothing of it. */
public interface ForeignContract extends DriverContract {

  /** A service that is not persistent, with what other programs set on such. */
  private static VirtualService foreign(ServiceKey key, ForeignSettings settings) {
    return VirtualService.observed(
        key,
        Scheduler.RR,
        null,
        false,
        settings,
        List.of(
            new RealServer(
                IpAddress.parse("198.51.100.1"),
                ((ServiceKey.Endpoint) key).port(),
                Forwarding.TUNNEL,
                1,
                0,
                0)));
  }

  private static ForeignSettings engine() {
    return ForeignSettings.observed(AddressFamily.IPV4, 0, 0, -1, "sip").orElseThrow();
  }

  private static ForeignSettings everything() {
    return ForeignSettings.observed(AddressFamily.IPV4, 0x40, 300, 0xffff_ff00, "").orElseThrow();
  }

  /** {@code ipvsadm -A ... --pe sip} without {@code -p}: every driver reads and carries it. */
  @Test
  default void engineWithoutPersistenceIsKeptByEditsSnapshotsAndFiles() {
    VirtualService sip = foreign(ServiceKey.udp("192.0.2.1", 5060), engine());
    VirtualService six =
        VirtualService.observed(
            ServiceKey.fwmark6(9),
            Scheduler.RR,
            null,
            false,
            ForeignSettings.observed(AddressFamily.IPV6, 0, 0, 128, "sip").orElseThrow(),
            List.of());
    VirtualService plain = VirtualService.udp("192.0.2.3", 5060).scheduler(Scheduler.RR);
    for (VirtualService service : List.of(sip, six, plain)) {
      add(service);
    }
    assertHolds(sip, six, plain);
    Director director = Director.on(driver());
    assertThat(director.planReplaceAll(sip, six, plain).isEmpty()).isTrue();
    assertThat(director.planReplaceAll(VirtualService.udp("192.0.2.1", 5060), six, plain).isEmpty())
        .isFalse();

    VirtualService edited = sip.scheduler(Scheduler.WRR);
    director.edit(sip.key(), present -> present.scheduler(Scheduler.WRR));
    director.edit(six.key(), present -> present.scheduler(Scheduler.WRR));
    VirtualService editedSix = six.scheduler(Scheduler.WRR);
    assertHolds(edited, editedSix, plain);

    Snapshot before = director.snapshot();
    String file = Rules.write(before, RulesForm.SAVED).toString();
    director.flush();
    director.restore(before);
    assertHolds(edited, editedSix, plain);
    assertThat(director.planReplaceAll(before.services()).isEmpty()).isTrue();

    director.flush();
    assertThat(Rules.run(Rules.parse(file), driver())).isEmpty();
    assertHolds(edited, editedSix, plain);

    director.replaceAll(VirtualService.udp("192.0.2.1", 5060).scheduler(Scheduler.RR));
    assertThat(present(sip.key()).definition().foreign()).isEmpty();
  }

  @Test
  default void settingsWithoutPersistenceAreKeptByEditsAndSnapshots() {
    VirtualService sip = foreign(ServiceKey.udp("192.0.2.1", 5060), engine());
    VirtualService odd = foreign(ServiceKey.udp("192.0.2.2", 5060), everything());
    Set<Capability> needed = Set.of(Capability.FOREIGN_SETTINGS);
    if (!doneIfCapable(needed, new Command.AddService(odd))) {
      return;
    }
    Director director = Director.on(driver());
    director.apply(sip, odd);
    assertHolds(sip, odd);

    VirtualService edited = sip.scheduler(Scheduler.WRR);
    director.edit(sip.key(), present -> present.scheduler(Scheduler.WRR));
    assertThat(edited.foreign()).contains(engine());
    assertHolds(edited, odd);

    Snapshot before = director.snapshot();
    director.flush();
    director.restore(before);
    assertHolds(edited, odd);
    assertThat(director.planReplaceAll(before.services()).isEmpty()).isTrue();
  }

  @Test
  default void planSeesSettingsWithoutPersistence() {
    VirtualService odd = foreign(ServiceKey.udp("192.0.2.2", 5060), everything());
    if (!doneIfCapable(Set.of(Capability.FOREIGN_SETTINGS), new Command.AddService(odd))) {
      return;
    }
    VirtualService plain = VirtualService.udp("192.0.2.2", 5060).scheduler(Scheduler.RR);
    Director director = Director.on(driver());
    assertThat(director.planReplaceAll(plain))
        .hasToString(
            "~ UDP 192.0.2.2:5060 rr (flags 0x40 timeout 300 mask 0xffffff00)"
                + " => UDP 192.0.2.2:5060 rr");
    director.replaceAll(plain);
    assertHolds(plain);
  }

  @Test
  default void serversThatCouldNotBeAddedAreEditedDrainedAndRemoved() {
    ServiceKey web = ServiceKey.tcp("192.0.2.1", 80);
    add(VirtualService.tcp("192.0.2.1", 80).scheduler(Scheduler.RR));
    List<RealServer> servers = new ArrayList<>();
    servers.add(server("198.51.100.1", 8080, Forwarding.TUNNEL));
    servers.add(server("198.51.100.2", 80, new Forwarding.Other(1)));
    servers.add(server("198.51.100.3", 80, new Forwarding.Other(4)));
    for (RealServer server : servers) {
      if (!doneIfCapable(
          Set.of(Capability.FOREIGN_FORWARDING), new Command.AddServer(web, server))) {
        return;
      }
    }
    Director director = Director.on(driver());
    for (RealServer server : servers) {
      director.setWeight(web, server.key(), 7);
      assertThat(weights(director, web))
          .contains(
              new RealServer(server.address(), server.port(), server.forwarding(), 7, 100, 50));
      director.edit(web, it -> it.realServer(server.key(), old -> old.weight(8)));
      director.editRealServer(web, withWeight(server, 9));
      assertThat(weights(director, web)).contains(withWeight(server, 9));
      assertThat(director.drain(web, server.key(), Duration.ZERO).drained()).isTrue();
      assertThat(director.find(web).orElseThrow().server(server.key())).isEmpty();
    }
  }

  private static RealServer server(String address, int port, Forwarding forwarding) {
    return new RealServer(IpAddress.parse(address), port, forwarding, 1, 100, 50);
  }

  private static RealServer withWeight(RealServer server, int weight) {
    return new RealServer(server.address(), server.port(), server.forwarding(), weight, 100, 50);
  }

  private static List<RealServer> weights(Director director, ServiceKey service) {
    return director.find(service).map(ServiceState::definition).orElseThrow().realServers();
  }
}
