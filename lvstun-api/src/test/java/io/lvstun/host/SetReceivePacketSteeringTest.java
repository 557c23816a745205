// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With files in place of the kernel's. */
class SetReceivePacketSteeringTest {

  private static final String QUEUES = "sys/class/net/eth0/queues/";

  @TempDir Path folder;

  @Test
  void everyQueueIsSteeredAndThenAsBefore() {
    FolderHost host = new FolderHost(folder);
    for (int queue = 0; queue < 11; queue++) {
      host.write(
          QUEUES + "rx-" + queue + "/rps_cpus", queue == 10 ? "00000002,00000001\n" : "00\n");
    }
    SetReceivePacketSteering change = new SetReceivePacketSteering("eth0", List.of(3, 0, 33));
    AppliedChange applied = change.apply(host);
    assertThat(applied.before()).isEqualTo("0 0 0 0 0 0 0 0 0 0 200000001");
    for (int queue = 0; queue < 11; queue++) {
      assertThat(host.read(QUEUES + "rx-" + queue + "/rps_cpus")).isEqualTo("2,00000009\n");
    }
    assertThat(change.holds(host)).isTrue();
    applied.undo();
    assertThat(host.read(QUEUES + "rx-9/rps_cpus")).isEqualTo("0\n");
    assertThat(host.read(QUEUES + "rx-10/rps_cpus")).isEqualTo("2,00000001\n");
  }

  @Test
  void noProcessorSwitchesItOff() {
    FolderHost host = new FolderHost(folder);
    host.write(QUEUES + "rx-0/rps_cpus", "f\n");
    new SetReceivePacketSteering("eth0", List.of()).apply(host);
    assertThat(host.read(QUEUES + "rx-0/rps_cpus")).isEqualTo("0\n");
  }

  @Test
  void deviceThatIsMissingOrCannotBeSteeredIsSaid() {
    FolderHost host = new FolderHost(folder);
    SetReceivePacketSteering change = new SetReceivePacketSteering("eth0", List.of(1));
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> change.apply(host))
        .withMessageContaining("not present on this host");
    host.write("sys/class/net/eth0/mtu", "1500\n");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> change.apply(host))
        .withMessageContaining("eth0 has no receive queues that can be steered");
  }

  @Test
  void processorsOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetReceivePacketSteering("eth0", List.of(-1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetReceivePacketSteering("eth0", List.of(8192)));
    assertThat(new SetReceivePacketSteering("eth0", List.of(2, 1, 2)).cpus()).containsExactly(1, 2);
  }
}
