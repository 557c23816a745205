// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import static io.lvstun.diagnostics.check.Directors.commands;
import static io.lvstun.diagnostics.check.Directors.onDirector;
import static io.lvstun.diagnostics.check.Directors.onServer;
import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of network cards and processors. */
class NicChecksTest {

  /** Soft interrupts of two processors between the samples, over some 6 s. */
  private static UnaryOperator<Recorded> received(long first, long second) {
    return facts ->
        facts
            .line("counters.1", "/proc/softirqs:                    CPU0       CPU1")
            .line("counters.1", "/proc/softirqs:      NET_RX:        100        100")
            .line("counters.2", "/proc/softirqs:                    CPU0       CPU1")
            .line(
                "counters.2",
                "/proc/softirqs:      NET_RX:     " + (100 + first) + " " + (100 + second));
  }

  /** A card with these parts of the output of ethtool. */
  private static UnaryOperator<Recorded> card(String driver, String rest) {
    return facts ->
        facts
            .text(
                "ethtool",
                "## features eth0\nFeatures for eth0:\ntx-checksumming: on\n"
                    + "tx-ipxip4-segmentation: on\nlarge-receive-offload: off\n"
                    + "## driver eth0\ndriver: "
                    + driver
                    + "\nversion: 1\n"
                    + rest)
            .line("counters.1", "/proc/softirqs:      NET_RX:        100        100");
  }

  private static final String CHANNELS =
      """
      ## channels eth0
      Channel parameters for eth0:
      Pre-set maximums:
      RX:\t\tn/a
      TX:\t\tn/a
      Other:\t\t1
      Combined:\t8
      Current hardware settings:
      RX:\t\tn/a
      TX:\t\tn/a
      Other:\t\t1
      Combined:\t%d
      """;

  @Nested
  class OneProcessor {

    @Test
    void warnsAndSaysHowToSpread() {
      Finding finding = onServer("NIC-001", received(990_000, 10_000));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).isEqualTo("processor 0 receives 99 % of the packets");
      assertThat(finding.remedy().orElseThrow().text())
          .contains("echo 3 > /sys/class/net/eth0/queues/rx-0/rps_cpus");
      assertThat(finding.remedy().orElseThrow().persistent().get(0).line())
          .isEqualTo("w /sys/class/net/eth0/queues/rx-0/rps_cpus - - - - 3");
    }

    @Test
    void passesWhereBothWork() {
      assertThat(onServer("NIC-001", received(500_000, 400_000)).status()).isEqualTo(Status.PASS);
    }

