// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SyncDaemonTest {

  private static final SyncDaemon MASTER = SyncDaemon.master("eth0");

  @Test
  void defaultsAreTheKernels() {
    assertThat(MASTER)
        .isEqualTo(
            new SyncDaemon(
                SyncDaemon.Role.MASTER, "eth0", 0, 0, IpAddress.parse("224.0.0.81"), 8848, 1));
    assertThat(SyncDaemon.backup("eth1").role()).isEqualTo(SyncDaemon.Role.BACKUP);
    assertThat(SyncDaemon.DEFAULT_GROUP).isEqualTo(IpAddress.parse("224.0.0.81"));
    assertThat(SyncDaemon.DEFAULT_PORT).isEqualTo(8848);
  }

  @Test
  void rolesHaveTheKernelsCodes() {
    assertThat(SyncDaemon.Role.MASTER.code()).isEqualTo(1);
    assertThat(SyncDaemon.Role.BACKUP.code()).isEqualTo(2);
    assertThat(SyncDaemon.Role.MASTER).hasToString("master");
    assertThat(SyncDaemon.Role.BACKUP).hasToString("backup");
  }

  @Test
  void orderOfOptionsDoesNotMatter() {
    assertThat(MASTER.syncId(7).maxLength(9000).group("ff05::81").port(1).ttl(255))
        .isEqualTo(MASTER.ttl(255).port(1).group("ff05::81").maxLength(9000).syncId(7));
    assertThat(MASTER.syncId()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 256})
  void syncIdIsChecked(int id) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MASTER.syncId(id))
        .withMessage("sync id must be 0 to 255, not " + id);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65508})
  void lengthIsChecked(int length) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MASTER.maxLength(length))
        .withMessage("maximum length must be 0 to 65507, not " + length);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65536})
  void portIsChecked(int port) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MASTER.port(port))
        .withMessage("port must be 1 to 65535, not " + port);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 256})
  void ttlIsChecked(int ttl) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MASTER.ttl(ttl))
        .withMessage("ttl must be 1 to 255, not " + ttl);
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "0.0.0.0", "255.255.255.255"})
  void groupIsMulticast(String group) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MASTER.group(group))
        .withMessage("group must be a multicast address, not " + group);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sixteen-letters-", "eth 0", "eth/0", "eth0\n"})
  void interfaceIsChecked(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SyncDaemon.backup(name))
        .withMessageStartingWith("interface must be 1 to 15 printable ASCII characters");
  }

  @Test
  void toStringIsTheLineOfIpvsadm() {
    assertThat(SyncDaemon.backup("eth0").syncId(1).maxLength(1472).group("ff05::81"))
        .hasToString(
            "backup sync daemon (mcast=eth0, syncid=1, maxlen=1472, group=ff05::81, port=8848,"
                + " ttl=1)");
  }
}
