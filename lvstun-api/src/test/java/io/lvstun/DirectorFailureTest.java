// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.Outcome;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a director does when the driver refuses, keeps silent, or another program interferes. */
final class DirectorFailureTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80)
          .addRealServer("192.0.2.11")
          .tunnel()
          .addRealServer("192.0.2.12")
          .tunnel();

  private final IpvsDriver driver = mock();
  private final List<Command> executed = new ArrayList<>();
  private final Map<ServiceKey, VirtualService> table = new HashMap<>();
  private Predicate<Command> refused = command -> false;
  private int errno = KernelError.EINVAL.number();
  private boolean silent;

  @BeforeEach
  void scriptTheDriver() {
    when(driver.name()).thenReturn("scripted");
    when(driver.service(any()))
        .thenAnswer(
            call ->
                Optional.ofNullable(table.get(call.<ServiceKey>getArgument(0))).map(this::state));
    when(driver.services(any(Consistency.class)))
        .thenAnswer(call -> table.values().stream().map(this::state).toList());
    when(driver.execute(any()))
        .thenAnswer(call -> call.<List<Command>>getArgument(0).stream().map(this::answer).toList());
  }

  private ServiceState state(VirtualService service) {
    List<ServerState> servers =
        service.realServers().stream()
            .map(server -> new ServerState(server, 0, 0, 0, Counters.ZERO, Rates.ZERO))
            .toList();
    return new ServiceState(service, servers, Counters.ZERO, Rates.ZERO);
  }

  private Outcome answer(Command command) {
    executed.add(command);
    if (!refused.test(command)) {
      carryOut(command);
      return Outcome.done(command);
    }
    if (silent) {
      return Outcome.failed(
          command,
          new TimeoutException(
              new LvsException.Failure(
                  command.operation(),
                  command.target(),
                  "scripted",
                  "no answer within 5 s; whether it was done is not known",
                  OptionalInt.empty(),
                  "")));
    }
    return Outcome.failed(command, KernelError.refused("scripted", command, errno, errno, ""));
  }

  private void carryOut(Command command) {
    if (command instanceof Command.AddService add) {
      table.put(add.service().key(), add.service());
    } else if (command instanceof Command.RemoveService remove) {
      table.remove(remove.service());
    } else if (command instanceof Command.AddServer add) {
      table.computeIfPresent(add.service(), (key, it) -> it.addRealServer(add.server()));
    } else if (command instanceof Command.RemoveServer remove) {
      table.computeIfPresent(remove.service(), (key, it) -> it.removeRealServer(remove.server()));
    }
  }

  private Director director() {
    return Director.on(driver);
  }

  private static boolean adds(Command command, String server) {
    return command instanceof Command.AddServer add
        && IpAddress.format(add.server().address()).equals(server);
  }

  private ApplyException failing(Director director, VirtualService... services) {
    return catchThrowableOfType(ApplyException.class, () -> director.apply(services));
  }

  @Test
  void failureRollsBackLastChangeFirst() {
    refused = command -> adds(command, "192.0.2.12");
    ApplyException e = failing(director(), WEB);
    assertThat(executed)
        .endsWith(
            new Command.RemoveServer(WEB.key(), ServerKey.of("192.0.2.11", 80)),
            new Command.RemoveService(WEB.key()));
    assertThat(e.report()).hasToString("2 done, 1 failed, 2 undone");
    assertThat(e.report().failed().get(0).change())
        .hasToString("+ TCP 192.0.2.1:80 -> 192.0.2.12:80 Tunnel 1");
    assertThat(e).hasCause(e.report().failed().get(0).error());
    assertThat(e.getMessage())
        .contains("first failure: cannot add real server 192.0.2.12:80 of TCP 192.0.2.1:80");
  }

  @Test
  void failureKeepsWhatWasDoneIfAsked() {
    refused = command -> adds(command, "192.0.2.12");
    Director director = director();
    Plan plan = director.plan(WEB).onFailure(OnFailure.KEEP);
    ApplyException e = catchThrowableOfType(ApplyException.class, () -> director.apply(plan));
    assertThat(e.report()).hasToString("2 done, 1 failed");
    assertThat(executed).noneMatch(command -> command instanceof Command.RemoveServer);
  }

  @Test
  void removalsWaitForAdditionsThatFail() {
    table.put(WEB.key(), WEB);
    refused = command -> adds(command, "192.0.2.13");
    VirtualService swapped =
        WEB.removeRealServer("192.0.2.11").addRealServer("192.0.2.13").tunnel();
    ApplyException e = failing(director(), swapped);
    assertThat(e.report()).hasToString("0 done, 1 failed, 1 not attempted");
    assertThat(executed).noneMatch(command -> command instanceof Command.RemoveServer);
  }

  @Test
  void whatIsGoneAlreadyNeedsNoRemoval() {
    table.put(WEB.key(), WEB);
    refused =
        command -> {
          if (command instanceof Command.RemoveServer remove) {
            // Somebody else was faster.
            table.put(WEB.key(), WEB.removeRealServer(remove.server()));
            return true;
          }
          return false;
        };
    errno = KernelError.ENOENT.number();
    ApplyReport report = director().apply(WEB.removeRealServer("192.0.2.11"));
    assertThat(report).hasToString("0 done");
  }

  @Test
  void changeOfUnknownFateIsTakenBackToo() {
    silent = true;
    refused = command -> adds(command, "192.0.2.12");
    ApplyException e = failing(director(), WEB);
    assertThat(executed)
        .contains(new Command.RemoveServer(WEB.key(), ServerKey.of("192.0.2.12", 80)));
    assertThat(e.report()).hasToString("2 done, 1 failed, 3 undone");
    assertThat(e.report().failed().get(0).error()).isInstanceOf(TimeoutException.class);
  }

  @Test
  void failedRollBackIsReportedAndSaysToApplyAgain() {
    refused =
        command ->
            adds(command, "192.0.2.12")
                || command instanceof Command.RemoveServer
                || command instanceof Command.RemoveService;
    ApplyException e = failing(director(), WEB);
    assertThat(e.report()).hasToString("2 done, 1 failed, 2 not undone");
    assertThat(e.hint()).startsWith("The table is between the old and the new state: apply again");
  }

  @Test
  void serviceThatAnotherProgramMadeMeanwhileIsPlannedAnew() {
    errno = KernelError.EEXIST.number();
    refused =
        command -> {
          if (command instanceof Command.AddService) {
            table.put(WEB.key(), WEB.withoutRealServers());
            return true;
          }
          return false;
        };
    ApplyReport report = director().apply(WEB);
    assertThat(report.failed()).isEmpty();
    assertThat(executed).filteredOn(command -> command instanceof Command.AddService).hasSize(1);
  }

  @Test
  void missingSchedulerIsNotTriedAgain() {
    errno = KernelError.ENOENT.number();
    refused = command -> command instanceof Command.AddService;
    ApplyException e = failing(director(), WEB.scheduler(Scheduler.named("nope")));
    assertThat(e.getCause())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("modprobe ip_vs_nope");
    assertThat(executed).filteredOn(command -> command instanceof Command.AddService).hasSize(1);
  }

  @Test
  void creatingOverAnotherServiceLeavesItAlone() {
    errno = KernelError.EEXIST.number();
    refused = command -> command instanceof Command.AddService;
    Director director = director();
    assertThatThrownBy(() -> director.create(WEB)).isInstanceOf(AlreadyExistsException.class);
    assertThat(executed).hasSize(1);
  }

  @Test
  void creatingTakesTheServiceAwayAgainIfAServerFails() {
    refused = command -> adds(command, "192.0.2.12");
    Director director = director();
    assertThatThrownBy(() -> director.create(WEB)).isInstanceOf(ApplyException.class);
    assertThat(executed).endsWith(new Command.RemoveService(WEB.key()));
  }

  @Test
  void editingAbsentServiceThrowsNotFound() {
    Director director = director();
    assertThatThrownBy(() -> director.edit(WEB))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("cannot edit service TCP 192.0.2.1:80 (scripted): service not found");
    verify(driver, never()).execute(any());
  }

  @Test
  void editMustKeepTheKey() {
    table.put(WEB.key(), WEB);
    Director director = director();
    assertThatThrownBy(() -> director.edit(WEB.key(), it -> VirtualService.fwmark(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("service must keep its key TCP 192.0.2.1:80, not FWM 1");
  }

  @Test
  void serverThatDoesNotFitIsRefusedBeforeAnyRequest() {
    Director director = director();
    assertThatThrownBy(
            () -> director.addRealServer(WEB.key(), RealServer.tunnel("192.0.2.11").port(81)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tunnelling cannot change it");
    verify(driver, never()).execute(any());
  }

  @Test
  void closingTheDirectorClosesTheDriver() {
    director().close();
    verify(driver).close();
  }
}
