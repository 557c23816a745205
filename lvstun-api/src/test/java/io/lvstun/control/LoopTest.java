// SPDX-License-Identifier: Apache-2.0
package io.lvstun.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Director;
import io.lvstun.VirtualService;
import io.lvstun.memory.Fault;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.spi.KernelError;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoopTest {

  private static final VirtualService WEB =
      VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel();

  private static final class Store implements DesiredStateStore {
    private final Deque<String> aside = new ArrayDeque<>();
    private String text = "";
    private boolean full;

    @Override
    public Optional<String> load() {
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    @Override
    public void save(String saved) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      text = saved;
    }

    @Override
    public Optional<String> setAside() {
      aside.add(text);
      return Optional.of("/state.bad");
    }

    @Override
    public String place() {
      return "/state";
    }

    @Override
    public void close() {}
  }

  private final Store store = new Store();
  private final MemoryDriver driver = MemoryDriver.open();
  private final List<Decision> decisions = new ArrayList<>();
  private long now = 1000;
  private final Core core = new Core(5000, EnumSet.allOf(SafetyRule.class), false);
  private Director director = Director.on(driver);

  private Loop loop(String table) {
    return new Loop(core, () -> now, () -> director, store, table, decisions::add, end -> {});
  }

  private List<String> told() {
    return decisions.stream().map(decision -> decision.kind().name()).toList();
  }

  private List<VirtualService> table() {
    return driver.services(Consistency.VERIFIED).stream().map(ServiceState::definition).toList();
  }

  @Test
  void wishIsSavedBeforeTheTableIsWritten() throws IOException {
    Loop loop = loop("here");
    loop.deliver(loop.begin());
    store.full = true;
    loop.deliver(new Event.Want(List.of(ManagedService.of(WEB)), false));
    assertThat(table()).isEmpty();
    assertThat(told()).contains("STORE_FAILED");
    store.full = false;
    now += 5000;
    loop.deliver(new Event.Tick());
    assertThat(table()).containsExactly(WEB);
    assertThat(told()).contains("STORE_BACK", "APPLIED");
  }

  @Test
  void storedStateIsGoneOnWith() throws IOException {
    store.text = StateText.write(DesiredState.EMPTY.with(ManagedService.of(WEB)), "here");
    Loop loop = loop("here");
    Event.Started started = loop.begin();
    assertThat(started.rejected()).isNull();
    assertThat(started.origin()).isEqualTo("as stored in /state");
    loop.deliver(started);
    assertThat(table()).containsExactly(WEB);
  }

  @Test
  void whatAnotherTableHadToGiveUpIsNotTouchedHere() throws IOException {
    store.text =
        StateText.write(
            DesiredState.EMPTY.with(ManagedService.of(WEB)).without(WEB.key()), "elsewhere");
    director.create(WEB);
    Loop loop = loop("here");
    Event.Started started = loop.begin();
    assertThat(started.rejected()).contains("written for another table (elsewhere, this is here)");
    loop.deliver(started);
    assertThat(table()).containsExactly(WEB);
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "{", "\0", "lvstun\n"})
  void stateThatCannotBeReadIsRefusedOrKeptAsideAndNeverOverwritten(String text) {
    store.text = text;
    Event.Started started;
    try {
      started = loop("here").begin();
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("/state: ").hasMessageContaining("Name another file");
      assertThat(store.text).isEqualTo(text);
      return;
    }
    assertThat(started.stored()).isEqualTo(DesiredState.EMPTY);
    assertThat(started.rejected()).contains("it is kept as /state.bad");
    assertThat(store.aside).containsExactly(text);
  }

  @Test
  void directorThatThrowsAnythingIsATableThatCannotBeRead() throws IOException {
    director = mock(Director.class);
    when(director.services(Consistency.SINGLE_PASS)).thenThrow(new IllegalStateException("closed"));
    Loop loop = loop("here");
    loop.deliver(loop.begin());
    assertThat(told()).containsExactly("STARTED", "KERNEL_LOST");
    assertThat(decisions.get(1).toString()).contains("closed");
    director = Director.on(driver);
    now += 5000;
    loop.deliver(new Event.Tick());
    assertThat(told()).endsWith("KERNEL_BACK");
  }

  @Test
  void coreThatFailedIsGoneOnWithAtTheNextPeriod() throws IOException {
    Loop loop = loop("here");
    loop.deliver(loop.begin());
    loop.deliver(new Event.Want(List.of(ManagedService.of(WEB)), false));
    loop.recover();
    driver
        .execute(List.of(new Command.Flush()))
        .forEach(outcome -> assertThat(outcome.failure()).isEmpty());
    now += 5000;
    loop.deliver(new Event.Tick());
    now += 5000;
    loop.deliver(new Event.Tick());
    assertThat(table()).containsExactly(WEB);
  }

  @Test
  void commandThatTheKernelRefusesIsToldWithItsHint() throws IOException {
    MemoryDriver refusing =
        MemoryDriver.builder()
            .faults(
                command ->
                    command instanceof Command.AddServer
                        ? Fault.refuse(KernelError.ENOMEM)
                        : Fault.NONE)
            .open();
    director = Director.on(refusing);
    Loop loop = loop("here");
    loop.deliver(loop.begin());
    loop.deliver(new Event.Want(List.of(ManagedService.of(WEB)), false));
    assertThat(decisions)
        .filteredOn(decision -> decision.kind() == Decision.Kind.APPLY_FAILED)
        .singleElement()
        .asString()
        .contains("the kernel is out of memory. Free memory on the director");
  }
}
