// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Report;
import io.lvstun.diagnostics.repair.journal.RunHeader;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.host.OpenGuePort;
import io.lvstun.host.Risk;
import io.lvstun.host.SetSysctl;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RepairTest {

  @TempDir Path folder;

  /** A cluster whose real server is a folder; which facts it has is another matter. */
  private Report report(HostFacts server, String... codes) {
    SandboxHost director = new SandboxHost("director", folder.resolve("director"));
    SandboxHost host = new SandboxHost("rs", folder.resolve("rs"));
    host.write("dev/tunl0", "down\n");
    Topology topology =
        Topology.builder().director("director", director).realServer("rs", host).build();
    return Doctor.analyse(
        Clusters.of(topology, Recorded.facts("json-director"), server),
        check -> List.of(codes).contains(check.code()));
  }

  private static HostFacts tunnelDown() {
    return Clusters.edited(
        "json-rs1",
        facts ->
            facts.text(
                "link",
                facts
                    .facts()
                    .section("link")
                    .orElseThrow()
                    .text()
                    .replaceAll(
                        "(\"ifname\":\"tunl0\",[^\\[]*\"flags\":\\[[^\\]]*?),?\"UP\"", "$1")));
  }

  @Test
  void onlyRootCausesAreRepairedUntilNothingMoreShows() {
    Report broken = report(tunnelDown(), "TUN-001");
    assertThat(broken.rootCauses()).extracting("code").contains("TUN-001");
    Report healthy = report(Recorded.facts("json-rs1"), "TUN-001");
    new SandboxHost("rs", folder.resolve("rs")).write("dev/tunl0", "down\n");
    AtomicInteger examinations = new AtomicInteger();
    RepairResult result =
        Repair.of(
                () -> {
                  examinations.incrementAndGet();
                  return healthy;
                })
            .durability(Durability.none())
            .run(broken, step -> {});
    assertThat(result.steps()).extracting(StepResult::state).containsExactly(State.DONE);
    assertThat(result.steps().get(0).step()).isEqualTo("ip link set dev tunl0 up");
    assertThat(result.repaired()).extracting("code").containsExactly("TUN-001");
    assertThat(result.remaining()).isEmpty();
    assertThat(examinations).hasValue(1);
  }

  @Test
  void portThatIsOpenForIpv6AloneIsOpenedForIpv4() {
    SandboxHost host = new SandboxHost("rs", folder.resolve("rs"));
    host.write("fou", "6080 -6\n");
    TaskList tasks =
        new TaskList("rs", Recorded.facts("json-rs1"), Durability.none(), RepairTest::all);
    tasks.add("TUN-011", Remedy.of("open it", new OpenGuePort(false, 6080)));
    RepairPlan plan =
        new RepairPlan(
            List.of(new Execution.Work("rs", host, tasks.tasks())),
            "fix",
            Durability.none(),
            false);
    assertThat(plan.apply(RunHeader.now("fix"), step -> {}))
        .extracting(StepResult::state)
        .containsExactly(State.DONE);
    assertThat(host.read("fou")).isEqualTo("6080 -6\n6080\n");
  }

  @Test
  void planChangesNothingAndSaysWhatIsNotAllowed() {
    Report broken = report(tunnelDown(), "TUN-001");
    RepairPlan plan =
        Repair.of(
                () -> {
                  throw new AssertionError("a plan must not examine");
                })
            .plan(broken);
    assertThat(plan.toString()).startsWith("rs\n  + ip link set dev tunl0 up   [TUN-001]\n");
    assertThat(new SandboxHost("rs2", folder.resolve("other")).read("calls")).isEmpty();
    assertThat(folder.resolve("rs/calls")).doesNotExist();
  }

  private static boolean all(Risk risk) {
    return risk != Risk.MANUAL;
  }

  private static List<PlannedStep> steps(Predicate<Risk> allowed, Remedy... remedies) {
    TaskList tasks = new TaskList("rs", Recorded.facts("json-rs1"), Durability.ofHost(), allowed);
    for (Remedy remedy : remedies) {
      tasks.add("TUN-002", remedy);
    }
    return tasks.tasks().stream().map(Task::shown).toList();
  }

  @Test
  void whatIsForPeopleIsSaid() {
    assertThat(steps(RepairTest::all, Remedy.manual("Call the provider.")))
        .singleElement()
        .matches(step -> !step.allowed() && step.risk() == Risk.MANUAL);
    assertThat(
            steps(
                RepairTest::all,
                Remedy.of("x", new SetSysctl("net/ipv4/ip_forward", "0"))
                    .lasting("/etc/sysctl.conf", "net.ipv4.ip_forward = 0")))
        .anyMatch(step -> step.step().equals("add to /etc/sysctl.conf: net.ipv4.ip_forward = 0"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Repair.of(() -> report(tunnelDown())).allowing(Risk.MANUAL));
  }
}
