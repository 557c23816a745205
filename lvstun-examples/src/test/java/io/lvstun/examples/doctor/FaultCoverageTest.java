// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.check.Catalogue;
import io.lvstun.diagnostics.model.Check;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Which checks of the catalogue are put to the test by a fault on a kernel, and which are not, each
 * with its reason. What the catalogue calls measured must be.
 */
class FaultCoverageTest {

  private static final String SETTINGS = "StateFaultsLabIT.settingsThatHurtAreNamed";
  private static final String HEALTHY_PAIR = "StateFaultsLabIT.healthyClusterHasNothingWrong";
  private static final String DIFFERENT = "AvailabilityFaultsLabIT.tablesAndGenerationsThatDiffer";

  /** Faults that are not in {@link Faults}, by the test that injects them. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          entry("HST-001", "SshLabIT.aHostThatCannotBeReachedIsAFinding"),
          entry("RPF-006", "HealthyClusterLabIT.probesNeedAHostThatIsNeither"),
          entry("RPF-007", "HealthyClusterLabIT.probesNeedAHostThatIsNeither"),
          entry("IPV-001", "StateFaultsLabIT.addressMissingOnBothIsGivenToOne"),
          entry("IPV-002", "StateFaultsLabIT.serverRemovedByHandIsDrift"),
          entry("IPV-003", "StateFaultsLabIT.editWithoutMethodTurnsTheTunnelOff"),
          entry("IPV-004", "StateFaultsLabIT.allWeightsZeroRefusesClients"),
          entry("IPV-005", "StateFaultsLabIT.connectionsOfARemovedServerHang"),
          entry("IPV-006", "StateFaultsLabIT.halfOpenConnectionsAreASymptomOfTheServersFault"),
          entry("IPV-007", "StateFaultsLabIT.persistenceSpreadsConnectionsUnevenly"),
          entry("IPV-008", SETTINGS),
          entry("IPV-012", HEALTHY_PAIR),
          entry("IPV-014", SETTINGS),
          entry("IPV-015", SETTINGS),
          entry("IPV-016", "AvailabilityFaultsLabIT.equalCostPathsWithoutStateNeedSloppyTcp"),
          entry("IPV-018", HEALTHY_PAIR),
          entry("FWM-001", "AvailabilityFaultsLabIT.marksByContentNeverReachTheService"),
          entry("GEO-004", DIFFERENT),
          entry("CT-002", SETTINGS),
          entry("SYS-004", SETTINGS),
          entry("SYS-005", SETTINGS),
          entry("HA-001", "AvailabilityFaultsLabIT.addressOnBothDirectors"),
          entry("HA-002", "AvailabilityFaultsLabIT.syncDaemonsThatDoNotMatch"),
          entry("HA-003", HEALTHY_PAIR),
          entry("HA-005", DIFFERENT));

  /** Why a check is put to the test on recorded facts alone. */
  private static final Map<String, String> RECORDED =
      Map.ofEntries(
          entry("HST-002", "the lab's hosts have all tools and permissions"),
          entry("KRN-001", "without ip_vs there is no cluster to break"),
          entry("KRN-002", "the lab's kernels have all schedulers"),
          entry("KRN-004", "it takes effect when a namespace is made"),
          entry("KRN-005", "nothing in the lab is made to last: it is true of every cluster there"),
          entry("KRN-006", "the lab's kernels have all features"),
          entry("TUN-006", "needs Calico"),
          entry("TUN-007", "needs Calico or flannel"),
          entry("TUN-009", "the lab's servers listen on all their addresses"),
          entry("TUN-010", "the library refuses to make such a service"),
          entry("TUN-012", "needs a switch that marks packets wrongly"),
          entry("TUN-013", "an advice about filters, which breaks nothing"),
          entry("RPF-003", "shows at the next boot"),
          entry("RPF-008", "needs clients by the dozen behind a filter of sources"),
          entry("ARP-005", "needs a fail-over"),
          entry("FW-006", "an untidiness, which breaks nothing by itself"),
          entry("FW-007", "needs VRRP between two directors"),
          entry("MTU-005", "virtual cards do not lose what GRO puts together"),
          entry("MTU-006", "an advice about UDP services"),
          entry("MTU-007", "a note, which breaks nothing by itself"),
          entry("IPV-009", "needs a kernel before 5.9"),
          entry("IPV-010", "needs a machine without memory"),
          entry("IPV-011", "needs connections by the ten thousand"),
          entry("IPV-013", "the kernel's default: it is true of every cluster of the lab"),
          entry("IPV-017", "needs a kernel that was built with CONFIG_IP_VS_DEBUG"),
          entry("FWM-002", "a rule that is missing: nothing to inject"),
          entry("FWM-003", "needs kube-proxy or Calico"),
          entry("FWM-004", "about clients from elsewhere, by the rules alone"),
          entry("GEO-001", "about a file that is stated, by its metadata alone"),
          entry("GEO-002", "what was measured is the memory that loading takes"),
          entry("GEO-003", "what was measured is the time that its commands take"),
          entry("CT-001", "needs connections by the ten thousand"),
          entry("CT-003", "needs packets outside of the window"),
          entry("SYS-001", "needs a server that does not accept"),
          entry("SYS-002", "needs more packets than a processor takes"),
          entry("SYS-003", "needs a thousand neighbours"),
          entry("NIC-001", "needs a card with several queues"),
          entry("NIC-002", "needs a card with several queues"),
          entry("NIC-003", "needs a card with several queues"),
          entry("NIC-004", "needs a card with LRO"),
          entry("NIC-005", "needs a card that sums tunnels up wrongly"),
          entry("NIC-006", "needs a card with rings"),
          entry("CLD-001", "needs Azure"),
          entry("CLD-002", "needs DigitalOcean"),
          entry("CLD-003", "needs AWS"),
          entry("CLD-004", "needs Google Cloud"),
          entry("CLD-005", "needs OpenStack"),
          entry("HA-004", "needs a director that was rebooted"),
          entry("HA-006", "needs a cloud"),
          entry("V6-003", "needs a duplicate address at the moment it is added"),
          entry("V6-004", "the sum of MTU-001 with other headers"),
          entry("LOAD-001", "about weights that a control plane states"),
          entry("LOAD-002", "about weights that a control plane states"),
          entry("LOAD-003", "about weights that a control plane states"));

