// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.availability;

import static io.lvstun.diagnostics.check.Directors.commands;
import static io.lvstun.diagnostics.check.Directors.onDirector;
import static io.lvstun.diagnostics.check.Directors.pair;
import static io.lvstun.diagnostics.model.Clusters.finding;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.check.Directors;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks of directors that stand in for one another. */
class AvailabilityChecksTest {

  private static final String MASTER =
      "master sync daemon (mcast=eth0, syncid=3, maxlen=1472, group=224.0.0.81, port=8848, ttl=1)";
  private static final String BACKUP = MASTER.replace("master", "backup");

  private static UnaryOperator<Recorded> daemon(String line) {
    return facts -> Directors.web(facts).text("ipvs-daemons", line + "\n");
  }

  private static UnaryOperator<Recorded> standby(String line) {
    return facts ->
        daemon(line)
            .apply(facts)
            .replace("address", "192.168.1.200", "192.168.1.201")
            .replace("address", "192.168.1.100", "192.168.1.99")
            .replace(
                "route-to",
                "{\"type\":\"local\",\"dst\":\"192.168.1.200\",\"dev\":\"lo\"",
                "{\"dst\":\"192.168.1.200\",\"dev\":\"eth0\"");
  }

  private static Recorded keepalived(Recorded facts, String... options) {
    StringBuilder text =
        new StringBuilder("/etc/keepalived/keepalived.conf:vrrp_instance VI_1 {\n");
    for (String option : options) {
      text.append("/etc/keepalived/keepalived.conf:    ").append(option).append('\n');
    }
    text.append("/etc/keepalived/keepalived.conf:}\n");
    return facts
        .text("configuration", text.toString())
        .text("process", "/proc/9/comm:keepalived\n");
  }

