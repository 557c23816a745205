// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import static io.lvstun.diagnostics.model.Clusters.edited;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Status;
import io.lvstun.host.HostChange;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArpChecksTest {

  private static List<String> commands(Finding finding) {
    return finding.remedy().map(Remedy::actions).orElse(List.of()).stream()
        .map(HostChange::text)
        .toList();
  }

  @Nested
  class Arp {

    /** IPv4 alone, so that the address is in order. */
    private Finding arp(String code, UnaryOperator<Recorded> edit) {
      HostFacts director = edited("json-director", facts -> facts.without("ipvs", "fd00"));
      return finding(Clusters.of(director, edited("json-rs1", edit)), code, "rs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARP-001", "ARP-003"})
    void passesWithTheSettingsForAllDevices(String code) {
      assertThat(arp(code, facts -> facts).status()).isEqualTo(Status.PASS);
    }

    @ParameterizedTest
    @CsvSource({
      "0,0,0,FAIL",
      "0,1,0,FAIL",
      "0,0,1,PASS",
      "1,0,0,PASS",
      "0,0,2,PASS",
      "0,0,8,PASS",
      "3,0,1,FAIL"
    })
    void greaterOfAllAndTheCardCountsForIgnore(
        String all, String tunnel, String card, Status expected) {
      Finding finding =
          arp(
              "ARP-001",
              facts ->
                  facts
                      .sysctl("net/ipv4/conf/all/arp_ignore", all)
                      .sysctl("net/ipv4/conf/tunl0/arp_ignore", tunnel)
                      .sysctl("net/ipv4/conf/eth0/arp_ignore", card));
      assertThat(finding.status()).isEqualTo(expected);
      if (expected == Status.FAIL) {
        assertThat(finding.observed()).contains("eth0").contains("192.168.1.200");
        assertThat(commands(finding)).containsExactly("sysctl -w net.ipv4.conf.eth0.arp_ignore=1");
      }
    }

    @ParameterizedTest
    @CsvSource({"0,0,FAIL", "1,1,FAIL", "2,0,PASS", "0,2,PASS"})
    void greaterOfAllAndTheCardCountsForAnnounce(String all, String card, Status expected) {
      Finding finding =
          arp(
              "ARP-003",
              facts ->
                  facts
                      .sysctl("net/ipv4/conf/all/arp_announce", all)
                      .sysctl("net/ipv4/conf/eth0/arp_announce", card));
      assertThat(finding.status()).isEqualTo(expected);
      if (expected == Status.FAIL) {
        assertThat(commands(finding))
            .containsExactly("sysctl -w net.ipv4.conf.eth0.arp_announce=2");
      }
    }

    @Test
    void addressOnTheCardItselfFailsWhateverTheSettings() {
      Finding finding =
          arp(
              "ARP-001",
              facts ->
                  facts.replace(
                      "address",
                      "\"local\":\"192.168.1.101\",\"prefixlen\":24",
                      "\"local\":\"192.168.1.200\",\"prefixlen\":24"));
      assertThat(finding.status()).isEqualTo(Status.FAIL);
      assertThat(finding.observed()).contains("the card itself has");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARP-001", "ARP-003"})
    void isSkippedOnAnotherSegment(String code) {
      Finding finding =
          arp(
              code,
              facts ->
                  facts
                      .replace("address", "192.168.1.101", "192.168.2.101")
                      .replace("route", "192.168.1.0/24", "192.168.2.0/24"));
      assertThat(finding.status()).isEqualTo(Status.SKIP);
      assertThat(finding.observed()).contains("no card shares a segment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ARP-001", "ARP-003"})
    void isAnErrorWhereSettingsCannotBeRead(String code) {
      assertThat(arp(code, facts -> facts.without("files", "/conf/eth0/arp_")).status())
          .isEqualTo(Status.ERROR);
    }
  }
}
