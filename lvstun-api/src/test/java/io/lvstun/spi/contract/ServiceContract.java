// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.NotFoundException;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services: every kind of key and every option arrives, and comes back the same. */
public interface ServiceContract extends DriverContract {

  @Test
  default void tablesAreEmptyAtFirst() {
    assertHolds();
    assertThat(driver().service(ServiceKey.tcp("192.0.2.1", 80))).isEmpty();
  }

  @Test
  default void addedServicesAreRead() {
    VirtualService[] services = {
      VirtualService.tcp("192.0.2.1", 80),
      VirtualService.tcp("192.0.2.1", 65535),
      VirtualService.tcp("192.0.2.2", 80),
      VirtualService.udp("192.0.2.1", 80),
      VirtualService.sctp("192.0.2.1", 80),
      VirtualService.tcp("2001:db8::1", 80),
      VirtualService.udp("2001:db8::1", 80),
      VirtualService.sctp("2001:db8::1", 80),
      VirtualService.fwmark(1),
      VirtualService.fwmark(80),
      VirtualService.fwmark6(80)
    };
    for (VirtualService service : services) {
      done(new Command.AddService(service));
    }
    assertHolds(services);
  }

  @Test
  default void newServiceHasNoFigures() {
    add(VirtualService.tcp("192.0.2.1", 80));
    ServiceState state = present(ServiceKey.tcp("192.0.2.1", 80));
    assertThat(state.servers()).isEmpty();
    assertThat(state.counters()).isEqualTo(Counters.ZERO);
    assertThat(state.rates()).isEqualTo(Rates.ZERO);
  }

  @Test
  default void addServiceLeavesItsServersToCommandsOfTheirOwn() {
    VirtualService service =
        VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel();
    done(new Command.AddService(service));
    assertHolds(service.withoutRealServers());
  }

  @Test
  default void marksOfBothFamiliesAreApart() {
    add(VirtualService.fwmark(7).scheduler(Scheduler.RR));
    assertThat(driver().service(ServiceKey.fwmark6(7))).isEmpty();
    add(VirtualService.fwmark6(7).scheduler(Scheduler.LC));
    done(new Command.RemoveService(ServiceKey.fwmark(7)));
    assertHolds(VirtualService.fwmark6(7).scheduler(Scheduler.LC));
  }

  @ParameterizedTest
  @ValueSource(longs = {Integer.MAX_VALUE, 1L << 31, 0xffff_ffffL})
  default void marksOf32BitsAreKept(long mark) {
    VirtualService v4 = VirtualService.fwmark(mark);
    VirtualService v6 = VirtualService.fwmark6(mark);
    Set<Capability> needed = mark > Integer.MAX_VALUE ? Set.of(Capability.MARKS_32_BIT) : Set.of();
    if (doneIfCapable(needed, new Command.AddService(v4))
        && doneIfCapable(needed, new Command.AddService(v6))) {
      assertHolds(v4, v6);
      done(new Command.EditService(v4.scheduler(Scheduler.RR)));
      done(new Command.RemoveService(v6.key()));
      assertHolds(v4.scheduler(Scheduler.RR));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh",
        "twos"
      })
  default void everySchedulerOfTheKernelIsKept(String name) {
    VirtualService service = VirtualService.tcp("192.0.2.1", 80).scheduler(Scheduler.named(name));
    if (hasScheduler(name)) {
      add(service);
      assertHolds(service);
    } else {
      assertThat(refused(new Command.AddService(service)))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("modprobe ip_vs_" + name);
    }
  }

  @Test
  default void schedulerFlagsAreKept() {
    VirtualService sh =
        VirtualService.tcp("192.0.2.1", 80)
            .scheduler(Scheduler.SH.with(SchedulerFlag.SH_PORT, SchedulerFlag.SH_FALLBACK));
    VirtualService mh =
        VirtualService.tcp("2001:db8::1", 80)
            .scheduler(Scheduler.MH.with(SchedulerFlag.MH_FALLBACK));
    VirtualService port =
        VirtualService.fwmark(3).scheduler(Scheduler.MH.with(SchedulerFlag.MH_PORT));
    VirtualService third =
        VirtualService.udp("192.0.2.1", 53).scheduler(Scheduler.RR.with(SchedulerFlag.values()));
    add(sh);
    add(mh);
    add(port);
    add(third);
    assertHolds(sh, mh, port, third);
  }

  @Test
  default void persistenceIsKept() {
    Persistence hour = Persistence.of(Duration.ofHours(1));
    VirtualService[] services = {
      VirtualService.tcp("192.0.2.1", 1).persistence(Persistence.of(Duration.ofSeconds(1))),
      VirtualService.tcp("192.0.2.1", 2).persistence(Persistence.of(Duration.ofDays(31))),
      VirtualService.tcp("192.0.2.1", 3).persistence(hour.netmask("255.255.255.0")),
      VirtualService.tcp("192.0.2.1", 4).persistence(hour.prefixLength(8)),
      VirtualService.tcp("192.0.2.1", 5).persistence(hour.netmask("255.255.255.255")),
      VirtualService.tcp("2001:db8::1", 1).persistence(hour),
      VirtualService.tcp("2001:db8::1", 2).persistence(hour.prefixLength(1)),
      VirtualService.tcp("2001:db8::1", 3).persistence(hour.prefixLength(64)),
      VirtualService.tcp("2001:db8::1", 4).persistence(hour.prefixLength(128)),
      VirtualService.fwmark(1).persistence(hour.prefixLength(24)),
      VirtualService.fwmark6(1).persistence(hour.prefixLength(56)),
      VirtualService.udp("192.0.2.1", 5060).persistence(hour.engine("sip")),
      VirtualService.udp("2001:db8::1", 5060).persistence(hour.prefixLength(64).engine("sip")),
      VirtualService.allPorts(Protocol.TCP, "192.0.2.1", hour),
      VirtualService.allPorts(Protocol.UDP, "2001:db8::1", hour.prefixLength(64)),
      VirtualService.allPorts(Protocol.SCTP, "192.0.2.1", hour)
    };
    for (VirtualService service : services) {
      add(service);
    }
    assertHolds(services);
  }

