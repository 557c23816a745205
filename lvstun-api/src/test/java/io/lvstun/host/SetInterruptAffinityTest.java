// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With files in place of the kernel's. */
class SetInterruptAffinityTest {

  private static final SetInterruptAffinity CHANGE =
      new SetInterruptAffinity("eth0", List.of(1, 0));

  @TempDir Path folder;
  private FolderHost host;

  @BeforeEach
  void cardIsThere() {
    host = new FolderHost(folder);
    host.write("sys/class/net/eth0/mtu", "1500\n");
    for (int number : new int[] {9, 24, 101}) {
      host.write("proc/irq/" + number + "/smp_affinity_list", "0-3\n");
    }
  }

  private String affinity(int number) {
    return host.read("proc/irq/" + number + "/smp_affinity_list").strip();
  }

  private void assertBoundInTurnAndBack() {
    AppliedChange applied = CHANGE.apply(host);
    assertThat(List.of(affinity(9), affinity(24), affinity(101))).containsExactly("0", "1", "0");
    assertThat(CHANGE.holds(host)).isTrue();
    applied.undo();
    assertThat(List.of(affinity(9), affinity(24), affinity(101)))
        .containsExactly("0-3", "0-3", "0-3");
  }

  @Test
  void vectorsOfTheCardAreBoundInTurn() {
    for (int number : new int[] {101, 24, 9}) {
      host.write("sys/class/net/eth0/device/msi_irqs/" + number, "msix\n");
    }
    assertBoundInTurnAndBack();
  }

  @Test
  void vectorsAreFoundByNameWhereTheBusDoesNotTell() {
    host.write(
        "proc/interrupts",
        """
                   CPU0       CPU1
          1:          9          0   IO-APIC    1-edge      i8042
          9:          0          0   IO-APIC    9-edge      eth0
         24:          0          0   PCI-MSI 512000-edge    eth0-TxRx-0
         25:          0          0   PCI-MSI 512001-edge    eth01-TxRx-0
        101:          0          0   PCI-MSI 512002-edge    acpi, eth0-rx
        """);
    assertBoundInTurnAndBack();
  }

  @Test
  void deviceWithoutInterruptsIsSaid() {
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> CHANGE.apply(host))
        .withMessageContaining("eth0 has no interrupts of its own");
    assertThatExceptionOfType(HostException.class)
        .isThrownBy(() -> new SetInterruptAffinity("eth1", List.of(0)).apply(host))
        .withMessageContaining("not present on this host");
  }

  @Test
  void someProcessorMustBeNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetInterruptAffinity("eth0", List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SetInterruptAffinity("eth0", List.of(8192)));
  }
}
