// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.Persistence;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.spi.KernelError;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Refusals: every error of the kernel that a caller can provoke has one exception type, reason and
 * hint, the same for all drivers, and changes nothing. With two mistakes in one command, the order
 * of the kernel's checks decides.
 */
public interface RefusalContract extends DriverContract {

  private static VirtualService web() {
    return VirtualService.tcp("192.0.2.1", 80);
  }

  private static ServiceKey absent() {
    return ServiceKey.tcp("192.0.2.99", 80);
  }

  private static RealServer server(String address) {
    return foreign(address, Forwarding.TUNNEL, 0, 0);
  }

  private static RealServer foreign(String address, Forwarding forwarding, long upper, long lower) {
    return new RealServer(IpAddress.parse(address), 80, forwarding, 1, upper, lower);
  }

  /**
   * Asserts that a command is refused with a type, a reason and a hint, and that nothing has
   * changed. A driver may add to the reason what the kernel or a program said, in parentheses.
   */
  private void assertRefused(
      Command command,
      KernelError errno,
      Class<? extends LvsException> type,
      String reason,
      String hint) {
    var servicesBefore = driver().services(Consistency.VERIFIED);
    var daemonsBefore = driver().syncDaemons();

    LvsException error = refused(command);

    assertThat(error).isExactlyInstanceOf(type);
    assertThat(error.operation()).isEqualTo(command.operation());
    assertThat(error.target()).isEqualTo(command.target());
    assertThat(error.driver()).isEqualTo(driver().name());
    assertThat(error.reason())
        .satisfiesAnyOf(
            text -> assertThat(text).isEqualTo(reason),
            text -> assertThat(text).startsWith(reason + " (").endsWith(")"));
    assertThat(error.hint()).isEqualTo(hint);
    assertThat(error.code()).isPresent();
    if (reportsErrno()) {
      assertThat(error.code()).hasValue(errno.number());
    }
    String target = command.target().isEmpty() ? "" : " " + command.target();
    assertThat(error)
        .hasMessage(
            "cannot %s%s (%s): %s [%d]%s",
            command.operation(),
            target,
            driver().name(),
            error.reason(),
            error.code().getAsInt(),
            hint.isEmpty() ? "" : ". " + hint);
    assertThat(driver().services(Consistency.VERIFIED)).isEqualTo(servicesBefore);
    assertThat(driver().syncDaemons()).isEqualTo(daemonsBefore);
  }

  private void assertInvalidServer(Command command) {
    assertRefused(
        command,
        KernelError.EINVAL,
        LvsException.class,
        "the kernel refused it as invalid",
        "The address must be unicast with a route from the director (ip route get);"
            + " another family than the service's needs a tunnel and no running sync daemon;"
            + " GUE needs a port");
  }

  private void assertNumberOutOfRange(Command command) {
    assertRefused(
        command,
        KernelError.ERANGE,
        LvsException.class,
        "a number is out of the kernel's range",
        "The weight must not be negative, nor the lower threshold exceed the upper one");
  }

  private void assertServiceMissing(Command command) {
    assertRefused(
        command,
        KernelError.ESRCH,
        NotFoundException.class,
        "service not found",
        "Read the services again: another program may have removed this one");
  }

  private void assertServerMissing(Command command) {
    assertRefused(
        command,
        KernelError.ENOENT,
        NotFoundException.class,
        "real server not found",
        "Read the service again: another program may have removed the real server");
  }

  private void assertModuleMissing(Command command, String hint) {
    assertRefused(
        command,
        KernelError.ENOENT,
        NotFoundException.class,
        "scheduler or persistence engine not found",
        hint);
  }

  // -- services ---------------------------------------------------------------------------------

  @Test
  default void addingPresentServiceThrowsAlreadyExists() {
    add(web());
    add(VirtualService.fwmark6(4));
    for (VirtualService service :
        new VirtualService[] {web().scheduler(Scheduler.RR), VirtualService.fwmark6(4)}) {
      assertRefused(
          new Command.AddService(service),
          KernelError.EEXIST,
          AlreadyExistsException.class,
          "service already exists",
          "Edit it instead, or use apply");
    }
  }