  @Test
  default void netmaskNeedNotBeContiguous() {
    VirtualService service =
        VirtualService.tcp("192.0.2.1", 80)
            .persistence(Persistence.of(Duration.ofMinutes(6)).netmask("255.0.255.1"));
    add(service);
    assertHolds(service);
  }

  @Test
  default void onePacketSchedulingIsKept() {
    VirtualService udp = VirtualService.udp("192.0.2.1", 53).onePacket(true);
    VirtualService udp6 = VirtualService.udp("2001:db8::1", 53).onePacket(true);
    VirtualService mark = VirtualService.fwmark(1).onePacket(true);
    VirtualService mark6 = VirtualService.fwmark6(1).onePacket(true);
    add(udp);
    add(udp6);
    add(mark);
    add(mark6);
    assertHolds(udp, udp6, mark, mark6);
  }

  @Test
  default void optionsGoTogether() {
    VirtualService service =
        VirtualService.udp("192.0.2.1", 53)
            .scheduler(Scheduler.SH.with(SchedulerFlag.SH_PORT))
            .persistence(Persistence.of(Duration.ofSeconds(90)).prefixLength(20))
            .onePacket(true);
    add(service);
    assertHolds(service);
  }

  @Test
  default void editReplacesEverySetting() {
    VirtualService plain =
        VirtualService.udp("192.0.2.1", 53).addRealServer("198.51.100.1").weight(7).tunnel();
    VirtualService full =
        plain
            .scheduler(Scheduler.MH.with(SchedulerFlag.MH_PORT, SchedulerFlag.MH_FALLBACK))
            .persistence(Persistence.of(Duration.ofSeconds(90)).prefixLength(20).engine("sip"))
            .onePacket(true);
    add(plain);
    done(new Command.EditService(full));
    assertHolds(full);
    done(new Command.EditService(full.persistence(Duration.ofSeconds(10))));
    assertHolds(full.persistence(Duration.ofSeconds(10)));
    done(new Command.EditService(plain));
    assertHolds(plain);
  }

  @Test
  default void editOfMarkServicesReachesTheRightFamily() {
    add(VirtualService.fwmark(9));
    add(VirtualService.fwmark6(9));
    VirtualService edited =
        VirtualService.fwmark6(9)
            .scheduler(Scheduler.RR)
            .persistence(Persistence.of(Duration.ofMinutes(1)).prefixLength(48));
    done(new Command.EditService(edited));
    assertHolds(VirtualService.fwmark(9), edited);
  }

  @Test
  default void editThatChangesNothingIsDone() {
    VirtualService service = VirtualService.tcp("192.0.2.1", 80);
    add(service);
    done(new Command.EditService(service));
    assertHolds(service);
  }

  @Test
  default void removedServiceTakesItsServersAlong() {
    VirtualService service =
        VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel();
    VirtualService other =
        VirtualService.tcp("192.0.2.1", 81).addRealServer("198.51.100.1").tunnel();
    add(service);
    add(other);
    done(new Command.RemoveService(service.key()));
    assertHolds(other);
    add(service.withoutRealServers());
    assertHolds(other, service.withoutRealServers());
  }

  @Test
  default void absentServiceIsReadAsEmpty() {
    add(VirtualService.tcp("192.0.2.1", 80));
    assertThat(driver().service(ServiceKey.tcp("192.0.2.1", 81))).isEmpty();
    assertThat(driver().service(ServiceKey.udp("192.0.2.1", 80))).isEmpty();
    assertThat(driver().service(ServiceKey.tcp("192.0.2.2", 80))).isEmpty();
    assertThat(driver().service(ServiceKey.tcp("2001:db8::1", 80))).isEmpty();
    assertThat(driver().service(ServiceKey.fwmark(80))).isEmpty();
  }

  @Test
  default void wholeAddressIsTheSameHoweverItIsSaid() {
    Persistence minute = Persistence.of(Duration.ofMinutes(1));
    add(VirtualService.tcp("192.0.2.1", 80).persistence(minute.prefixLength(32)));
    add(VirtualService.tcp("2001:db8::1", 80).persistence(minute.prefixLength(128)));
    assertHolds(
        VirtualService.tcp("192.0.2.1", 80).persistence(minute),
        VirtualService.tcp("2001:db8::1", 80).persistence(minute));
    assertThat(
            present(ServiceKey.tcp("2001:db8::1", 80))
                .definition()
                .persistence()
                .orElseThrow()
                .maskText(AddressFamily.IPV6))
        .isEmpty();
  }
}