  @Test
  void bothOwningTheAddressIsAFault() {
    Finding finding = finding(pair(Directors::web, Directors::web), "HA-001", "director2");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.observed()).contains("192.168.1.200", "director as well");
    assertThat(commands(finding)).containsExactly("ip address delete 192.168.1.200/32 dev eth0");
  }

  @Test
  void theAddressIsNotTakenFromBoth() {
    Finding finding = finding(pair(Directors::web, Directors::web), "HA-001", "director");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(commands(finding)).isEmpty();
  }

  @Test
  void theMasterIsNotToBlame() {
    UnaryOperator<Recorded> master = daemon(MASTER);
    UnaryOperator<Recorded> backup = daemon(BACKUP);
    assertThat(finding(pair(master, backup), "HA-001", "director").status()).isEqualTo(Status.PASS);
    assertThat(finding(pair(master, backup), "HA-001", "director2").status())
        .isEqualTo(Status.FAIL);
  }

  @Test
  void withEqualCostPathsAllHaveIt() {
    assertThat(
            finding(
                    pair(
                        Topology.builder().highAvailability(HighAvailability.ECMP),
                        Directors::web,
                        Directors::web),
                    "HA-001",
                    "director")
                .status())
        .isEqualTo(Status.SKIP);
  }

  @Test
  void oneOwnerIsRight() {
    assertThat(finding(pair(daemon(MASTER), standby(BACKUP)), "HA-001", "director").status())
        .isEqualTo(Status.PASS);
  }

  @Test
  void daemonsThatMatchPass() {
    assertThat(finding(pair(daemon(MASTER), standby(BACKUP)), "HA-002", "director2").status())
        .isEqualTo(Status.PASS);
    assertThat(finding(pair(daemon(MASTER), standby(BACKUP)), "HA-002", "director").status())
        .isEqualTo(Status.PASS);
  }

  @ParameterizedTest
  @CsvSource({
    "syncid=4, 'sync id 4, there 3'",
    "port=8849, 'port 8849, there 8848'",
    "group=224.0.0.82, 'group 224.0.0.82, there 224.0.0.81'",
  })
  void daemonsThatDifferFail(String difference, String said) {
    String key = difference.substring(0, difference.indexOf('='));
    Finding finding =
        finding(
            pair(daemon(MASTER), standby(BACKUP.replaceAll(key + "=[0-9.]+", difference))),
            "HA-002",
            "director2");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.observed()).isEqualTo(said);
    assertThat(commands(finding))
        .hasSize(2)
        .anyMatch(command -> command.startsWith("ipvsadm --stop-daemon backup"))
        .anyMatch(command -> command.startsWith("ipvsadm --start-daemon backup"));
  }

  @Test
  void missingDaemonFails() {
    Finding finding = finding(pair(daemon(MASTER), standby("")), "HA-002", "director2");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.observed()).contains("no backup daemon");
    assertThat(finding(pair(daemon(""), standby("")), "HA-002", "director2").status())
        .isEqualTo(Status.SKIP);
  }

  @Test
  void daemonsInDifferentNetworksFail() {
    Finding finding =
        finding(
            pair(
                daemon(MASTER),
                facts ->
                    standby(BACKUP).apply(facts).replace("address", "192.168.1.99", "172.16.0.99")),
            "HA-002",
            "director2");
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.observed()).contains("another network");
  }

  @Test
  void youngConnectionsAreExplained() {
    Finding finding = finding(pair(daemon(MASTER), standby(BACKUP)), "HA-003", "director");
    assertThat(finding.notable()).isTrue();
    assertThat(finding(pair(daemon(MASTER), standby(BACKUP)), "HA-003", "director2").status())
        .isEqualTo(Status.SKIP);
  }

  @Test
  void rebootedMasterThatPreemptsIsAWarning() {
    UnaryOperator<Recorded> busy =
        facts ->
            Directors.web(facts)
                .text("ipvs-connections", "500 TCP C0A801C8 0050 C0A80165 0050 ESTABLISHED\n");
    assertThat(
            finding(
                    pair(facts -> keepalived(Directors.web(facts), "priority 150"), busy),
                    "HA-004",
                    "director")
                .status())
        .isEqualTo(Status.WARN);
    assertThat(
            finding(
                    pair(facts -> keepalived(Directors.web(facts), "nopreempt"), busy),
                    "HA-004",
                    "director")
                .status())
        .isEqualTo(Status.PASS);
    assertThat(
            finding(
                    pair(
                        facts ->
                            keepalived(Directors.web(facts), "priority 150")
                                .replace("counters.2", "/proc/uptime:42", "/proc/uptime:4200"),
                        busy),
                    "HA-004",
                    "director")
                .status())
        .isEqualTo(Status.PASS);
    assertThat(finding(pair(Directors::web, busy), "HA-004", "director").status())
        .isEqualTo(Status.SKIP);
  }

  @Test
  void tablesThatDifferAreWrong() {
    UnaryOperator<Recorded> other =
        facts -> Directors.web(facts).replace("ipvs", "Tunnel  3", "Tunnel  5");
    assertThat(finding(pair(Directors::web, Directors::web), "HA-005", "director2").status())
        .isEqualTo(Status.PASS);
    Finding warning = finding(pair(Directors::web, other), "HA-005", "director2");
    assertThat(warning.status()).isEqualTo(Status.WARN);
    assertThat(warning.evidence().get(0).excerpt()).contains("192.168.1.102");
    assertThat(
            finding(
                    pair(
                        Topology.builder().highAvailability(HighAvailability.ECMP),
                        Directors::web,
                        other),
                    "HA-005",
                    "director2")
                .status())
        .isEqualTo(Status.FAIL);
    Finding extra =
        finding(
            pair(
                Directors::web,
                facts ->
                    Directors.web(facts)
                        .line("ipvs", "/proc/net/ip_vs:TCP  C0A801C8:01BB wrr")
                        .line("ipvs-save", "-A -t 192.168.1.200:443 -s wrr")),
            "HA-005",
            "director2");
    assertThat(extra.evidence().get(0).excerpt()).contains("192.168.1.200:443", "lacks");
  }

  @Test
  void multicastDoesNotReachFarInClouds() {
    UnaryOperator<Recorded> cloud =
        facts ->
            keepalived(facts, "state MASTER")
                .line("files", "/sys/class/dmi/id/sys_vendor:Amazon EC2");
    assertThat(onDirector("HA-006", cloud).status()).isEqualTo(Status.WARN);
    assertThat(
            onDirector(
                    "HA-006",
                    facts -> keepalived(cloud.apply(facts), "unicast_peer {", "10.0.0.2", "}"))
                .status())
        .isEqualTo(Status.PASS);
    assertThat(onDirector("HA-006", facts -> keepalived(facts, "state MASTER")).status())
        .isEqualTo(Status.SKIP);
    assertThat(onDirector("HA-006", facts -> facts).status()).isEqualTo(Status.SKIP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HA-001", "HA-002", "HA-004", "HA-005"})
  void areSkippedForOneDirector(String code) {
    assertThat(onDirector(code, facts -> facts).status()).isEqualTo(Status.SKIP);
  }

  @ParameterizedTest
  @CsvSource({
    "HA-001, route-to",
    "HA-002, ipvs",
    "HA-003, ipvs",
    "HA-004, configuration",
    "HA-005, ipvs",
    "HA-006, configuration"
  })
  void areErrorsWithoutFacts(String code, String section) {
    UnaryOperator<Recorded> blind =
        facts -> Directors.web(facts).unreadable(section, "denied").unreadable("address", "denied");
    assertThat(finding(pair(Directors::web, blind), code, "director2").status())
        .isEqualTo(Status.ERROR);
  }
}