    @Test
    void isSkippedWithoutLoadAndAnErrorWithoutCounters() {
      assertThat(onServer("NIC-001", received(1000, 1)).status()).isEqualTo(Status.SKIP);
      assertThat(onServer("NIC-001", facts -> facts.unreadable("counters.1", "denied")).status())
          .isEqualTo(Status.ERROR);
    }
  }

  @Test
  void tunnelDevicesHaveOneQueue() {
    Finding finding = onServer("NIC-002", facts -> facts);
    assertThat(finding.status()).isEqualTo(Status.PASS);
    assertThat(finding.notable()).isTrue();
    Finding steered =
        onServer(
            "NIC-002",
            facts ->
                facts
                    .without("files", "/sys/class/net/eth0/queues/rx-0/rps_cpus")
                    .line("files", "/sys/class/net/eth0/queues/rx-0/rps_cpus:f"));
    assertThat(steered.notable()).isFalse();
    assertThat(onServer("NIC-002", facts -> facts.unreadable("files", "denied")).status())
        .isEqualTo(Status.ERROR);
  }

  @Nested
  class Queues {

    @Test
    void warnsWhereQueuesLieIdle() {
      Finding finding = onServer("NIC-003", card("ixgbe", CHANNELS.formatted(1)));
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("eth0 uses 1 of 2 possible queues");
      assertThat(commands(finding)).containsExactly("ethtool -L eth0 combined 2");
    }

    @Test
    void warnsWhereOneProcessorServesAllInterrupts() {
      UnaryOperator<Recorded> interrupts =
          facts ->
              card("ixgbe", CHANNELS.formatted(2))
                  .apply(facts)
                  .line("counters.2", "/proc/interrupts:            CPU0       CPU1")
                  .line("counters.2", "/proc/interrupts: 24:  1000 0  PCI-MSI 512-edge eth0-TxRx-0")
                  .line("counters.2", "/proc/interrupts: 25:  1000 0  PCI-MSI 513-edge eth0-TxRx-1")
                  .line("files", "/proc/irq/24/effective_affinity_list:0")
                  .line("files", "/proc/irq/25/effective_affinity_list:0");
      Finding finding = onServer("NIC-003", interrupts);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      assertThat(finding.observed()).contains("served by processor 0");
      assertThat(
              onServer(
                      "NIC-003",
                      facts ->
                          interrupts
                              .apply(facts)
                              .replace(
                                  "files",
                                  "/proc/irq/25/effective_affinity_list:0",
                                  "/proc/irq/25/effective_affinity_list:1"))
                  .status())
          .isEqualTo(Status.PASS);
    }
  }

  @Nested
  class Offloads {

    @Test
    void largeReceiveOffloadIsOff() {
      assertThat(onDirector("NIC-004", facts -> facts).status()).isEqualTo(Status.PASS);
      Finding finding =
          onDirector(
              "NIC-004",
              facts ->
                  facts.replace(
                      "ethtool",
                      "large-receive-offload: off [fixed]",
                      "large-receive-offload: on"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(commands(finding)).containsExactly("ethtool -K eth0 lro off");
      assertThat(onDirector("NIC-004", facts -> facts.text("ethtool", "")).status())
          .isEqualTo(Status.SKIP);
    }

    @Test
    void suspectCardsAreJudgedByWhatRealServersSee() {
      UnaryOperator<Recorded> vmware = card("vmxnet3", "");
      assertThat(onDirector("NIC-005", vmware).status()).isEqualTo(Status.PASS);
      Finding finding =
          finding(
              Clusters.of(
                  edited("json-director", vmware),
                  edited(
                      "json-rs1",
                      facts ->
                          facts
                              .line("counters.2", "/proc/net/snmp:Tcp: InCsumErrors")
                              .line("counters.2", "/proc/net/snmp:Tcp: 12"))),
              "NIC-005",
              "director");
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.evidence().get(0).excerpt()).contains("rs Tcp InCsumErrors +12");
      assertThat(commands(finding)).containsExactly("ethtool -K eth0 tx-ipxip4-segmentation off");
      assertThat(onDirector("NIC-005", card("ixgbe", "")).status()).isEqualTo(Status.SKIP);
    }
  }

  @Test
  void ringsMustNotOverflow() {
    String rings =
        "## rings eth0\nPre-set maximums:\nRX:\t\t4096\nCurrent hardware settings:\nRX:\t\t512\n";
    assertThat(onServer("NIC-006", card("ixgbe", rings)).status()).isEqualTo(Status.PASS);
    Finding finding =
        onServer(
            "NIC-006",
            facts ->
                card("ixgbe", rings)
                    .apply(facts)
                    .without("counters.2", "eth0:")
                    .line(
                        "counters.2",
                        "/proc/net/dev:  eth0:    5052      64    0    9    9     0          0     "
                            + "    0     3478      35    0    0    0     0       0          0"));
    assertThat(finding.status()).isEqualTo(Status.WARN);
    assertThat(commands(finding)).containsExactly("ethtool -G eth0 rx 4096");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NIC-003", "NIC-004", "NIC-005", "NIC-006"})
  void areErrorsWithoutEthtool(String code) {
    Finding finding =
        onDirector(code, facts -> facts.unreadable("ethtool", "ethtool is not installed"));
    assertThat(finding.status()).isEqualTo(Status.ERROR);
    assertThat(finding.observed()).contains("not installed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NIC-003", "NIC-005", "NIC-006"})
  void areSkippedOnVirtualDevices(String code) {
    assertThat(onServer(code, facts -> facts).status()).isEqualTo(Status.SKIP);
  }
}
