// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class FindingGroupTest {

  private static final Cluster CLUSTER = Reports.large(0).cluster();

  private static List<Finding> findings(UnaryOperator<String> observed) {
    Check check = Reports.broken().findings(Status.FAIL).get(0).check();
    List<Finding> findings = new ArrayList<>();
    for (int server = 1; server <= 50; server++) {
      String name = "rs" + server;
      findings.add(
          new Finding(
              check,
              Status.FAIL,
              name,
              observed.apply(name),
              "",
              List.of(),
              Optional.empty(),
              List.of(),
              List.of(),
              true,
              false,
              Duration.ZERO));
    }
    return findings;
  }

  private static List<FindingGroup> groups(UnaryOperator<String> observed) {
    return FindingGroup.of(CLUSTER, findings(observed));
  }

  @Test
  void ownNamesAddressesAndNumbersMakeNoDifference() {
    assertThat(groups(name -> name + " sends 3 packets"))
        .singleElement()
        .satisfies(group -> assertThat(group.hosts()).hasSize(50).startsWith("rs1", "rs2", "rs3"))
        .satisfies(group -> assertThat(group.variants(Finding::observed)).hasSize(50));
    assertThat(groups(name -> "backlog of " + name.substring(2))).hasSize(1);
    String prefix = "its address 192.168.1.";
    assertThat(groups(name -> prefix + (100 + Integer.parseInt(name.substring(2))))).hasSize(1);
  }

  @Test
  void otherWordsAreOtherFindings() {
    assertThat(groups(name -> name.equals("rs7") ? "tunl0 is down" : "ipip1 is down"))
        .hasSize(2)
        .last()
        .satisfies(group -> assertThat(group.hosts()).containsExactly("rs7"));
  }

  @Test
  void statusAndCausesTellFindingsApart() {
    List<Finding> findings = new ArrayList<>(findings(name -> "down"));
    findings.set(4, findings.get(4).ranked(false, List.of("KRN-001")));
    assertThat(FindingGroup.of(CLUSTER, findings)).hasSize(2);
  }
}
