// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.drivers;

import io.lvstun.AddressFamily;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.ServiceKey;
import io.lvstun.SyncDaemon;
import io.lvstun.TimeoutException;
import io.lvstun.Timeouts;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Carries sequences of commands out on a kernel and on the in-memory driver, and tells the first
 * thing in which they differ: an outcome, or something that is read afterwards.
 */
final class Equivalence {

  /** How long the kernel takes to run a sync daemon's thread for the first time. */
  private static final long DAEMON_STARTS_MILLIS = 30;

  private static final int THOROUGH_EVERY = 8;

  private final IpvsDriver kernel;
  private final Supplier<MemoryDriver> memory;
  private final boolean sameCode;
  private int comparisons;

  /**
   * Makes a comparison.
   *
   * @param kernel a driver whose tables are this comparison's own
   * @param memory opens an in-memory driver with empty tables, modelled on that kernel
   * @param sameCode whether the kernel's driver reports errno, as the in-memory driver does
   */
  Equivalence(IpvsDriver kernel, Supplier<MemoryDriver> memory, boolean sameCode) {
    this.kernel = kernel;
    this.memory = memory;
    this.sameCode = sameCode;
  }

  /** Carries a sequence out on both, from empty tables; returns the first difference, if any. */
  Optional<String> difference(List<Command> commands) {
    Tables.reset(kernel);
    try (MemoryDriver model = memory.get()) {
      List<Command> modelled = new ArrayList<>();
      List<Outcome> done = new ArrayList<>();
      for (Outcome outcome : execute(commands)) {
        // What the driver does not do at all is not a matter of the kernel's semantics.
        if (!isObstacle(outcome)) {
          modelled.add(outcome.command());
          done.add(outcome);
        }
      }
      List<Outcome> expected = model.execute(modelled);
      for (int i = 0; i < modelled.size(); i++) {
        String before = describe(expected.get(i));
        String after = describe(done.get(i));
        boolean refused = expected.get(i).error() != null && done.get(i).error() != null;
        if (refused && hasTwoFaults(modelled.get(i))) {
          continue;
        }
        if (!before.equals(after) && !isUnanswered(done.get(i))) {
          return Optional.of(
              "outcome of " + modelled.get(i) + "\n  memory: " + before + "\n  kernel: " + after);
        }
      }
      return stateDifference(model, modelled);
    }
  }

  /**
   * Whether the program refuses the netmask before the kernel can refuse the scheduler or the
   * persistence engine: of two faults, either may be told.
   */
  private boolean hasTwoFaults(Command command) {
    VirtualService service =
        command instanceof Command.AddService add
            ? add.service()
            : command instanceof Command.EditService edit ? edit.service() : null;
    return !sameCode
        && service != null
        && service.key().family() == AddressFamily.IPV6
        && service
            .persistence()
            .map(persistence -> persistence.mask(AddressFamily.IPV6))
            .filter(prefix -> prefix < 1 || prefix > 128)
            .isPresent();
  }

  /**
   * Runs the commands as batches that end before each stop of a sync daemon, with a pause: the
   * kernel does not answer the stop of a daemon whose thread has not run yet.
   */
  private List<Outcome> execute(List<Command> commands) {
    List<Outcome> outcomes = new ArrayList<>(commands.size());
    int from = 0;
    for (int to = 1; to <= commands.size(); to++) {
      if (to == commands.size() || commands.get(to) instanceof Command.StopDaemon) {
        outcomes.addAll(kernel.execute(commands.subList(from, to)));
        from = to;
        if (to < commands.size()) {
          pause();
        }
      }
    }
    return outcomes;
  }

