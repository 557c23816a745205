// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.lvstun.AlreadyExistsException;
import io.lvstun.Command;
import io.lvstun.DriverOptions;
import io.lvstun.LvsException;
import io.lvstun.NetworkNamespace;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.Persistence;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The table from error numbers to exceptions, the rows that no test can provoke on a kernel too.
 */
final class KernelErrorTest {

  private static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  private static final RealServer SERVER = RealServer.tunnel("198.51.100.1").port(80);
  private static final List<Command> COMMANDS =
      List.of(
          new Command.AddService(WEB),
          new Command.EditService(WEB),
          new Command.RemoveService(WEB.key()),
          new Command.AddServer(WEB.key(), SERVER),
          new Command.EditServer(WEB.key(), SERVER),
          new Command.RemoveServer(WEB.key(), SERVER.key()),
          new Command.StartDaemon(SyncDaemon.master("eth0")),
          new Command.StopDaemon(SyncDaemon.Role.BACKUP),
          new Command.SetTimeouts(Timeouts.ofSeconds(1, 2, 3)),
          new Command.Zero(Optional.of(WEB.key())),
          new Command.Zero(Optional.empty()),
          new Command.Flush());

  private static LvsException refused(Command command, KernelError error) {
    return KernelError.refused("netlink", command, error.number(), error.number(), "");
  }

  private static LvsException unreadable(KernelError error) {
    return KernelError.refused("netlink", "read services", "", error.number(), error.number(), "");
  }

  @Test
  void commandsNameThemselves() {
    assertThat(COMMANDS)
        .extracting(command -> command.operation() + "|" + command.target())
        .containsExactly(
            "add service|TCP 192.0.2.1:80",
            "edit service|TCP 192.0.2.1:80",
            "remove service|TCP 192.0.2.1:80",
            "add real server|198.51.100.1:80 of TCP 192.0.2.1:80",
            "edit real server|198.51.100.1:80 of TCP 192.0.2.1:80",
            "remove real server|198.51.100.1:80 of TCP 192.0.2.1:80",
            "start sync daemon|master on eth0",
            "stop sync daemon|backup",
            "set timeouts|1 2 3",
            "zero counters|of TCP 192.0.2.1:80",
            "zero counters|",
            "flush services|");
  }

  @Test
  @SuppressWarnings("NullAway")
  void commandsRefuseNull() {
    List<ThrowingCallable> calls =
        List.of(
            () -> new Command.AddService(null),
            () -> new Command.EditService(null),
            () -> new Command.RemoveService(null),
            () -> new Command.AddServer(null, SERVER),
            () -> new Command.AddServer(WEB.key(), null),
            () -> new Command.EditServer(null, SERVER),
            () -> new Command.EditServer(WEB.key(), null),
            () -> new Command.RemoveServer(null, SERVER.key()),
            () -> new Command.RemoveServer(WEB.key(), null),
            () -> new Command.StartDaemon(null),
            () -> new Command.StopDaemon(null),
            () -> new Command.SetTimeouts(null),
            () -> new Command.Zero(null));
    for (ThrowingCallable call : calls) {
      assertThatNullPointerException().isThrownBy(call);
    }
  }

  @Test
  void commandsOnServicesDropTheServers() {
    VirtualService service = WEB.addRealServer("198.51.100.1").tunnel();
    assertThat(new Command.AddService(service).service()).isEqualTo(WEB);
    assertThat(new Command.EditService(service).service()).isEqualTo(WEB);
  }

  @ParameterizedTest
  @EnumSource(KernelError.class)
  void everyErrorOfEveryCommandHasAMessage(KernelError error) {
    for (Command command : COMMANDS) {
      LvsException exception = refused(command, error);
      assertThat(exception.operation()).isEqualTo(command.operation());
      assertThat(exception.target()).isEqualTo(command.target());
      assertThat(exception.driver()).isEqualTo("netlink");
      assertThat(exception.code()).hasValue(error.number());
      assertThat(exception.reason()).isNotBlank().doesNotContain("error " + error.number());
      assertThat(exception).isExactlyInstanceOf(refused(COMMANDS.get(0), error).getClass());
    }
    LvsException read = unreadable(error);
    assertThat(read.reason()).isNotBlank().doesNotContain("error " + error.number());
    assertThat(read).hasMessageStartingWith("cannot read services (netlink): ");
  }

  @Test
  void typesAreThoseACallerActsOnDifferently() {
    Map<KernelError, Class<? extends LvsException>> special =
        Map.of(
            KernelError.EPERM, PermissionException.class,
            KernelError.EACCES, PermissionException.class,
            KernelError.ENOENT, NotFoundException.class,
            KernelError.ESRCH, NotFoundException.class,
            KernelError.ENODEV, NotFoundException.class,
            KernelError.EEXIST, AlreadyExistsException.class,
            KernelError.EOPNOTSUPP, UnsupportedException.class,
            KernelError.EAFNOSUPPORT, UnsupportedException.class);
    for (KernelError error : KernelError.values()) {
      Class<? extends LvsException> type = special.getOrDefault(error, LvsException.class);
      assertThat(refused(COMMANDS.get(0), error)).as("%s", error).isExactlyInstanceOf(type);
      assertThat(unreadable(error)).as("%s", error).isExactlyInstanceOf(type);
    }
  }

