// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.generic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.netlink.socket.Deadline;
import io.lvstun.netlink.socket.KernelSocketSource;
import io.lvstun.netlink.socket.NetlinkSession;
import io.lvstun.netlink.socket.RefusedException;
import io.lvstun.netlink.socket.SocketSource;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Looking families up, on whatever Linux the build runs on: it needs no privilege. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "netlink is Linux's")
class GenericFamilyTest {

  private static final int QUEUE = 64 * 1024;

  private final KernelSocketSource source = new KernelSocketSource(null, QUEUE);
  private NetlinkSession session;

  @BeforeEach
  void open() {
    KernelSocketSource.load();
    session = new NetlinkSession(source.open(SocketSource.GENERIC), 4096, NetlinkSession.SMALL);
  }

  @AfterEach
  void close() {
    session.close();
    session.close();
  }

  @Test
  void controllerOfGenericNetlinkIsFound() {
    assertThat(GenericFamily.lookUp(session, "nlctrl", Deadline.in(Duration.ofSeconds(5))))
        .isEqualTo(0x10);
  }

  @Test
  void unknownFamilyIsRefused() {
    assertThatThrownBy(
            () -> GenericFamily.lookUp(session, "lvstunNone", Deadline.in(Duration.ofSeconds(5))))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.errno()).isEqualTo(2));
    // The session is good for more.
    assertThat(GenericFamily.lookUp(session, "nlctrl", Deadline.in(Duration.ofSeconds(5))))
        .isEqualTo(0x10);
  }
}