  @Test
  default void commandsOnAnAbsentServiceThrowNotFound() {
    add(web().addRealServer("198.51.100.1").tunnel());
    assertServiceMissing(new Command.EditService(VirtualService.tcp("192.0.2.99", 80)));
    assertServiceMissing(new Command.RemoveService(absent()));
    assertServiceMissing(new Command.AddServer(absent(), server("198.51.100.1")));
    assertServiceMissing(new Command.EditServer(absent(), server("198.51.100.1")));
    assertServiceMissing(new Command.RemoveServer(absent(), ServerKey.of("198.51.100.1", 80)));
    assertServiceMissing(new Command.Zero(Optional.of(absent())));
    assertServiceMissing(new Command.RemoveService(ServiceKey.fwmark(80)));
    assertServiceMissing(new Command.RemoveService(ServiceKey.fwmark6(80)));
    assertServiceMissing(new Command.RemoveService(ServiceKey.tcp("2001:db8::99", 80)));
    assertServiceMissing(new Command.RemoveService(ServiceKey.sctp("192.0.2.1", 80)));
  }

  @Test
  default void unknownSchedulerThrowsNotFound() {
    add(web());
    VirtualService unknown = VirtualService.tcp("192.0.2.2", 80).scheduler(Scheduler.named("xyz"));
    assertModuleMissing(new Command.AddService(unknown), "Load the module: modprobe ip_vs_xyz");
    assertModuleMissing(
        new Command.EditService(web().scheduler(Scheduler.named("xyz"))),
        "Load the module: modprobe ip_vs_xyz");
  }

  @Test
  default void unknownPersistenceEngineThrowsNotFound() {
    VirtualService plain = VirtualService.udp("192.0.2.2", 80).scheduler(Scheduler.RR);
    VirtualService unknown = plain.persistence(Persistence.of(Duration.ofMinutes(1)).engine("xyz"));
    String hint = "Load the module: modprobe ip_vs_rr and ip_vs_pe_xyz";
    assertModuleMissing(new Command.AddService(unknown), hint);
    add(plain);
    assertModuleMissing(new Command.EditService(unknown), hint);
  }

  @Test
  default void presentServiceIsNoticedBeforeAnUnknownScheduler() {
    add(web());
    assertThat(refused(new Command.AddService(web().scheduler(Scheduler.named("xyz")))))
        .isInstanceOf(AlreadyExistsException.class);
  }

