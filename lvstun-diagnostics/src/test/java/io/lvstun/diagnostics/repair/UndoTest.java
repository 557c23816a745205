// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.repair.journal.HostScript;
import io.lvstun.diagnostics.repair.journal.JournalledRun;
import io.lvstun.diagnostics.repair.journal.Session;
import io.lvstun.diagnostics.repair.journal.StepResult;
import io.lvstun.diagnostics.repair.journal.StepResult.State;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.diagnostics.repair.persist.FileFormat;
import io.lvstun.host.HostChange;
import io.lvstun.host.HostException;
import io.lvstun.host.InsertFirewallRule;
import io.lvstun.host.LoadModule;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import io.lvstun.host.SetSysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps on a host, what happens when they fail half-way, and how they are taken back. */
class UndoTest {

  private static final String RP = "net/ipv4/conf/all/rp_filter";
  private static final String SYSCTLS = "/etc/sysctl.d/90-lvstun.conf";

  @TempDir Path folder;
  private SandboxHost host;

  @BeforeEach
  void make() {
    host = new SandboxHost("rs1", folder);
  }

  private List<StepResult> apply(Remedy... remedies) {
    return apply(Durability.ofHost(), remedies);
  }

  private List<StepResult> apply(Durability durability, Remedy... remedies) {
    TaskList tasks = new TaskList("rs1", Recorded.facts("json-rs1"), durability, risk -> true);
    for (Remedy remedy : remedies) {
      tasks.add("RPF-001", remedy);
    }
    return new RepairPlan(
            List.of(new Execution.Work("rs1", host, tasks.tasks())), "fix", durability, false)
        .apply();
  }

  private static Remedy sysctl(String path, int value) {
    SetSysctl action = new SetSysctl(path, Integer.toString(value));
    return Remedy.of("set it", action).lasting(SYSCTLS, action.name() + " = " + value);
  }

  private static Remedy module(String module) {
    return Remedy.of("load it", new LoadModule(module))
        .lasting("/etc/modules-load.d/lvstun.conf", module);
  }

  private static List<State> states(List<StepResult> results) {
    return results.stream().map(StepResult::state).toList();
  }

