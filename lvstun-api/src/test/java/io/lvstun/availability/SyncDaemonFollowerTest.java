// SPDX-License-Identifier: Apache-2.0
package io.lvstun.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvstun.Director;
import io.lvstun.Scheduler;
import io.lvstun.SyncDaemon;
import io.lvstun.VirtualService;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyncDaemonFollowerTest {

  private final Director director = Director.builder().driver("memory").open();
  private final SyncDaemonFollower follower =
      SyncDaemonFollower.of(director, "VI_1", SyncDaemon.backup("eth0").syncId(51));

  @AfterEach
  void close() {
    director.close();
  }

  private static RoleEvent.RoleChanged change(String name, boolean group, VrrpRole to) {
    return new RoleEvent.RoleChanged(
        Instant.EPOCH,
        name,
        group,
        Optional.empty(),
        to,
        RoleEvent.Source.FIFO,
        OptionalInt.empty());
  }

  @Test
  void aMasterSendsAndABackupReceives() {
    follower.accept(change("VI_1", false, VrrpRole.BACKUP));
    assertThat(director.syncDaemons())
        .singleElement()
        .satisfies(
            daemon -> {
              assertThat(daemon.role()).isEqualTo(SyncDaemon.Role.BACKUP);
              assertThat(daemon.syncId()).isEqualTo(51);
            });
    follower.accept(change("VI_1", false, VrrpRole.MASTER));
    follower.accept(change("VI_1", false, VrrpRole.MASTER));
    assertThat(director.syncDaemons())
        .extracting(SyncDaemon::role)
        .containsExactly(SyncDaemon.Role.MASTER);
  }

  @ParameterizedTest
  @EnumSource(names = "MASTER", mode = EnumSource.Mode.EXCLUDE)
  void whoeverIsNotMasterReceives(VrrpRole role) {
    follower.follow(VrrpRole.MASTER);
    follower.follow(role);
    assertThat(director.syncDaemons())
        .extracting(SyncDaemon::role)
        .containsExactly(SyncDaemon.Role.BACKUP);
  }

  @Test
  void otherInstancesAndGroupsAreNotFollowed() {
    follower.accept(change("VI_2", false, VrrpRole.MASTER));
    follower.accept(change("VI_1", true, VrrpRole.MASTER));
    follower.accept(new RoleEvent.LineRefused(Instant.EPOCH, "x", "y"));
    assertThat(director.syncDaemons()).isEmpty();
  }

  @Test
  void aDaemonWithOtherSettingsIsReplaced() {
    director.startSync(SyncDaemon.master("eth0").syncId(7));
    follower.follow(VrrpRole.MASTER);
    assertThat(director.syncDaemons()).singleElement().extracting(SyncDaemon::syncId).isEqualTo(51);
  }

  @Test
  void aServerOfAnotherFamilyIsNamedBeforeTheKernelRefuses() {
    director.apply(
        VirtualService.tcp("192.0.2.1", 80)
            .scheduler(Scheduler.RR)
            .addRealServer("2001:db8::1")
            .tunnel());
    assertThatIllegalStateException()
        .isThrownBy(() -> follower.follow(VrrpRole.MASTER))
        .withMessageContaining("2001:db8::1")
        .withMessageContaining("192.0.2.1:80");
    assertThat(director.syncDaemons()).isEmpty();
  }
}
