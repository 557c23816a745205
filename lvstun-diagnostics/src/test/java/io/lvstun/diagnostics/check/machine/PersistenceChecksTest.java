// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.machine;

import static io.lvstun.diagnostics.model.Clusters.commands;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static io.lvstun.diagnostics.model.Clusters.onServer;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.PersistentLine;
import io.lvstun.diagnostics.model.Status;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is gone after a reboot. */
class PersistenceChecksTest {

  @Nested
  class Reboot {

    private Recorded machine(Recorded facts) {
      return facts.replace("identity", "net:[4026532311]", "net:[4026531840]");
    }

    @Test
    void warnsOfWhatNoFileHas() {
      Finding finding = onServer("KRN-005", this::machine);
      assertThat(finding.status()).isEqualTo(Status.WARN);
      // ipip is in modules-load.d, the ARP settings are in sysctl.d.
      assertThat(finding.observed())
          .isEqualTo("a reboot loses the address 192.168.1.200/32 dev tunl0");
      assertThat(commands(finding)).containsExactly("ip address add 192.168.1.200/32 dev tunl0");
    }

    @Test
    void passesWhereFilesHaveEverything() {
      Finding finding =
          onServer(
              "KRN-005",
              facts ->
                  machine(facts)
                      .line(
                          "configuration",
                          "/etc/network/interfaces.d/lvs:  up ip address add 192.168.1.200/32 dev"
                              + " tunl0"));
      assertThat(finding.status()).isEqualTo(Status.PASS);
    }

    @Test
    void commentsKeepNothing() {
      Finding finding =
          onServer(
              "KRN-005",
              facts ->
                  machine(facts)
                      .line("configuration", "/etc/network/interfaces.d/lvs:# 192.168.1.200/32"));
      assertThat(finding.status()).isEqualTo(Status.WARN);
    }

    @Test
    void namesModulesAndParametersWithTheLinesThatKeepThem() {
      Finding finding =
          onServer("KRN-005", facts -> machine(facts).text("configuration", "/etc/modules:loop\n"));
      assertThat(finding.observed())
          .contains("the module ipip", "arp_ignore of eth0", "arp_announce of eth0");
      assertThat(finding.remedy().orElseThrow().persistent())
          .contains(
              new PersistentLine("/etc/modules-load.d/lvstun.conf", "ipip"),
              new PersistentLine(
                  "/etc/sysctl.d/90-lvstun.conf", "net.ipv4.conf.eth0.arp_ignore = 1"));
    }

    @Test
    void isSkippedInANamespace() {
      assertThat(onServer("KRN-005", facts -> facts).status()).isEqualTo(Status.SKIP);
    }

    @Test
    void isAnErrorWhereFilesCannotBeRead() {
      assertThat(
              onServer("KRN-005", facts -> machine(facts).unreadable("configuration", "denied"))
                  .status())
          .isEqualTo(Status.ERROR);
    }
  }
}