  private String rpFilter() {
    return host.read("proc/sys/" + RP).strip();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void whatWasDoneIsTakenBackByEveryShell(String shell) {
    host = new SandboxHost("rs1", folder, shell);
    List<String> before = host.state();
    // Of modules nothing: some BusyBoxes take their own modprobe, whatever PATH says.
    assertThat(states(apply(sysctl(RP, 2)))).containsOnly(State.DONE);
    assertThat(rpFilter()).isEqualTo("2");
    assertThat(host.read("etc/sysctl.d/90-lvstun.conf"))
        .isEqualTo(FileFormat.HEADER + "\nnet.ipv4.conf.all.rp_filter = 2\n");
    assertThat(states(Undo.on(host).latest())).containsOnly(State.DONE);
    assertThat(host.state()).isEqualTo(before);
    assertThat(Undo.on(host).latest()).isEmpty();
    assertThat(Undo.on(host).runs()).singleElement().matches(JournalledRun::undone);
  }

  @Test
  void doingItTwiceLeavesOneRun() {
    apply(sysctl(RP, 2));
    assertThat(states(apply(sysctl(RP, 2)))).containsOnly(State.ALREADY);
    assertThat(Undo.on(host).runs()).hasSize(1);
  }

  @Test
  void failedStepEndsItsRemedyAndLeavesTheOthers() {
    host.failing("modprobe ip_vs");
    Remedy two = module("ip_vs").then(new SetSysctl(RP, "2"));
    List<StepResult> results =
        apply(Durability.none(), two, sysctl("net/ipv4/conf/all/arp_ignore", 1));
    assertThat(states(results)).containsExactly(State.FAILED, State.LEFT, State.DONE);
    assertThat(results.get(0).detail()).contains("Module ip_vs not found");
    assertThat(rpFilter()).isEqualTo("1");
    assertThat(states(Undo.on(host).latest())).containsExactly(State.DONE, State.ALREADY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"late", "going"})
  void moduleThatAnotherNamespaceOfTheKernelTakesOutIsOut(String other) {
    assertThat(states(apply(Durability.none(), module("ip_vs")))).containsOnly(State.DONE);
    host.write(other, "");
    assertThat(states(Undo.on(host).latest())).containsExactly(State.DONE);
    assertThat(host.path("sys/module/ip_vs")).doesNotExist();
  }

  @Test
  void hostThatDiesHalfWayIsTakenBackAsFarAsItGot() {
    List<String> before = host.state();
    host.dyingAt(arguments -> arguments.contains("0002"));
    List<StepResult> results = apply(sysctl(RP, 2), sysctl("net/ipv4/conf/all/arp_ignore", 1));
    assertThat(states(results)).startsWith(State.DONE).endsWith(State.FAILED);
    assertThat(results.get(results.size() - 1).detail()).contains("connection lost");
    assertThat(host.state()).isNotEqualTo(before);
    host.revive();
    // The lock is still there, and nobody holds it.
    assertThat(host.path("var/lib/lvstun/host/lock")).exists();
    assertThat(states(Undo.on(host).latest())).containsOnly(State.DONE);
    assertThat(host.state()).isEqualTo(before);
  }

  @Test
  void stepThatWasWrittenDownAndNotTakenIsAsBefore() throws IOException {
    apply(sysctl(RP, 2));
    // As if the host had died between the journal and the step.
    Files.delete(journal("0001.done"));
    host.write("proc/sys/" + RP, "1\n");
    assertThat(states(Undo.on(host).latest())).containsExactly(State.DONE, State.ALREADY);
  }

  private Path journal(String name) throws IOException {
    try (Stream<Path> runs = Files.list(host.path("var/lib/lvstun/host/runs"))) {
      return runs.sorted().toList().get(0).resolve(name);
    }
  }

  @Test
  void withoutJournalNothingIsChanged() {
    host.write("var/lib/lvstun", "a file where a folder should be\n");
    List<String> before = host.state();
    List<StepResult> results = apply(sysctl(RP, 2));
    assertThat(states(results)).containsOnly(State.FAILED);
    assertThat(results.get(0).detail()).contains("Without a journal nothing is changed");
    assertThat(host.state()).isEqualTo(before);
  }

  @Test
  void journalThatCannotBeWrittenHalfWayStopsTheStep() {
    host.dyingAt(
        arguments -> {
          if (arguments.contains("0002")) {
            // The disk is full from here on: what is to be written cannot be.
            host.write("bin/dd", "#!/bin/sh\nexit 1\n");
            host.write("bin/sync", "#!/bin/sh\nexit 1\n");
            host.path("bin/dd").toFile().setExecutable(true);
          }
          return false;
        });
    List<StepResult> results =
        apply(Durability.none(), sysctl(RP, 2), sysctl("net/ipv4/conf/all/arp_ignore", 1));
    assertThat(states(results)).containsExactly(State.DONE, State.FAILED);
    assertThat(results.get(1).detail()).contains("cannot write the journal");
    assertThat(host.read("proc/sys/net/ipv4/conf/all/arp_ignore")).isEqualTo("0\n");
  }

  @Test
  void damagedEntryIsSaidAndTheOthersAreTakenBack() throws IOException {
    apply(Durability.none(), sysctl(RP, 2), sysctl("net/ipv4/conf/all/arp_ignore", 1));
    Path entry = journal("0002.entry");
    Files.writeString(entry, Files.readString(entry).replace("arp_ignore", "arp_filter"));
    List<StepResult> results = Undo.on(host).latest();
    assertThat(states(results)).containsExactly(State.FAILED, State.DONE);
    assertThat(results.get(0).detail()).contains("checksum");
    assertThat(rpFilter()).isEqualTo("1");
    assertThat(host.read("proc/sys/net/ipv4/conf/all/arp_ignore")).isEqualTo("1\n");
    assertThat(Undo.on(host).runs()).singleElement().matches(run -> !run.undone());
    Files.writeString(entry, "\u001b[2J\n");
    assertThat(Undo.on(host).latest().get(0).toString()).doesNotContain("\u001b");
  }

  @Test
  void damagedHeaderHidesNoRun() throws IOException {
    apply(Durability.none(), sysctl(RP, 2));
    Files.writeString(journal("meta"), "{");
    assertThat(Undo.on(host).runs()).singleElement().matches(run -> run.what().contains("damaged"));
    assertThat(states(Undo.on(host).latest())).containsExactly(State.DONE);
  }

  @Test
  void whatSomebodyElseHasChangedSinceIsLeft() {
    apply(sysctl(RP, 2));
    host.write("proc/sys/" + RP, "0\n");
    host.write("etc/sysctl.d/90-lvstun.conf", "net.ipv4.conf.all.rp_filter = 0\n");
    List<StepResult> results = Undo.on(host).latest();
    assertThat(states(results)).containsExactly(State.LEFT, State.LEFT);
    assertThat(results.get(1).detail()).contains("somebody else").contains("now it is 0");
    assertThat(rpFilter()).isEqualTo("0");
    assertThat(host.read("etc/sysctl.d/90-lvstun.conf"))
        .isEqualTo("net.ipv4.conf.all.rp_filter = 0\n");
  }

  @Test
  void earlierRunIsTakenBackWithoutTheLater() {
    apply(sysctl(RP, 2));
    apply(sysctl("net/ipv4/conf/all/arp_ignore", 1));
    List<JournalledRun> runs = Undo.on(host).runs();
    assertThat(runs).hasSize(2);
    String first =
        runs.stream().min(java.util.Comparator.comparing(JournalledRun::at)).orElseThrow().id();
    assertThat(states(Undo.on(host).run(first))).containsOnly(State.DONE);
    assertThat(host.read("etc/sysctl.d/90-lvstun.conf"))
        .isEqualTo(FileFormat.HEADER + "\nnet.ipv4.conf.all.arp_ignore = 1\n");
    assertThat(rpFilter()).isEqualTo("1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Undo.on(host).run("20200101-000000-0000"));
  }

  @Test
  void filesOfSomebodyElseAreLeft() throws IOException {
    host.write("etc/sysctl.d/90-lvstun.conf", "# mine\n");
    List<StepResult> results = apply(sysctl(RP, 2));
    assertThat(states(results)).containsExactly(State.DONE, State.LEFT);
    assertThat(results.get(1).detail()).contains("somebody else's");
    assertThat(host.read("etc/sysctl.d/90-lvstun.conf")).isEqualTo("# mine\n");

    host.write("etc/secret", "x\n");
    Files.createDirectories(host.path("etc/modules-load.d"));
    Files.createSymbolicLink(host.path("etc/modules-load.d/lvstun.conf"), host.path("etc/secret"));
    assertThat(states(apply(module("ip_vs")))).containsExactly(State.DONE, State.FAILED);
    assertThat(host.read("etc/secret")).isEqualTo("x\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "net.ipv4.ip_forward = 1\n\u001b]0;x\u0007\n",
        "kernel.core_pattern = |/tmp/x\n# edited\n",
        "\n\n",
        ""
      })
  void editedFilesOfOursAreLeft(String rest) {
    String text = FileFormat.HEADER + "\n" + rest;
    host.write("etc/sysctl.d/90-lvstun.conf", text);
    List<StepResult> results = apply(sysctl(RP, 2));
    if (rest.startsWith("net")) {
      // Each line may be one of ours: a statement is whatever stands there, and stays.
      assertThat(host.read("etc/sysctl.d/90-lvstun.conf")).startsWith(text);
    } else {
      assertThat(states(results)).containsExactly(State.DONE, State.LEFT);
      assertThat(host.read("etc/sysctl.d/90-lvstun.conf")).isEqualTo(text);
    }
  }

  @Test
  void twoAtOnceAreKeptApart() {
    try (Session session = Session.begin(new HostScript(host), "20260101-000000-0000", "{}")) {
      assertThat(session.place().machine()).isTrue();
      List<StepResult> results = apply(sysctl(RP, 2));
      assertThat(states(results)).containsOnly(State.FAILED);
      assertThat(results.get(0).detail()).contains("somebody else is at work");
      assertThatThrownBy(() -> Session.begin(new HostScript(host), "", ""))
          .isInstanceOf(HostException.class)
          .hasMessageContaining("15 minutes");
    }
    assertThat(states(apply(sysctl(RP, 2)))).containsOnly(State.DONE);
  }

  @Test
  void lockOfAnotherMachineHoldsUntilItIsOld() throws IOException {
    host.write("var/lib/lvstun/host/lock/owner", "token\nother-boot/1/2 root, process 1\n");
    assertThat(states(apply(sysctl(RP, 2)))).containsOnly(State.FAILED);
    Files.setLastModifiedTime(
        host.path("var/lib/lvstun/host/lock"),
        java.nio.file.attribute.FileTime.from(java.time.Instant.now().minusSeconds(3600)));
    assertThat(states(apply(sysctl(RP, 2)))).containsOnly(State.DONE);
  }

  @Test
  void rulesAreKnownByTheirComment() {
    Remedy remedy =
        Remedy.of(
            "let it in",
            new InsertFirewallRule(
                "inet", "filter", "input", List.of("ip", "protocol", "4", "accept"), "lvstun"));
    host.write("nft", "tcp dport 22 accept # handle 3\n");
    List<StepResult> results = apply(remedy);
    assertThat(states(results)).containsExactly(State.DONE, State.LEFT);
    assertThat(results.get(1).detail()).contains("for people");
    assertThat(host.read("nft")).contains("ip protocol 4 accept comment \"lvstun-");
    assertThat(states(apply(remedy))).startsWith(State.ALREADY);
    assertThat(states(Undo.on(host).latest())).containsExactly(State.DONE);
    assertThat(host.read("nft")).isEqualTo("tcp dport 22 accept # handle 3\n");
  }

  @Test
  void rulesWithTheSameCommentAreToldApart() {
    Remedy remedy = Remedy.of("let them in");
    for (String source : List.of("192.0.2.1", "192.0.2.2")) {
      remedy =
          remedy.then(
              new InsertFirewallRule(
                  "inet",
                  "filter",
                  "input",
                  List.of("ip", "saddr", source, "accept"),
                  "lvstun-FW-001"));
    }
    assertThat(states(apply(Durability.none(), remedy))).containsOnly(State.DONE);
    assertThat(host.read("nft").lines())
        .hasSize(2)
        .allMatch(line -> line.contains("comment \"lvstun-FW-001-"));
    assertThat(states(Undo.on(host).latest())).containsOnly(State.DONE);
    assertThat(host.read("nft")).isEmpty();
  }

  @Test
  void commandsAreTakenBackByTheirOpposite() {
    HostChange add =
        new RunCommand(
            List.of("ip", "address", "add", "198.51.100.1/32", "dev", "lo"),
            List.of("ip", "address", "delete", "198.51.100.1/32", "dev", "lo"),
            Risk.ADDRESS);
    HostChange once = new RunCommand(List.of("true"), List.of(), Risk.SAFE);
    apply(Remedy.of("both", add, once));
    assertThat(host.read("addr/lo")).isEqualTo("198.51.100.1/32\n");
    List<StepResult> results = Undo.on(host).latest();
    assertThat(states(results)).containsExactly(State.LEFT, State.DONE);
    assertThat(results.get(0).detail()).contains("nothing is known that takes it back");
    assertThat(host.read("addr/lo")).isEmpty();
  }

  @Test
  void namespacesKeepTheirHandsOffTheMachinesFiles() {
    host.namespace("4026532000", "");
    assertThat(states(apply(sysctl(RP, 2)))).containsExactly(State.DONE, State.LEFT);
    assertThat(host.path("var/lib/lvstun/netns/4026532000/runs")).exists();

    host.namespace("4026532001", "blue");
    List<StepResult> results = apply(sysctl("net/ipv4/conf/all/arp_ignore", 1));
    assertThat(results.get(1).detail()).contains("mkdir -p /etc/netns/blue");
    assertThat(host.path("etc/sysctl.d")).doesNotExist();

    assertThat(host.path("etc/netns/blue").toFile().mkdirs()).isTrue();
    assertThat(states(apply(sysctl("net/ipv4/conf/all/arp_announce", 2)))).containsOnly(State.DONE);
    assertThat(host.read("etc/netns/blue/sysctl.d/90-lvstun.conf")).contains("arp_announce = 2");
  }

  @Test
  void filesMayGoBelowARoot() {
    Durability durability = Durability.ofHost().root("/srv/{host}/");
    assertThat(states(apply(durability, sysctl(RP, 2)))).containsOnly(State.DONE);
    assertThat(host.read("srv/rs1/etc/sysctl.d/90-lvstun.conf")).contains("rp_filter = 2");
    assertThat(states(Undo.on(host).latest())).containsOnly(State.DONE);
    assertThat(host.path("srv/rs1/etc/sysctl.d/90-lvstun.conf")).doesNotExist();
    for (String bad : List.of("srv", "/a/../b", "/a b", "-x", "/$(id)")) {
      assertThatIllegalArgumentException().isThrownBy(() -> Durability.ofHost().root(bad));
    }
  }

  @Test
  void whatTheHostDoesNotHaveFails() {
    List<StepResult> results = apply(Durability.none(), sysctl("net/ipv4/conf/tunl0/rp_filter", 2));
    assertThat(states(results)).containsExactly(State.FAILED);
    assertThat(results.get(0).detail()).contains("not present on this host");
    assertThat(Undo.on(host).runs()).isEmpty();
  }
}
