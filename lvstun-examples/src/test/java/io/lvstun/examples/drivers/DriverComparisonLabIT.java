// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Director;
import io.lvstun.DriverOptions;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.Snapshot;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.ipvsadm.IpvsadmDriverProvider;
import io.lvstun.netlink.NetlinkDriverProvider;
import io.lvstun.rules.Replay;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.IpvsDriverProvider;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one driver writes, the other reads the same, and so does the ipvsadm program. */
final class DriverComparisonLabIT {

  private final DirectorNamespace namespace = new DirectorNamespace();
  private final IpvsDriver netlink = open(new NetlinkDriverProvider());
  private final IpvsDriver ipvsadm = open(new IpvsadmDriverProvider());

  @AfterEach
  void closeDrivers() {
    netlink.close();
    ipvsadm.close();
    namespace.close();
  }

  private IpvsDriver open(IpvsDriverProvider provider) {
    return provider.open(
        new DriverOptions(Optional.of(namespace.namespace()), Duration.ofSeconds(30)));
  }

  /** Every option that both drivers can write. */
  private static List<VirtualService> services() {
    Persistence hour = Persistence.of(Duration.ofHours(1));
    return List.of(
        VirtualService.tcp("192.0.2.1", 80)
            .scheduler(Scheduler.RR)
            .addRealServer("198.51.100.1")
            .tunnel()
            .addRealServer("198.51.100.2")
            .weight(0)
            .directRouting()
            .addRealServer("198.51.100.3")
            .port(8080)
            .weight(65535)
            .thresholds(100, 50)
            .masquerade()
            .addRealServer("2001:db8:1::1")
            .tunnel(),
        VirtualService.tcp("192.0.2.1", 443)
            .scheduler(Scheduler.SH.with(SchedulerFlag.SH_PORT, SchedulerFlag.SH_FALLBACK))
            .persistence(hour.netmask("255.255.255.0"))
            .addRealServer("198.51.100.1")
            .tunnel(Encapsulation.gue(6080))
            .addRealServer("198.51.100.2")
            .tunnel(Encapsulation.gue(6080).checksum())
            .addRealServer("198.51.100.3")
            .tunnel(Encapsulation.gue(6080).remoteChecksum())
            .addRealServer("198.51.100.4")
            .tunnel(Encapsulation.gre())
            .addRealServer("198.51.100.5")
            .tunnel(Encapsulation.gre().checksum()),
        VirtualService.udp("2001:db8::1", 53)
            .scheduler(Scheduler.MH.with(SchedulerFlag.MH_FALLBACK))
            .persistence(hour.prefixLength(64))
            .addRealServer("2001:db8:1::1")
            .masquerade()
            .addRealServer("198.51.100.1")
            .tunnel(),
        VirtualService.udp("192.0.2.1", 53).onePacket(true).addRealServer("198.51.100.1").tunnel(),
        VirtualService.sctp("192.0.2.2", 5000).scheduler(Scheduler.WRR),
        VirtualService.allPorts(Protocol.TCP, "192.0.2.3", hour.netmask("255.0.0.255"))
            .addRealServer("198.51.100.1")
            .tunnel(),
        VirtualService.udp("192.0.2.4", 5060).persistence(hour.engine("sip")),
        VirtualService.fwmark(7)
            .scheduler(Scheduler.LBLCR)
            .addRealServer("198.51.100.1")
            .tunnel()
            .addRealServer("198.51.100.2")
            .port(8080)
            .masquerade(),
        VirtualService.fwmark6(7)
            .persistence(hour.prefixLength(128))
            .addRealServer("2001:db8:1::1")
            .directRouting());
  }

  private static List<Command> commands(List<VirtualService> services) {
    List<Command> commands = new ArrayList<>();
    for (VirtualService service : services) {
      commands.add(new Command.AddService(service));
      for (RealServer server : service.realServers()) {
        commands.add(new Command.AddServer(service.key(), server));
      }
    }
    return commands;
  }

  private static void done(IpvsDriver driver, List<Command> commands) {
    assertThat(driver.execute(commands))
        .allSatisfy(outcome -> assertThat(outcome.error()).as("%s", outcome.command()).isNull());
  }

  /** Asserts that both drivers and the program report exactly these services. */
  private void assertEverybodyReads(List<VirtualService> services) {
    for (IpvsDriver driver : List.of(netlink, ipvsadm)) {
      assertThat(driver.services(Consistency.VERIFIED))
          .extracting(ServiceState::definition)
          .as(driver.name())
          .containsExactlyInAnyOrderElementsOf(services);
      for (VirtualService service : services) {
        assertThat(driver.service(service.key()).map(ServiceState::definition))
            .as(driver.name())
            .contains(service);
      }
    }
    assertThat(namespace.run("ipvsadm", "-S", "-n").lines())
        .containsExactlyInAnyOrderElementsOf(
            Rules.write(services, RulesForm.SAVED).text().lines().toList());
  }

  @Test
  void netlinkWritesWhatIpvsadmReads() {
    done(netlink, commands(services()));
    assertEverybodyReads(services());
  }

  @Test
  void ipvsadmWritesWhatNetlinkReads() {
    done(ipvsadm, commands(services()));
    assertEverybodyReads(services());
  }

  @Test
  void statesAreEqualInWhole() {
    done(netlink, commands(services()));
    assertThat(ipvsadm.services(Consistency.VERIFIED))
        .containsExactlyInAnyOrderElementsOf(netlink.services(Consistency.VERIFIED));
  }

