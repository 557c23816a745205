// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessorsTest {

  @Test
  void receivingIsWhatGrewBetweenTheSamples() {
    Processors processors =
        Processors.parse(
            "/proc/softirqs:  CPU0 CPU1\n/proc/softirqs:  NET_RX:  10 20\n",
            """
            /proc/softirqs:  CPU0 CPU1
            /proc/softirqs:  NET_RX:  15 120
            /proc/interrupts:            CPU0       CPU1
            /proc/interrupts:   0:         36          0   IO-APIC   2-edge      timer
            /proc/interrupts:  24:          5          6   PCI-MSI 1048576-edge  eth1-rx-0
            /proc/interrupts:  25:          5          6   PCI-MSI 1048577-edge  virtio-eth10
            /proc/interrupts:  26:          5          6   PCI-MSI 1048578-edge  mlx5_comp0@eth1
            /proc/interrupts: LOC:       1000       1000   Local timer interrupts
            """,
            "/proc/irq/24/effective_affinity_list:1\n/proc/irq/default_smp_affinity:3\n");
    assertThat(processors.count()).isEqualTo(2);
    assertThat(processors.received()).containsExactly(5L, 100L);
    assertThat(processors.busiest()).hasValue(1);
    assertThat(processors.of("eth1"))
        .extracting(Processors.Interrupt::number)
        .containsExactly(24, 26);
    assertThat(processors.of("eth1").get(0).processors()).isEqualTo("1");
    assertThat(processors.of("eth1").get(0).raised()).isEqualTo(11);
  }

  @Test
  void oneSampleTellsNoGrowth() {
    Processors processors = Processors.parse("/proc/softirqs:  NET_RX:  10 20\n", "", "");
    assertThat(processors.received()).isEmpty();
    assertThat(processors.busiest()).isEmpty();
    assertThat(processors.count()).isEqualTo(2);
  }

  @Test
  void counterThatFellAndProcessorThatCameAreNoLoad() {
    Processors processors =
        Processors.parse("/proc/softirqs:NET_RX: 9 9\n", "/proc/softirqs:NET_RX: 1 9 7\n", "");
    assertThat(processors.received()).containsExactly(0L, 0L);
    assertThat(processors.busiest()).isEmpty();
  }

  @Test
  void deviceThatLooksLikeAPatternIsNone() {
    Processors processors =
        Processors.parse(
            "/proc/interrupts: 24: 5 eth1\n/proc/interrupts: 99999999: 5 eth1\n", "", "");
    assertThat(processors.interrupts()).hasSize(1);
    assertThat(processors.of("eth1")).hasSize(1);
    assertThat(processors.of("eth.")).isEmpty();
    assertThat(processors.of("\\E.*\\Q")).isEmpty();
  }

  @Test
  void steeringIsByDeviceAndQueue() {
    assertThat(
            Processors.steering(
                "/sys/class/net/eth0/queues/rx-0/rps_cpus:f\n"
                    + "/sys/class/net/eth0/queues/rx-1/rps_cpus:0\n"
                    + "/sys/class/net/eth0/queues/tx-0/xps_cpus:0\n"
                    + "/sys/class/net/eth0/rps_cpus:/queues/rx-\n"))
        .isEqualTo(Map.of("eth0", Map.of("rx-0", "f", "rx-1", "0")));
  }
}
