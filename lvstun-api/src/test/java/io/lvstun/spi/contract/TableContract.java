// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import io.lvstun.state.Counters;
import io.lvstun.state.IpvsInfo;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What concerns the tables as a whole: time-outs, flush, zero, info, connections. */
public interface TableContract extends DriverContract {

  @Test
  default void timeoutsAreTheKernelsAtFirst() {
    assertThat(driver().timeouts()).isEqualTo(Timeouts.ofSeconds(900, 120, 300));
  }

  @Test
  default void timeoutsAreSet() {
    done(new Command.SetTimeouts(Timeouts.ofSeconds(1, 2, 3)));
    assertThat(driver().timeouts()).isEqualTo(Timeouts.ofSeconds(1, 2, 3));
    Timeouts longest = Timeouts.ofSeconds(2147483, 2147483, 2147483);
    done(new Command.SetTimeouts(longest));
    assertThat(driver().timeouts()).isEqualTo(longest);
  }

  @Test
  default void zeroLeavesATimeoutAsItIs() {
    done(new Command.SetTimeouts(Timeouts.UNCHANGED));
    assertThat(driver().timeouts()).isEqualTo(Timeouts.ofSeconds(900, 120, 300));
    done(new Command.SetTimeouts(Timeouts.UNCHANGED.tcp(Duration.ofSeconds(7))));
    assertThat(driver().timeouts()).isEqualTo(Timeouts.ofSeconds(7, 120, 300));
    done(new Command.SetTimeouts(Timeouts.UNCHANGED.tcpFin(Duration.ofSeconds(8))));
    done(new Command.SetTimeouts(Timeouts.UNCHANGED.udp(Duration.ofSeconds(9))));
    assertThat(driver().timeouts()).isEqualTo(Timeouts.ofSeconds(7, 8, 9));
  }

  @Test
  default void flushRemovesEveryServiceAndNothingElse() {
    add(VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel());
    add(VirtualService.udp("2001:db8::1", 53));
    add(VirtualService.fwmark(1));
    add(VirtualService.fwmark6(1).addRealServer("198.51.100.1").tunnel());
    done(new Command.SetTimeouts(Timeouts.ofSeconds(1, 2, 3)), new Command.Flush());
    assertHolds();
    assertThat(driver().timeouts()).isEqualTo(Timeouts.ofSeconds(1, 2, 3));
  }

  @Test
  default void flushOfEmptyTablesIsDone() {
    done(new Command.Flush());
    assertHolds();
  }

  @Test
  default void zeroKeepsTheConfiguration() {
    VirtualService service =
        VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel();
    VirtualService mark = VirtualService.fwmark6(8);
    add(service);
    add(mark);
    done(
        new Command.Zero(Optional.of(service.key())),
        new Command.Zero(Optional.of(mark.key())),
        new Command.Zero(Optional.empty()));
    assertHolds(service, mark);
    assertThat(driver().services(Consistency.VERIFIED))
        .extracting(ServiceState::counters)
        .allSatisfy(counters -> assertThat(counters).isEqualTo(Counters.ZERO));
  }

  @Test
  default void zeroOfEmptyTablesIsDone() {
    done(new Command.Zero(Optional.empty()));
  }

  @Test
  default void infoTellsVersionAndSize() {
    IpvsInfo info = driver().info();
    assertThat(info.versionText()).isEqualTo("1.2.1");
    assertThat(info.connectionTableSize()).isGreaterThanOrEqualTo(256);
    assertThat(Integer.bitCount(info.connectionTableSize())).isEqualTo(1);
  }

  @Test
  default void connectionTableIsEmptyWithoutTraffic() {
    add(VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel());
    if (!driver().missing().containsKey(Capability.CONNECTION_TABLE)) {
      try (var connections = driver().connections()) {
        assertThat(connections).isEmpty();
      }
    }
  }
}
