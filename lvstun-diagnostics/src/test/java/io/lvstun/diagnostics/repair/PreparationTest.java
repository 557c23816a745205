// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.host.Host;
import io.lvstun.host.InstallFile;
import io.lvstun.host.Risk;
import io.lvstun.host.SetReceivePacketSteering;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {

  @TempDir Path folder;

  private static HostFacts server() {
    return Clusters.edited(
        "json-rs1",
        facts ->
            facts.text(
                "configuration",
                "/etc/network/interfaces:source /etc/network/interfaces.d/*\n"
                    + "/etc/network/interfaces:auto eth0\n"
                    + "/etc/network/interfaces:iface eth0 inet dhcp\n"));
  }

  @Test
  void preparingDoesItAndDoingItTwiceDoesNothing() {
    SandboxHost host = new SandboxHost("rs1", folder);
    List<String> before = host.state();
    Preparation preparation = Preparation.realServer(host).vip("192.168.1.200");
    List<StepResult> first = preparation.plan(server()).apply();
    assertThat(first).extracting(StepResult::state).containsOnly(State.DONE);
    assertThat(host.read("dev/tunl0")).isEqualTo("up\n");
    assertThat(host.read("addr/tunl0")).isEqualTo("192.168.1.200/32\n");
    assertThat(host.read("proc/sys/net/ipv4/conf/tunl0/rp_filter")).isEqualTo("2\n");
    assertThat(host.read("proc/sys/net/ipv4/conf/all/arp_announce")).isEqualTo("2\n");
    assertThat(host.read("etc/modules-load.d/lvstun.conf")).endsWith("\nipip\n");
    assertThat(host.read("etc/sysctl.d/90-lvstun.conf"))
        .endsWith(
            """
            net.ipv4.conf.all.arp_ignore = 1
            net.ipv4.conf.all.arp_announce = 2
            net.ipv4.conf.tunl0.rp_filter = 2
            """);
    assertThat(host.read("etc/network/interfaces.d/lvstun-tunl0"))
        .contains("iface tunl0 inet manual\n    up modprobe ipip || true\n");

    List<String> prepared = host.state();
    List<StepResult> second = preparation.plan(server()).apply();
    assertThat(second).extracting(StepResult::state).containsOnly(State.ALREADY);
    assertThat(host.state()).isEqualTo(prepared);
    assertThat(Undo.on(host).runs()).hasSize(1);

    List<StepResult> back = preparation.unprepare();
    assertThat(back).extracting(StepResult::state).containsOnly(State.DONE);
    assertThat(back.get(back.size() - 1).step()).isEqualTo("modprobe ipip");
    assertThat(host.state())
        .filteredOn(line -> !line.contains("conf/tunl0/"))
        .isEqualTo(withFiles(before));
    assertThat(preparation.unprepare()).isEmpty();
  }

  /** The stand-ins leave an empty list of addresses behind. */
  private static List<String> withFiles(List<String> before) {
    List<String> all = new java.util.ArrayList<>(before);
    all.add("addr/tunl0: ");
    return all.stream().sorted().toList();
  }

  @Test
  void defaultRouteKeepsItsOtherWords() {
    SandboxHost host = new SandboxHost("rs1", folder);
    host.write("default", "default via 192.0.2.1 dev eth0 proto dhcp metric 100 \n");
    host.write("proc/sys/net/ipv4/conf/all/arp_ignore", "1\n");
    Preparation preparation =
        Preparation.realServer(host)
            .vip("192.168.1.200")
            .segmentSize(1440)
            .durability(Durability.none());
    assertThat(preparation.plan(server()).apply())
        .allMatch(
            step -> step.state() == State.DONE || step.state() == State.ALREADY || step.lasting());
    assertThat(host.read("default"))
        .isEqualTo("default via 192.0.2.1 dev eth0 proto dhcp metric 100 advmss 1440\n");
    assertThat(preparation.unprepare()).allMatch(step -> step.state() == State.DONE);
    assertThat(host.read("default").strip())
        .isEqualTo("default via 192.0.2.1 dev eth0 proto dhcp metric 100");
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    Preparation server = Preparation.realServer(Host.local());
    assertThatIllegalStateException().isThrownBy(server::plan).withMessageContaining("vip");
    assertThatIllegalArgumentException().isThrownBy(() -> server.vip("rs1.example"));
    assertThatIllegalArgumentException().isThrownBy(() -> server.vip("127.0.0.1"));
    assertThatIllegalStateException().isThrownBy(() -> server.device("eth0"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Preparation.director(Host.local()).device("-x"));
    assertThatIllegalArgumentException().isThrownBy(() -> server.segmentSize(20));
  }

  private static final String STEERING = "sys/class/net/eth0/queues/rx-0/rps_cpus";

  @Test
  void cardIsTunedForNowAndForTheNextBootAndAllIsTakenBack() {
    SandboxHost host = new SandboxHost("rs1", folder);
    host.write(STEERING, "0\n");
    host.write("etc/app.conf", "old\n");
    List<String> before = host.state();
    Preparation preparation =
        Preparation.realServer(host)
            .vip("192.168.1.200")
            .durability(Durability.ofHost().root("/image"))
            .change(
                new SetReceivePacketSteering("eth0", List.of(0, 1)),
                InstallFile.of("/etc/app.conf", "new\n").check("grep", "new", InstallFile.COPY));
    host.write("image/etc/app.conf", "old\n");
    RepairPlan plan = preparation.plan(server());
    assertThat(plan.steps())
        .filteredOn(step -> step.step().contains("rps_cpus") && !step.lasting())
        .extracting(PlannedStep::risk)
        .containsOnly(Risk.DISRUPTIVE);
    assertThat(plan.steps())
        .extracting(PlannedStep::step)
        .contains("systemctl --root=/image enable lvstun-card-eth0.service");
    host.systemctl();
    assertThat(plan.apply()).extracting(StepResult::state).containsOnly(State.DONE);
    assertThat(host.read(STEERING)).isEqualTo("3\n");
    assertThat(host.read("image/etc/app.conf")).isEqualTo("new\n");
    assertThat(host.read("etc/app.conf")).isEqualTo("old\n");
    assertThat(host.read("image/etc/systemd/system/lvstun-card-eth0.service"))
        .contains("After=sys-subsystem-net-devices-eth0.device network.target")
        .contains(
            "ExecStart=-/bin/sh -c \"for queue in /sys/class/net/eth0/queues/rx-*; do"
                + " echo 3 >$$queue/rps_cpus; done\"");
    assertThat(host.read("unit")).isEqualTo("enabled\n");
    assertThat(preparation.plan(server()).apply())
        .extracting(StepResult::state)
        .containsOnly(State.ALREADY);

    assertThat(preparation.unprepare()).extracting(StepResult::state).containsOnly(State.DONE);
    assertThat(host.read(STEERING)).isEqualTo("0\n");
    assertThat(host.read("unit")).isEqualTo("disabled\n");
    assertThat(host.read("image/etc/app.conf")).isEqualTo("old\n");
    assertThat(host.path("image/etc/systemd/system/lvstun-card-eth0.service")).doesNotExist();
    assertThat(host.state()).containsAll(before);
  }

  @Test
  void fileThatTheCheckRefusesEndsThePreparation() {
    SandboxHost host = new SandboxHost("rs1", folder);
    host.write("etc/app.conf", "old\n");
    List<StepResult> results =
        Preparation.realServer(host)
            .vip("192.168.1.200")
            .change(InstallFile.of("/etc/app.conf", "new\n").check("grep", "x", InstallFile.COPY))
            .plan(server())
            .apply();
    assertThat(results)
        .filteredOn(result -> result.state() == State.FAILED)
        .singleElement()
        .satisfies(
            result ->
                assertThat(result.detail()).contains("refuses the file, which was not installed"));
    assertThat(host.read("etc/app.conf")).isEqualTo("old\n");
  }
}
