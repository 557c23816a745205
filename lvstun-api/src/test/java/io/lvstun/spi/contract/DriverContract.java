// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.UnsupportedException;
import io.lvstun.VirtualService;
import io.lvstun.spi.IpvsDriver;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServiceState;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What a driver's test provides, and the words in which the contract is written. */
public interface DriverContract {

  /**
   * Returns the driver under test, the same one throughout a test method, on tables that were empty
   * when the method began: no services, no sync daemons, the kernel's time-outs.
   */
  IpvsDriver driver();

  /** Opens another driver of the same kind on the same tables; the caller closes it. */
  IpvsDriver another();

  /** Tells whether the tables are those of a kernel that has a scheduler's module. */
  boolean hasScheduler(String name);

  /**
   * Returns a network interface with an IPv4 and an IPv6 address and an MTU of 1500 that the
   * tables' network namespace has.
   */
  String networkInterface();

  /** Tells whether {@link LvsException#code()} is the kernel's errno. */
  boolean reportsErrno();

  // -- doing ------------------------------------------------------------------------------------

  /** Executes commands that must all be done. */
  default void done(Command... commands) {
    for (Outcome outcome : driver().execute(List.of(commands))) {
      assertThat(outcome.error()).as("%s", outcome.command()).isNull();
    }
  }

  /** Adds a service with its real servers. */
  default void add(VirtualService service) {
    done(new Command.AddService(service));
    for (RealServer server : service.realServers()) {
      done(new Command.AddServer(service.key(), server));
    }
  }

  /** Executes a command that must be refused, and returns why. */
  default LvsException refused(Command command) {
    List<Outcome> outcomes = driver().execute(List.of(command));
    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.get(0).command()).isSameAs(command);
    return outcomes
        .get(0)
        .failure()
        .orElseThrow(() -> new AssertionError(command + " must be refused, but was done"));
  }

  /**
   * Executes commands of which the last needs capabilities. Returns whether the driver has them; if
   * not, the last command must have been refused as unsupported, with a reason.
   */
  default boolean doneIfCapable(Set<Capability> needed, Command... commands) {
    List<Capability> missing =
        needed.stream().filter(driver().missing()::containsKey).sorted().toList();
    if (missing.isEmpty()) {
      done(commands);
      return true;
    }
    done(Arrays.copyOf(commands, commands.length - 1));
    LvsException error = refused(commands[commands.length - 1]);
    assertThat(error).isInstanceOf(UnsupportedException.class);
    assertThat(error.reason()).as("reason").hasSizeGreaterThan(15);
    assertThat(error.driver()).isEqualTo(driver().name());
    return false;
  }

  // -- looking ----------------------------------------------------------------------------------

  /** Reads a service that must be there. */
  default ServiceState present(ServiceKey key) {
    return driver()
        .service(key)
        .orElseThrow(() -> new AssertionError(key + " must be there, but is not"));
  }

  /** Asserts that the tables hold exactly these services, whichever way they are read. */
  default void assertHolds(VirtualService... services) {
    for (Consistency consistency : Consistency.values()) {
      assertThat(driver().services(consistency))
          .extracting(ServiceState::definition)
          .as("%s", consistency)
          .containsExactlyInAnyOrder(services);
    }
    for (VirtualService service : services) {
      assertThat(present(service.key()).definition()).isEqualTo(service);
    }
  }
}
