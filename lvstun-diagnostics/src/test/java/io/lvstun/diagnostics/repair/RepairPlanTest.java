// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.host.Host;
import io.lvstun.host.Risk;
import io.lvstun.host.SetAddress;
import io.lvstun.host.SetLinkUp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairPlanTest {

  @TempDir Path folder;

  private static RepairPlan plan(Host host, Predicate<Risk> allowed, Remedy... remedies) {
    TaskList tasks = new TaskList("rs1", Recorded.facts("json-rs1"), Durability.none(), allowed);
    for (Remedy remedy : remedies) {
      tasks.add("TUN-001", remedy);
    }
    return new RepairPlan(
        List.of(
            new Execution.Work("none", host, List.of()),
            new Execution.Work("rs1", host, tasks.tasks())),
        "fix",
        Durability.none(),
        false);
  }

  private static final Remedy LINK = Remedy.of("switch it on", new SetLinkUp("tunl0"));
  private static final Remedy ADDRESS =
      Remedy.of("add it", SetAddress.present("tunl0", IpAddress.parse("192.0.2.1"), 32));

  @Test
  void textMarksWhatIsDoneWhatIsNotAndWhatIsForPeople() {
    RepairPlan plan =
        plan(Host.local(), Risk.SAFE::equals, LINK, ADDRESS, Remedy.manual("Call the provider."));
    assertThat(plan)
        .hasToString(
            """
            rs1
              + ip link set dev tunl0 up   [TUN-001]
              - ip address add 192.0.2.1/32 dev tunl0   [TUN-001; not allowed: ADDRESS]
              ? Call the provider.   [TUN-001; for people to do]
            """);
    assertThat(plan.steps()).hasSize(3);
    assertThat(plan.nothingAllowed()).isFalse();
  }

  @Test
  void planWithoutAnAllowedStepTouchesNoHost() {
    SandboxHost host = new SandboxHost("rs1", folder);
    RepairPlan plan = plan(host, risk -> false, LINK, Remedy.manual("Call."));
    assertThat(plan.nothingAllowed()).isTrue();
    assertThat(plan.apply()).extracting(StepResult::state).containsOnly(StepResult.State.LEFT);
    assertThat(plan.apply().get(0).detail()).isEqualTo("not allowed: its risk is SAFE");
    assertThat(host.path("var/lib/lvstun")).doesNotExist();
    assertThat(host.read("calls")).isEmpty();
  }

  @Test
  void listenerHearsWhatTheResultHas() {
    SandboxHost host = new SandboxHost("rs1", folder);
    host.write("dev/tunl0", "down\n");
    List<StepResult> heard = new ArrayList<>();
    List<StepResult> results = plan(host, risk -> true, LINK, ADDRESS).apply(heard::add);
    assertThat(heard).isEqualTo(results).hasSize(2);
    assertThat(results).extracting(StepResult::state).containsOnly(StepResult.State.DONE);
  }

  @Test
  void emptyPlanHasNoText() {
    RepairPlan plan = plan(Host.local(), risk -> true);
    assertThat(plan.toString()).isEmpty();
    assertThat(plan.steps()).isEmpty();
    assertThat(plan.nothingAllowed()).isTrue();
    assertThat(plan.apply()).isEmpty();
  }
}