  @Test
  void missingPrivilegeSaysWhich() {
    assertThat(unreadable(KernelError.EPERM))
        .hasMessage(
            "cannot read services (netlink): not permitted [1]. IPVS needs CAP_NET_ADMIN in the"
                + " initial user namespace (a rootless container has none): run as root or grant"
                + " the capability");
    assertThat(refused(new Command.Flush(), KernelError.EPERM))
        .hasMessageStartingWith("cannot flush services (netlink): not permitted [1]. IPVS needs");
  }

  @Test
  void missingIpv6SaysWhereToLook() {
    assertThat(refused(COMMANDS.get(0), KernelError.EAFNOSUPPORT))
        .hasMessage(
            "cannot add service TCP 192.0.2.1:80 (netlink): the kernel does not have this address"
                + " family [97]. Check that IPv6 is enabled (net.ipv6.conf.all.disable_ipv6) and"
                + " in the kernel");
  }

  @Test
  void unloadedModuleSaysHowToLoadIt() {
    assertThat(refused(COMMANDS.get(0), KernelError.ENOPROTOOPT))
        .hasMessageEndingWith(
            "the ip_vs module is being unloaded [92]. Load the module again: modprobe ip_vs");
    assertThat(unreadable(KernelError.ENOENT))
        .hasMessageEndingWith("not found [2]. Load the module: modprobe ip_vs");
  }

  @Test
  void missingSchedulerOrEngineNamesTheModules() {
    VirtualService sip =
        WEB.scheduler(Scheduler.named("x"))
            .persistence(Persistence.of(Duration.ofSeconds(1)).engine("sip"));
    assertThat(refused(new Command.AddService(sip), KernelError.ENOENT).hint())
        .isEqualTo("Load the module: modprobe ip_vs_x and ip_vs_pe_sip");
    assertThat(refused(new Command.EditService(WEB), KernelError.ENOENT).hint())
        .isEqualTo("Load the module: modprobe ip_vs_wlc");
  }

  @Test
  void invalidArgumentHintsAreThoseOfTheCommand() {
    assertThat(refused(new Command.SetTimeouts(Timeouts.UNCHANGED), KernelError.EINVAL).hint())
        .isEqualTo("Time-outs are limited to 2^31-1 timer ticks of the kernel");
    assertThat(refused(COMMANDS.get(0), KernelError.EINVAL).hint())
        .isEqualTo("See the kernel's log (dmesg) for lines that begin with IPVS");
  }

  @Test
  void textOfKernelOrProgramIsAdded() {
    assertThat(
            KernelError.refused(
                "ipvsadm",
                new Command.RemoveService(ServiceKey.fwmark(3)),
                3,
                255,
                "No such service"))
        .hasMessage(
            "cannot remove service FWM 3 (ipvsadm): service not found (No such service) [255]."
                + " Read the services again: another program may have removed this one");
  }

  @Test
  void unknownErrorIsShownByNumber() {
    assertThat(KernelError.refused("netlink", new Command.Flush(), 71, 71, ""))
        .isExactlyInstanceOf(LvsException.class)
        .hasMessageStartingWith("cannot flush services (netlink): error 71 [71]");
  }

  @Test
  void outcomeHasAnErrorOrNone() {
    Command flush = new Command.Flush();
    LvsException error = refused(flush, KernelError.EPERM);
    assertThat(Outcome.done(flush).failure()).isEmpty();
    assertThat(Outcome.failed(flush, error).failure()).containsSame(error);
    assertThat(Outcome.failed(flush, error).error()).isSameAs(error);
  }

  @Test
  void optionsHaveDefaults() {
    assertThat(DriverOptions.defaults())
        .isEqualTo(new DriverOptions(Optional.empty(), Duration.ofSeconds(5)));
    assertThat(
            new DriverOptions(Optional.of(NetworkNamespace.named("director")), Duration.ofMillis(1))
                .deadline())
        .isEqualTo(Duration.ofMillis(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999S", "PT1H0.001S"})
  void deadlineIsChecked(Duration deadline) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DriverOptions(Optional.empty(), deadline))
        .withMessage("deadline must be 1 ms to 1 hour, not " + deadline);
  }

  @Test
  void serverKeyOfARemovalIsNamed() {
    assertThat(
            new Command.RemoveServer(ServiceKey.fwmark6(9), ServerKey.of("2001:db8::1", 0))
                .target())
        .isEqualTo("[2001:db8::1]:0 of FWM 9 IPv6");
  }
}