  @Test
  void editsOfEachAreReadByTheOther() {
    done(netlink, commands(services()));
    VirtualService web = services().get(0);
    RealServer masqueraded = web.realServers().get(2);
    VirtualService edited =
        web.scheduler(Scheduler.WLC).realServer(masqueraded.key(), s -> s.weight(9));
    done(
        ipvsadm,
        List.of(
            new Command.EditService(edited),
            new Command.EditServer(web.key(), masqueraded.weight(9))));
    VirtualService again = edited.realServer(masqueraded.key(), s -> s.thresholds(7, 3));
    done(
        netlink,
        List.of(
            new Command.EditServer(web.key(), masqueraded.weight(9).thresholds(7, 3)),
            new Command.RemoveService(services().get(1).key())));
    List<VirtualService> expected = new ArrayList<>(services());
    expected.set(0, again);
    expected.remove(1);
    assertEverybodyReads(expected);
  }

  @Test
  void timeoutsAndDaemonsAreTheSame() {
    SyncDaemon backup =
        SyncDaemon.backup(DirectorNamespace.INTERFACE)
            .syncId(9)
            .maxLength(2000)
            .group("239.1.2.3")
            .port(8850)
            .ttl(3);
    SyncDaemon master =
        SyncDaemon.master(DirectorNamespace.INTERFACE).group("ff05::81").maxLength(1400);
    done(
        netlink,
        List.of(
            new Command.SetTimeouts(Timeouts.ofSeconds(7, 8, 9)), new Command.StartDaemon(backup)));
    done(ipvsadm, List.of(new Command.StartDaemon(master)));
    for (IpvsDriver driver : List.of(netlink, ipvsadm)) {
      assertThat(driver.timeouts()).as(driver.name()).isEqualTo(Timeouts.ofSeconds(7, 8, 9));
      assertThat(driver.syncDaemons()).as(driver.name()).containsExactlyInAnyOrder(master, backup);
    }
    assertThat(ipvsadm.info()).isEqualTo(netlink.info());
  }

  @Test
  void whatIpvsadmSavesIsReadBackAsTheSameServices() {
    List<VirtualService> services =
        services().stream()
            .map(
                service ->
                    service.realServers().stream().anyMatch(s -> s.upperThreshold() != 0)
                        ? service.removeRealServer("198.51.100.3")
                        : service)
            .toList();
    done(ipvsadm, commands(services));
    String saved = namespace.run("ipvsadm", "-S", "-n");
    Replay replay = Rules.replay(Rules.parse(saved));
    assertThat(replay.refusals()).isEmpty();
    assertThat(replay.snapshot().services()).containsExactlyInAnyOrderElementsOf(services);
  }

  /** What ipvsadm cannot write it refuses with a type, and what it can remove it removes. */
  @Test
  void serversThatIpvsadmCannotWriteAreRefusedOrRemovedNeverChanged() {
    VirtualService web = VirtualService.tcp("192.0.2.1", 80).scheduler(Scheduler.RR);
    List<RealServer> foreign =
        List.of(
            server("198.51.100.1", 8080, Forwarding.TUNNEL),
            server("198.51.100.2", 80, new Forwarding.Other(1)),
            server("198.51.100.3", 80, new Forwarding.Other(4)));
    done(netlink, List.of(new Command.AddService(web)));
    for (RealServer server : foreign) {
      done(netlink, List.of(new Command.AddServer(web.key(), server)));
    }
    Director director = Director.on(ipvsadm);
    for (RealServer server : foreign) {
      assertThatExceptionOfType(UnsupportedException.class)
          .as("%s", server)
          .isThrownBy(() -> director.setWeight(web.key(), server.key(), 0))
          .withMessageContaining("netlink driver");
    }
    assertThat(servers(netlink, web)).containsExactlyInAnyOrderElementsOf(foreign);
    for (RealServer server : foreign) {
      director.removeRealServer(web.key(), server.key());
    }
    assertThat(servers(netlink, web)).isEmpty();
  }

  private static RealServer server(String address, int port, Forwarding forwarding) {
    return new RealServer(IpAddress.parse(address), port, forwarding, 1, 100, 50);
  }

  private static List<RealServer> servers(IpvsDriver driver, VirtualService service) {
    return driver.service(service.key()).orElseThrow().definition().realServers();
  }

  /** An engine without persistence, as {@code ipvsadm -A -u ... --pe sip} sets it. */
  @Test
  void engineWithoutPersistenceThatTheProgramWroteIsCarriedByBoth() {
    namespace.run("ipvsadm", "-A", "-u", "192.0.2.1:5060", "-s", "rr", "--pe", "sip");
    String saved = "-A -u 192.0.2.1:5060 -s rr --pe sip\n";
    for (IpvsDriver driver : List.of(netlink, ipvsadm)) {
      Director director = Director.on(driver);
      Snapshot before = director.snapshot();
      assertThat(before.services().get(0).foreign()).as(driver.name()).isPresent();
      assertThat(director.planReplaceAll(before.services()).isEmpty()).isTrue();
      director.flush();
      director.restore(before);
      assertThat(namespace.run("ipvsadm", "-S", "-n")).as(driver.name()).isEqualTo(saved);
      director.edit(before.services().get(0).key(), old -> old.scheduler(Scheduler.WRR));
      assertThat(namespace.run("ipvsadm", "-S", "-n"))
          .as(driver.name())
          .isEqualTo(saved.replace("rr --pe", "wrr --pe"));
      director.edit(before.services().get(0).key(), old -> old.scheduler(Scheduler.RR));
    }
  }
}
