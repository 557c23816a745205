// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;

class SyncDaemonSettingTest {

  @Test
  void rangesAreKeepaliveds() {
    SyncDaemonSetting daemon = SyncDaemonSetting.on("eth1").syncId(0).maxLength(65507).ttl(255);
    assertThatThrownBy(() -> daemon.syncId(256)).hasMessage("id must be 0 to 255, not 256");
    assertThatThrownBy(() -> daemon.maxLength(0)).hasMessage("maxlen must be 1 to 65507, not 0");
    assertThatThrownBy(() -> daemon.port(65536)).hasMessage("port must be 1 to 65535, not 65536");
    assertThatThrownBy(() -> daemon.ttl(0)).hasMessage("ttl must be 1 to 255, not 0");
    assertThatThrownBy(() -> daemon.instance("a b")).hasMessageStartingWith("inst must be");
    assertThatThrownBy(() -> SyncDaemonSetting.on("")).hasMessageStartingWith("lvs_sync_daemon");
  }

  @Test
  void groupIsMulticastOfEitherFamily() {
    SyncDaemonSetting daemon = SyncDaemonSetting.on("eth1");
    assertThat(daemon.group(IpAddress.parse("239.255.255.255")).group()).isPresent();
    assertThat(daemon.group(IpAddress.parse("ff02::81")).group()).isPresent();
    assertThatThrownBy(() -> daemon.group(IpAddress.parse("223.255.255.255")))
        .hasMessage("group must be a multicast address, not 223.255.255.255");
  }
}