  @Test
  default void absentServiceIsNoticedBeforeAnUnknownScheduler() {
    assertServiceMissing(new Command.EditService(web().scheduler(Scheduler.named("xyz"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 129, 1000})
  default void impossiblePrefixLengthOfIpv6IsRefused(int length) {
    ServiceKey key = ServiceKey.tcp("2001:db8::1", 80);
    Persistence persistence = Persistence.observed(60, AddressFamily.IPV6, length, null);
    VirtualService service =
        VirtualService.observed(key, Scheduler.RR, persistence, false, List.of());
    assertThat(refused(new Command.AddService(service)).reason())
        .startsWith("the kernel refused it as invalid");
    assertThat(driver().service(key)).isEmpty();
    add(VirtualService.tcp("2001:db8::1", 80));
    assertThat(refused(new Command.EditService(service)).reason())
        .startsWith("the kernel refused it as invalid");
    assertHolds(VirtualService.tcp("2001:db8::1", 80));
  }

  // -- real servers -----------------------------------------------------------------------------

  @Test
  default void addingPresentServerThrowsAlreadyExists() {
    add(web().addRealServer("198.51.100.1").tunnel());
    assertRefused(
        new Command.AddServer(web().key(), server("198.51.100.1").weight(3)),
        KernelError.EEXIST,
        AlreadyExistsException.class,
        "real server already exists",
        "Edit it instead, or use apply");
  }

  @Test
  default void commandsOnAnAbsentServerThrowNotFound() {
    add(web().addRealServer("198.51.100.1").tunnel());
    assertServerMissing(new Command.EditServer(web().key(), server("198.51.100.2")));
    assertServerMissing(new Command.RemoveServer(web().key(), ServerKey.of("198.51.100.2", 80)));
    assertServerMissing(new Command.RemoveServer(web().key(), ServerKey.of("2001:db8::1", 80)));
    assertServerMissing(new Command.EditServer(web().key(), server("2001:db8::1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"224.0.0.1", "239.1.2.3", "255.255.255.255", "0.0.0.0"})
  default void addressThatIsNotUnicastIsRefused(String address) {
    add(web());
    assertInvalidServer(new Command.AddServer(web().key(), server(address)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff02::1", "fe80::1", "::"})
  default void ipv6AddressThatIsNotGlobalUnicastIsRefused(String address) {
    VirtualService service = VirtualService.tcp("2001:db8::80", 80);
    add(service);
    assertInvalidServer(new Command.AddServer(service.key(), server(address)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "fd00::1", "fec0::1", "::192.0.2.1", "64:ff9b::1"})
  default void otherIpv6AddressesAreTaken(String address) {
    VirtualService service = VirtualService.tcp("2001:db8::80", 80);
    add(service.addRealServer(address).tunnel());
    assertHolds(service.addRealServer(address).tunnel());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "240.0.0.1", "0.0.0.1", "169.254.1.1"})
  default void otherIpv4AddressesAreTaken(String address) {
    add(web().addRealServer(address).tunnel());
    assertHolds(web().addRealServer(address).tunnel());
  }

  @Test
  default void lowerThresholdAboveTheUpperOneIsRefused() {
    add(web().addRealServer("198.51.100.1").tunnel());
    assertNumberOutOfRange(
        new Command.AddServer(web().key(), foreign("198.51.100.2", Forwarding.TUNNEL, 50, 51)));
    assertNumberOutOfRange(
        new Command.AddServer(web().key(), foreign("198.51.100.2", Forwarding.TUNNEL, 0, 1)));
    assertNumberOutOfRange(
        new Command.EditServer(web().key(), foreign("198.51.100.1", Forwarding.TUNNEL, 50, 51)));
  }

  @Test
  default void upperThresholdBeyondAnIntIsRefused() {
    add(web().addRealServer("198.51.100.1").tunnel());
    RealServer wide = foreign("198.51.100.2", Forwarding.TUNNEL, 1L << 31, 0);
    // Kernels of one version differ by patch level: no driver asks them, nor looks for the service.
    assertBeyondAnInt(new Command.AddServer(web().key(), wide), 1L << 31);
    assertBeyondAnInt(
        new Command.AddServer(
            web().key(), foreign("198.51.100.2", Forwarding.TUNNEL, 1L << 31, 0xffff_ffffL)),
        1L << 31);
    assertBeyondAnInt(
        new Command.EditServer(
            web().key(), foreign("198.51.100.1", Forwarding.TUNNEL, 0xffff_ffffL, 0)),
        0xffff_ffffL);
    assertBeyondAnInt(
        new Command.AddServer(VirtualService.tcp("192.0.2.99", 80).key(), wide), 1L << 31);
    assertHolds(web().addRealServer("198.51.100.1").tunnel());
  }

  private void assertBeyondAnInt(Command command, long threshold) {
    LvsException error = refused(command);
    assertThat(error).isExactlyInstanceOf(LvsException.class);
    assertThat(error.code()).isEmpty();
    assertThat(error.reason())
        .isEqualTo("upper threshold must be 0 to 2147483647, not " + threshold);
    assertThat(error.hint())
        .isEqualTo(
            "Some kernel patch levels accept a higher value, others refuse it: use at most"
                + " 2147483647");
  }

  @Test
  default void gueWithoutPortIsRefused() {
    add(web().addRealServer("198.51.100.1").tunnel());
    Forwarding gue = new Forwarding.Tunnel(new Encapsulation(Encapsulation.TYPE_GUE, 0, 0));
    assertRefusedOrUnsupported(
        new Command.AddServer(web().key(), foreign("198.51.100.2", gue, 0, 0)));
    assertRefusedOrUnsupported(
        new Command.EditServer(web().key(), foreign("198.51.100.1", gue, 0, 0)));
    assertHolds(web().addRealServer("198.51.100.1").tunnel());
  }

  /** For values that a program which checks its arguments does not let through to the kernel. */
  private void assertRefusedOrUnsupported(Command command) {
    if (reportsErrno()) {
      assertInvalidServer(command);
    } else {
      LvsException error = refused(command);
      assertThat(error)
          .satisfiesAnyOf(
              e -> assertThat(e).isInstanceOf(UnsupportedException.class),
              e -> assertThat(e.reason()).startsWith("the kernel refused it as invalid"));
    }
  }

  @Test
  default void onlyTunnelsMayMixFamilies() {
    VirtualService v6 = VirtualService.tcp("2001:db8::80", 80);
    add(web().addRealServer("2001:db8::1").tunnel());
    add(v6);
    for (Forwarding forwarding :
        new Forwarding[] {Forwarding.DIRECT_ROUTING, Forwarding.MASQUERADE}) {
      assertInvalidServer(
          new Command.AddServer(web().key(), foreign("2001:db8::2", forwarding, 0, 0)));
      assertInvalidServer(
          new Command.EditServer(web().key(), foreign("2001:db8::1", forwarding, 0, 0)));
      assertInvalidServer(
          new Command.AddServer(v6.key(), foreign("198.51.100.1", forwarding, 0, 0)));
    }
  }

  @Test
  default void runningSyncDaemonKeepsFamiliesApart() {
    add(web());
    add(VirtualService.tcp("2001:db8::80", 80));
    done(new Command.StartDaemon(SyncDaemon.backup(networkInterface())));
    assertInvalidServer(new Command.AddServer(web().key(), server("2001:db8::1")));
    assertInvalidServer(
        new Command.AddServer(ServiceKey.tcp("2001:db8::80", 80), server("198.51.100.1")));
    assertInvalidServer(new Command.EditServer(web().key(), server("2001:db8::1")));
    assertServerMissing(new Command.RemoveServer(web().key(), ServerKey.of("2001:db8::1", 80)));
    done(
        new Command.AddServer(web().key(), server("198.51.100.1")),
        new Command.StopDaemon(SyncDaemon.Role.BACKUP),
        new Command.AddServer(web().key(), server("2001:db8::1")));
  }

  @Test
  default void presentServerIsNoticedAfterItsNumbersAndBeforeItsAddress() {
    add(web().addRealServer("198.51.100.1").tunnel());
    assertThat(
            refused(
                    new Command.AddServer(
                        web().key(), foreign("198.51.100.1", Forwarding.TUNNEL, 1, 2)))
                .reason())
        .startsWith("a number is out of the kernel's range");
    assertThat(
            refused(
                    new Command.EditServer(
                        web().key(), foreign("198.51.100.9", Forwarding.TUNNEL, 1, 2)))
                .reason())
        .startsWith("a number is out of the kernel's range");
    assertServerMissing(new Command.EditServer(web().key(), server("224.0.0.1")));
  }

  @Test
  default void mixedFamiliesAreNoticedBeforeNumbers() {
    add(web());
    assertInvalidServer(
        new Command.AddServer(web().key(), foreign("2001:db8::1", Forwarding.MASQUERADE, 1, 2)));
  }

  // -- sync daemons -----------------------------------------------------------------------------

  @Test
  default void secondDaemonOfARoleThrowsAlreadyExists() {
    done(new Command.StartDaemon(SyncDaemon.backup(networkInterface()).syncId(3)));
    assertRefused(
        new Command.StartDaemon(SyncDaemon.backup(networkInterface()).syncId(4)),
        KernelError.EEXIST,
        AlreadyExistsException.class,
        "a sync daemon of this role is already running",
        "Edit it instead, or use apply");
  }

  @ParameterizedTest
  @ValueSource(strings = {"MASTER", "BACKUP"})
  default void stoppingWhatDoesNotRunThrowsNotFound(SyncDaemon.Role role) {
    assertRefused(
        new Command.StopDaemon(role),
        KernelError.ESRCH,
        NotFoundException.class,
        "the sync daemon is not running",
        "There is nothing to stop");
  }

  @Test
  default void daemonOnAnAbsentInterfaceThrowsNotFound() {
    assertRefused(
        new Command.StartDaemon(SyncDaemon.master("absent0")),
        KernelError.ENODEV,
        NotFoundException.class,
        "interface not found",
        "Name an interface of the director's network namespace (ip link)");
  }

  @Test
  default void absentInterfaceIsNoticedBeforeARunningDaemon() {
    done(new Command.StartDaemon(SyncDaemon.backup(networkInterface())));
    assertThat(refused(new Command.StartDaemon(SyncDaemon.backup("absent0"))))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  default void serverOfAnotherFamilyRulesOutDaemons() {
    add(web().addRealServer("2001:db8::1").tunnel());
    for (String name : new String[] {networkInterface(), "absent0"}) {
      assertRefused(
          new Command.StartDaemon(SyncDaemon.master(name)),
          KernelError.EINVAL,
          LvsException.class,
          "the kernel refused it as invalid",
          "The group must be multicast, of a family that the interface has an address of;"
              + " real servers of another family than their service's rule out sync daemons");
    }
    done(
        new Command.RemoveServer(web().key(), ServerKey.of("2001:db8::1", 80)),
        new Command.StartDaemon(SyncDaemon.backup(networkInterface())));
  }

  @Test
  default void removingTheServiceOfAMixedServerLetsDaemonsStart() {
    add(web().addRealServer("2001:db8::1").tunnel());
    done(
        new Command.RemoveService(web().key()),
        new Command.StartDaemon(SyncDaemon.backup(networkInterface())));
  }

  @Test
  default void flushingMixedServersLetsDaemonsStart() {
    add(web().addRealServer("2001:db8::1").tunnel());
    done(new Command.Flush(), new Command.StartDaemon(SyncDaemon.backup(networkInterface())));
  }

  @Test
  default void refusalLeavesTimeoutsAlone() {
    Timeouts before = driver().timeouts();
    assertServiceMissing(new Command.RemoveService(absent()));
    assertThat(driver().timeouts()).isEqualTo(before);
  }
}
