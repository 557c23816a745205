// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.lvstun.IpAddress;
import io.lvstun.SyncDaemon;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsListingTest {

  @Test
  void daemonsOfOldAndNewVersionsAreRead() {
    List<SyncDaemon> daemons =
        SettingsListing.daemons(
            "master sync daemon (mcast=eth0, syncid=1)\n"
                + "backup sync daemon (mcast=eth1, syncid=2, maxlen=1472, group=224.0.0.82,"
                + " port=9000, ttl=3)\n");
    assertThat(daemons)
        .extracting(SyncDaemon::role, SyncDaemon::interfaceName, SyncDaemon::port, SyncDaemon::ttl)
        .containsExactly(
            tuple(SyncDaemon.Role.MASTER, "eth0", 8848, 1),
            tuple(SyncDaemon.Role.BACKUP, "eth1", 9000, 3));
    assertThat(daemons.get(1).group()).isEqualTo(IpAddress.parse("224.0.0.82"));
    assertThat(SettingsListing.daemons("")).isEmpty();
  }

  @Test
  void timeoutsAreReadOrRefused() {
    assertThat(SettingsListing.timeouts("Timeout (tcp tcpfin udp): 900 120 300\n").tcpFin())
        .hasSeconds(120);
    assertThatThrownBy(() -> SettingsListing.timeouts("Timeout (tcp tcpfin udp): 900 120\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no time-outs in the output of ipvsadm");
  }
}