  /** Measured, but not as something that is broken. */
  private static final Set<String> MEASURED_COSTS = Set.of("GEO-002", "GEO-003");

  private static Set<String> injected() {
    return Faults.all().stream()
        .flatMap(fault -> Stream.concat(fault.expected().stream(), fault.probed().stream()))
        .map(Fault.Expected::code)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> all() {
    return Catalogue.checks().stream()
        .map(Check::code)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyCheckHasAFaultOrAReason() {
    Set<String> codes = all();
    assertThat(codes)
        .as("codes of faults")
        .containsAll(injected())
        .containsAll(ELSEWHERE.keySet())
        .containsAll(RECORDED.keySet());
    assertThat(ELSEWHERE.keySet()).as("in Faults as well").doesNotContainAnyElementsOf(injected());
    assertThat(RECORDED.keySet())
        .as("has a fault, needs no reason")
        .doesNotContainAnyElementsOf(injected())
        .doesNotContainAnyElementsOf(ELSEWHERE.keySet());
    codes.removeAll(injected());
    codes.removeAll(ELSEWHERE.keySet());
    codes.removeAll(RECORDED.keySet());
    assertThat(codes).as("neither a fault nor a reason").isEmpty();
  }

  @Test
  void whatWasMeasuredHasAFault() {
    Set<String> measured =
        Catalogue.checks().stream()
            .filter(check -> check.source().contains("measured"))
            .map(Check::code)
            .filter(code -> !MEASURED_COSTS.contains(code))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(measured).hasSizeGreaterThan(40);
    measured.removeAll(injected());
    measured.removeAll(ELSEWHERE.keySet());
    assertThat(measured).as("measured, but by no fault").isEmpty();
  }

  @Test
  void testsElsewhereExist() throws ClassNotFoundException {
    for (String where : new TreeSet<>(ELSEWHERE.values())) {
      int dot = where.indexOf('.');
      Class<?> test = Class.forName(getClass().getPackageName() + "." + where.substring(0, dot));
      assertThat(Arrays.stream(test.getDeclaredMethods()))
          .as(where)
          .anyMatch(method -> isTest(method) && method.getName().equals(where.substring(dot + 1)));
    }
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class);
  }
}
