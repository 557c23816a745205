// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Director;
import io.lvstun.diagnostics.Doctor;
import io.lvstun.diagnostics.Examination;
import io.lvstun.diagnostics.repair.Preparation;
import io.lvstun.diagnostics.repair.Repair;
import io.lvstun.diagnostics.repair.RepairResult;
import io.lvstun.diagnostics.repair.Undo;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Topology;
import io.lvstun.host.Host;
import io.lvstun.host.Risk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What is broken is repaired so that requests arrive again, and undone so that they do not. The
 * files of real server rs1 are in {@code /etc/netns/rs1}.
 */
class RepairLabIT {

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private Topology cluster;
  private Director director;
  private io.lvstun.cluster.Topology topology;

  @BeforeEach
  void start() {
    cluster = Topology.tutorial().prepare(io.lvstun.examples.lab.Preparation.none()).start();
    LabHost server = cluster.realServer(1);
    // Outside of the namespace's view: what is made inside would be made in the view.
    cluster
        .client()
        .run("mkdir", "-p", "/etc/netns/rs1/sysctl.d", "/etc/netns/rs1/network/interfaces.d");
    cluster
        .client()
        .run(
            "sh",
            "-c",
            "echo 'source /etc/network/interfaces.d/*' >/etc/netns/rs1/network/interfaces");
    topology =
        io.lvstun.cluster.Topology.builder()
            .director("director", Host.netns("director"))
            .realServer("rs1", Host.netns("rs1"), server.address())
            .realServer("rs2", Host.netns("rs2"), cluster.realServer(2).address())
            .vantage("client", Host.netns("client"))
            .build();
    for (String name : List.of("rs1", "rs2")) {
      Preparation.realServer(Host.netns(name)).vip(cluster.vip()).apply();
    }
    director = Director.builder().networkNamespace("director").open();
    PrepareHostsExample.serve(director);
    assertThat(answers()).isEqualTo(Map.of("rs1", 1, "rs2", 1));
  }

  @AfterEach
  void end() {
    director.close();
    cluster.client().run("rm", "-r", "/etc/netns/rs1");
    cluster.close();
  }

  private Map<String, Integer> answers() {
    return cluster.client().get(cluster.vipUrl(), 2, PATIENCE).byServer();
  }

  private Examination examination() {
    return Doctor.examine(topology).sample(Duration.ZERO);
  }

  /** Repairs, sees requests arrive, undoes, and sees them fail again. */
  private List<StepResult> repairedAndUndone(String code) {
    assertThat(answers()).doesNotContainKey("rs1");
    Repair repair = Repair.of(examination()).allowing(Risk.ADDRESS, Risk.FIREWALL);
    RepairResult result = repair.run();
    assertThat(result.before().rootCauses())
        .as("root causes")
        .anyMatch(finding -> finding.code().equals(code) && finding.host().equals("rs1"));
    assertThat(result.repaired())
        .as("repaired by %s", result.steps())
        .anyMatch(finding -> finding.code().equals(code) && finding.host().equals("rs1"));
    assertThat(answers()).as("%s", result.steps()).isEqualTo(Map.of("rs1", 1, "rs2", 1));

    List<StepResult> back = Undo.on(topology).latest();
    assertThat(back)
        .isNotEmpty()
        .allMatch(step -> step.state() == State.DONE || step.state() == State.ALREADY);
    assertThat(answers()).as("%s", back).doesNotContainKey("rs1");
    return result.steps();
  }

  @Test
  void deviceThatIsDown() {
    cluster.realServer(1).run("ip", "link", "set", "tunl0", "down");
    List<StepResult> steps = repairedAndUndone("TUN-001");
    cluster.realServer(1).run("ip", "link", "set", "tunl0", "up");
    assertThat(steps).extracting(StepResult::step).contains("ip link set dev tunl0 up");
  }

  @Test
  void addressThatIsMissingWhichIsWrittenDownForTheNextBoot() {
    cluster.realServer(1).run("ip", "address", "delete", "192.168.1.200/32", "dev", "tunl0");
    repairedAndUndone("TUN-002");
    cluster.realServer(1).run("ip", "address", "add", "192.168.1.200/32", "dev", "tunl0");
    // ip netns exec lays the namespace's own files over those of the machine.
    assertThat(cluster.realServer(1).run("cat", "/etc/network/interfaces.d/lvstun-tunl0"))
        .contains("up ip address add 192.168.1.200/32 dev tunl0");
    assertThat(cluster.client().exec("cat", "/etc/network/interfaces.d/lvstun-tunl0").succeeded())
        .isFalse();
  }

  @Test
  void filterThatDropsTunnels() {
    LabHost server = cluster.realServer(1);
    server.run("nft", "add", "table", "inet", "filter");
    server.run(
        "nft",
        "add",
        "chain",
        "inet",
        "filter",
        "input",
        "{ type filter hook input priority 0 ; policy accept ; }");
    server.run("nft", "add", "rule", "inet", "filter", "input", "ip", "protocol", "4", "drop");
    try {
      repairedAndUndone("FW-001");
    } finally {
      server.run("nft", "delete", "table", "inet", "filter");
    }
  }

  @Test
  void withoutPermissionNothingButSafeStepsAreTaken() {
    cluster.realServer(1).run("ip", "address", "delete", "192.168.1.200/32", "dev", "tunl0");
    try {
      RepairResult result = Repair.of(examination()).durability(Durability.none()).run();
      assertThat(result.steps())
          .filteredOn(step -> step.cause().equals("TUN-002"))
          .isNotEmpty()
          .allMatch(step -> step.state() == State.LEFT)
          .allMatch(step -> step.detail().contains("not allowed"));
      assertThat(answers()).doesNotContainKey("rs1");
    } finally {
      cluster.realServer(1).run("ip", "address", "add", "192.168.1.200/32", "dev", "tunl0");
    }
  }
}
