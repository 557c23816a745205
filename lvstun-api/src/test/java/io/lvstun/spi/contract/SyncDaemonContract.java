// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.SyncDaemon;
import org.junit.jupiter.api.Test;

/** Sync daemons: every option arrives; the kernel fills in what was left to it. */
public interface SyncDaemonContract extends DriverContract {

  /** An IPv4 packet of 1500 bytes without its IP and UDP headers. */
  int PAYLOAD_IPV4 = 1472;

  /** An IPv6 packet of 1500 bytes without its IP and UDP headers. */
  int PAYLOAD_IPV6 = 1452;

  @Test
  default void noDaemonRunsAtFirst() {
    assertThat(driver().syncDaemons()).isEmpty();
  }

  @Test
  default void masterStartsWithTheKernelsDefaults() {
    SyncDaemon master = SyncDaemon.master(networkInterface());
    done(new Command.StartDaemon(master));
    assertThat(driver().syncDaemons()).containsExactly(master.maxLength(PAYLOAD_IPV4));
  }

  @Test
  default void backupStartsWithTheKernelsDefaults() {
    SyncDaemon backup = SyncDaemon.backup(networkInterface());
    done(new Command.StartDaemon(backup));
    assertThat(driver().syncDaemons()).containsExactly(backup.maxLength(PAYLOAD_IPV4));
  }

  @Test
  default void everyOptionIsKept() {
    SyncDaemon backup =
        SyncDaemon.backup(networkInterface())
            .syncId(255)
            .maxLength(9000)
            .group("239.1.2.3")
            .port(65535)
            .ttl(255);
    SyncDaemon master =
        SyncDaemon.master(networkInterface())
            .syncId(7)
            .maxLength(100)
            .group("239.1.2.4")
            .port(1)
            .ttl(2);
    done(new Command.StartDaemon(backup), new Command.StartDaemon(master));
    assertThat(driver().syncDaemons()).containsExactlyInAnyOrder(master, backup);
  }

  @Test
  default void groupMayBeIpv6() {
    SyncDaemon master = SyncDaemon.master(networkInterface()).group("ff05::81");
    SyncDaemon backup = SyncDaemon.backup(networkInterface()).group("ff05::82").port(8850);
    done(new Command.StartDaemon(master), new Command.StartDaemon(backup));
    assertThat(driver().syncDaemons())
        .containsExactlyInAnyOrder(master.maxLength(PAYLOAD_IPV6), backup.maxLength(PAYLOAD_IPV6));
  }

  @Test
  default void kernelLimitsTheLength() {
    SyncDaemon master = SyncDaemon.master(networkInterface()).group("ff05::81").maxLength(65507);
    SyncDaemon backup = SyncDaemon.backup(networkInterface()).maxLength(1);
    done(new Command.StartDaemon(master), new Command.StartDaemon(backup));
    assertThat(driver().syncDaemons())
        .containsExactlyInAnyOrder(master.maxLength(65535 - 48), backup.maxLength(1024));
  }

  @Test
  default void rolesStartAndStopByThemselves() {
    SyncDaemon master = SyncDaemon.master(networkInterface());
    SyncDaemon backup = SyncDaemon.backup(networkInterface());
    done(new Command.StartDaemon(master), new Command.StartDaemon(backup));
    done(new Command.StopDaemon(SyncDaemon.Role.MASTER));
    assertThat(driver().syncDaemons()).containsExactly(backup.maxLength(PAYLOAD_IPV4));
    done(new Command.StopDaemon(SyncDaemon.Role.BACKUP));
    assertThat(driver().syncDaemons()).isEmpty();
  }

  @Test
  default void stopRightAfterStartIsAnsweredAndDone() {
    for (SyncDaemon daemon :
        new SyncDaemon[] {
          SyncDaemon.master(networkInterface()), SyncDaemon.backup(networkInterface())
        }) {
      done(new Command.StartDaemon(daemon), new Command.StopDaemon(daemon.role()));
      assertThat(driver().syncDaemons()).isEmpty();
    }
  }

  @Test
  default void flushLeavesDaemonsRunning() {
    SyncDaemon backup = SyncDaemon.backup(networkInterface());
    done(new Command.StartDaemon(backup), new Command.Flush());
    assertThat(driver().syncDaemons()).hasSize(1);
  }
}
