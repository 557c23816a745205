// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.Category;
import io.lvstun.diagnostics.Check;
import io.lvstun.diagnostics.check.Catalogue;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Which checks of the packets' way are put to the test by a fault on a kernel, and which are not.
 */
class FaultCoverageTest {

  private static final Set<Category> WAY =
      EnumSet.of(
          Category.KERNEL,
          Category.TUNNEL,
          Category.REVERSE_PATH,
          Category.ARP,
          Category.FIREWALL,
          Category.MTU,
          Category.IPV6);

  private static final String RECORDED = "recorded facts only: ";

  /** Where else a check is put to the test, or why on recorded facts alone. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          entry("KRN-001", RECORDED + "without ip_vs there is no cluster to break"),
          entry("KRN-002", RECORDED + "the lab's kernels have all schedulers"),
          entry("KRN-004", RECORDED + "it takes effect when a namespace is made"),
          entry(
              "KRN-005", "PreparationLabIT; a warning in every lab, where nothing is made to last"),
          entry("KRN-006", RECORDED + "the lab's kernels have all features"),
          entry("TUN-006", RECORDED + "needs Calico"),
          entry("TUN-007", RECORDED + "needs Calico or flannel"),
          entry("TUN-009", RECORDED + "the lab's servers listen on all their addresses"),
          entry("TUN-010", RECORDED + "the library refuses to make such a service"),
          entry("TUN-012", RECORDED + "needs a switch that marks packets wrongly"),
          entry("TUN-013", RECORDED + "an advice about filters, which breaks nothing"),
          entry("RPF-003", RECORDED + "shows at the next boot"),
          entry("RPF-006", "HealthyClusterLabIT.probesNeedAHostThatIsNeither"),
          entry("RPF-007", "HealthyClusterLabIT.probesNeedAHostThatIsNeither"),
          entry("RPF-008", RECORDED + "needs clients by the dozen behind a filter of sources"),
          entry("ARP-005", RECORDED + "needs a fail-over"),
          entry("FW-006", RECORDED + "an untidiness, which breaks nothing by itself"),
          entry("FW-007", RECORDED + "needs two directors"),
          entry("MTU-005", RECORDED + "virtual cards do not lose what GRO puts together"),
          entry("MTU-006", RECORDED + "an advice about UDP services"),
          entry("MTU-007", RECORDED + "a note, which breaks nothing by itself"),
          entry("V6-003", RECORDED + "needs a duplicate address at the moment it is added"),
          entry("V6-004", RECORDED + "the sum of MTU-001 with other headers"));

  @Test
  void everyCheckHasAFaultOrAReason() {
    Set<String> injected =
        Faults.all().stream()
            .flatMap(fault -> fault.expected().stream())
            .map(Fault.Expected::code)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> codes =
        Catalogue.checks().stream()
            .filter(check -> WAY.contains(check.category()))
            .map(Check::code)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(codes).as("codes of faults").containsAll(injected).containsAll(ELSEWHERE.keySet());
    assertThat(ELSEWHERE.keySet())
        .as("has a fault, needs no reason")
        .doesNotContainAnyElementsOf(injected);
    codes.removeAll(injected);
    codes.removeAll(ELSEWHERE.keySet());
    assertThat(codes).as("neither a fault nor a reason").isEmpty();
  }
}