  private static void pause() {
    try {
      Thread.sleep(DAEMON_STARTS_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private boolean isObstacle(Outcome outcome) {
    return !kernel.missing().isEmpty()
        && outcome.error() instanceof UnsupportedException error
        && error.code().isEmpty();
  }

  private static boolean isUnanswered(Outcome outcome) {
    return outcome.command() instanceof Command.StopDaemon
        && outcome.error() instanceof TimeoutException;
  }

  private String describe(Outcome outcome) {
    LvsException error = outcome.error();
    if (error == null) {
      return "done";
    }
    // A driver may add in parentheses what the kernel or a program said.
    String reason = error.reason();
    int added = reason.indexOf(" (");
    return String.join(
        " | ",
        error.getClass().getSimpleName(),
        error.operation(),
        error.target(),
        added < 0 ? reason : reason.substring(0, added),
        sameCode ? error.code().toString() : "",
        error.hint());
  }

  private Optional<String> stateDifference(MemoryDriver model, List<Command> commands) {
    // Nobody else writes: one pass sees everything, and costs a third of a verified read.
    boolean thorough = ++comparisons % THOROUGH_EVERY == 0;
    for (Consistency consistency : Consistency.values()) {
      if (consistency == Consistency.VERIFIED && !thorough) {
        continue;
      }
      Map<ServiceKey, ServiceState> expected = byKey(model.services(consistency));
      Map<ServiceKey, ServiceState> actual = byKey(kernel.services(consistency));
      Set<ServiceKey> keys = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
      keys.addAll(expected.keySet());
      keys.addAll(actual.keySet());
      for (ServiceKey key : keys) {
        String difference = difference(key, expected.get(key), actual.get(key));
        if (difference != null) {
          return Optional.of(consistency + " read of services: " + difference);
        }
      }
    }
    for (ServiceKey key : thorough ? keysOf(commands) : List.<ServiceKey>of()) {
      String difference =
          difference(key, model.service(key).orElse(null), kernel.service(key).orElse(null));
      if (difference != null) {
        return Optional.of("read of one service: " + difference);
      }
    }
    Timeouts timeouts = kernel.timeouts();
    if (!timeouts.equals(model.timeouts())) {
      return Optional.of("timeouts\n  memory: " + model.timeouts() + "\n  kernel: " + timeouts);
    }
    List<SyncDaemon> daemons = kernel.syncDaemons();
    if (!daemons.equals(model.syncDaemons())) {
      return Optional.of(
          "sync daemons\n  memory: " + model.syncDaemons() + "\n  kernel: " + daemons);
    }
    return Optional.empty();
  }

  private static @Nullable String difference(
      ServiceKey key, @Nullable ServiceState expected, @Nullable ServiceState actual) {
    return Objects.equals(expected, actual)
        ? null
        : key + "\n  memory: " + describe(expected) + "\n  kernel: " + describe(actual);
  }

  private static String describe(@Nullable ServiceState state) {
    return state == null
        ? "absent"
        : state
            + " servers "
            + state.servers()
            + " "
            + state.counters()
            + " "
            + state.rates()
            + state.definition().persistence().map(p -> " " + p).orElse("");
  }

  private static Map<ServiceKey, ServiceState> byKey(List<ServiceState> states) {
    Map<ServiceKey, ServiceState> map = new HashMap<>();
    for (ServiceState state : states) {
      ServiceState other = map.put(state.key(), state);
      if (other != null) {
        throw new AssertionError(state.key() + " is reported twice");
      }
    }
    return map;
  }

  /** The keys of the first services named: reading every one singly would take too long. */
  private static List<ServiceKey> keysOf(List<Command> commands) {
    return commands.stream()
        .filter(command -> command instanceof Command.AddServer)
        .map(command -> ((Command.AddServer) command).service())
        .distinct()
        .limit(2)
        .toList();
  }

  /**
   * Leaves out of a sequence that shows a difference whatever can be left out: halves, quarters,
   * and in the end single commands.
   */
  List<Command> shrink(List<Command> commands) {
    List<Command> smallest = commands;
    for (int size = Math.max(1, commands.size() / 2); size >= 1; size /= 2) {
      boolean smaller = true;
      while (smaller) {
        smaller = false;
        for (int from = 0; from < smallest.size(); from += size) {
          List<Command> fewer = new ArrayList<>(smallest.subList(0, from));
          fewer.addAll(smallest.subList(Math.min(smallest.size(), from + size), smallest.size()));
          if (!fewer.isEmpty() && difference(fewer).isPresent()) {
            smallest = fewer;
            smaller = true;
            break;
          }
        }
      }
    }
    return smallest;
  }

  /** Says what is needed to look into a difference. */
  String report(List<Command> commands) {
    List<Command> smallest = shrink(commands);
    String steps =
        smallest.stream().map(command -> "  " + command).collect(Collectors.joining("\n"));
    return "The kernel through "
        + kernel.name()
        + " and the in-memory driver differ after "
        + smallest.size()
        + " commands (of "
        + commands.size()
        + "):\n"
        + steps
        + "\nin the "
        + difference(smallest)
            .or(() -> difference(commands))
            .orElse("(the difference did not show again)");
  }
}
