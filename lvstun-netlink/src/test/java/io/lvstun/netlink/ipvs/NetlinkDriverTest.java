// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_CONFIG;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_DEST;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_INFO;
import static io.lvstun.netlink.ipvs.Ipvs.IPVS_CMD_GET_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.ProtocolException;
import io.lvstun.TimeoutException;
import io.lvstun.netlink.ipvs.FakeKernel.Fault;
import io.lvstun.state.ServiceState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reading when the kernel does not do what it should; opening and closing. */
class NetlinkDriverTest extends OnFakeKernel {

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"BUSY", "CHANGED", "ANSWER_LOST"})
  void readIsRepeatedAfterWhatARepetitionHeals(Fault fault) {
    done(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
    for (int command : new int[] {IPVS_CMD_GET_SERVICE, IPVS_CMD_GET_DEST}) {
      kernel.trap(command, fault);
      List<ServiceState> states = driver.services(Consistency.SINGLE_PASS);
      assertThat(states).hasSize(1);
      assertThat(states.get(0).servers()).hasSize(1);
    }
  }

  @Test
  void readThatStaysBusyTimesOut() {
    for (int i = 0; i < 200_000; i++) {
      kernel.trap(IPVS_CMD_GET_SERVICE, Fault.BUSY);
    }
    assertThatThrownBy(() -> driver.services(Consistency.SINGLE_PASS))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("busy with another dump until the deadline");
  }

  @Test
  void readWithoutAnAnswerTimesOutAndTheNextOneWorks() {
    kernel.trap(IPVS_CMD_GET_CONFIG, Fault.IGNORED);
    assertThatThrownBy(driver::timeouts)
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("did not answer before the deadline");
    assertThat(driver.timeouts()).isEqualTo(kernel.tables.timeouts());
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"CUT_OFF", "TOO_LONG", "EMPTY", "WRONG_TYPE"})
  void malformedReadIsAProtocolExceptionAndTheNextOneWorks(Fault fault) {
    kernel.trap(IPVS_CMD_GET_INFO, fault);
    assertThatThrownBy(driver::info).isInstanceOf(ProtocolException.class);
    assertThat(driver.info()).isEqualTo(kernel.tables.info());
  }

  @Test
  void dumpThatIsCutOffIsAProtocolException() {
    kernel.trap(IPVS_CMD_GET_SERVICE, Fault.CUT_OFF);
    assertThatThrownBy(() -> driver.services(Consistency.SINGLE_PASS))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("claims 60 of 17 bytes");
  }

  @Test
  void interruptedReadKeepsTheStatus() {
    kernel.trap(IPVS_CMD_GET_CONFIG, Fault.IGNORED);
    Thread.currentThread().interrupt();
    LvsException error;
    try {
      error = catchThrowableOfType(LvsException.class, driver::timeouts);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(error).hasMessageContaining("interrupted").isNotInstanceOf(TimeoutException.class);
  }

  @Test
  void driverDoesNotOpenWithoutTheModuleAndLeavesNoSocket() {
    FakeKernel bare = new FakeKernel();
    bare.familyPresent = false;
    assertThatThrownBy(() -> new NetlinkDriver(bare, Duration.ofSeconds(1), "6.1"))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no generic netlink family IPVS");
    assertThat(bare.openSockets()).isZero();
  }

  @Test
  void refusedReadIsThePermissionException() {
    FakeKernel locked = new FakeKernel();
    locked.sendErrno = 1;
    assertThatThrownBy(() -> new NetlinkDriver(locked, Duration.ofSeconds(1), "6.1"))
        .isInstanceOf(PermissionException.class)
        .hasMessageContaining("CAP_NET_ADMIN");
  }

  @Test
  void connectionTableIsRead() {
    kernel.connections =
        "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n"
            + "TCP 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED     899\n";
    try (var connections = driver.connections()) {
      assertThat(connections).hasSize(1);
    }
    kernel.connections = null;
    assertThatThrownBy(driver::connections)
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("/proc/net/ip_vs_conn");
  }

  @Test
  void closingWhileAnotherThreadReadsClosesItsSocketAfterwards() throws Exception {
    driver.execute(services(200));
    kernel.beforePiece =
        piece -> {
          kernel.beforePiece = later -> {};
          driver.close();
        };
    assertThatThrownBy(
            () -> {
              while (true) {
                assertThat(driver.services(Consistency.SINGLE_PASS)).hasSize(200);
              }
            })
        .isInstanceOf(IllegalStateException.class);
  }
}
