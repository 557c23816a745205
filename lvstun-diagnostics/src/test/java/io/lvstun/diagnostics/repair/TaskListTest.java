// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.repair.persist.Durability;
import io.lvstun.host.HostChange;
import io.lvstun.host.InsertFirewallRule;
import io.lvstun.host.Risk;
import io.lvstun.host.SetAddress;
import io.lvstun.host.SetLinkUp;
import io.lvstun.host.SetSysctl;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TaskListTest {

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
  void remedyIsTakenAsAWholeOrNotAtAll() {
    Remedy remedy =
        Remedy.of(
            "both",
            new SetLinkUp("tunl0"),
            SetAddress.present("tunl0", IpAddress.parse("192.0.2.1"), 32));
    assertThat(steps(Risk.SAFE::equals, remedy)).noneMatch(PlannedStep::allowed);
    assertThat(steps(TaskListTest::all, remedy).subList(0, 2)).allMatch(PlannedStep::allowed);
    assertThat(steps(TaskListTest::all, remedy, remedy))
        .isEqualTo(steps(TaskListTest::all, remedy));
  }

  @Test
  void remediesThatContradictEachOtherAreNotBothTaken() {
    Remedy two = Remedy.of("2", new SetSysctl("net/ipv4/conf/all/rp_filter", "2"));
    Remedy zero = Remedy.of("0", new SetSysctl("net/ipv4/conf/all/rp_filter", "0"));
    List<PlannedStep> steps = steps(TaskListTest::all, two, zero);
    assertThat(steps).extracting(PlannedStep::allowed).containsExactly(true, false);
    assertThat(steps.get(1).note()).contains("another remedy sets it to 2");
  }

  @Test
  void laterFileThatOverridesOursIsNamed() {
    HostFacts facts =
        Clusters.edited(
            "json-rs1",
            each ->
                each.text(
                    "configuration", "/etc/sysctl.d/99-site.conf:net/ipv4/conf/all/rp_filter=1\n"));
    TaskList tasks = new TaskList("rs", facts, Durability.ofHost(), TaskListTest::all);
    SetSysctl action = new SetSysctl("net/ipv4/conf/all/rp_filter", "2");
    tasks.add(
        "RPF-001",
        Remedy.of("2", action).lasting("/etc/sysctl.d/90-lvstun.conf", action.name() + " = 2"));
    assertThat(tasks.tasks().get(1).shown().note()).contains("/etc/sysctl.d/99-site.conf");
  }

  @Test
  void rulesLastWhereTheyAreIncludedAfterTheTables() {
    HostChange rule =
        new InsertFirewallRule(
            "inet", "filter", "input", List.of("ip", "protocol", "4", "accept"), "lvstun");
    String tables = "/etc/nftables.conf:table inet filter {\n/etc/nftables.conf:}\n";
    String include = "/etc/nftables.conf:include \"/etc/nftables.d/*.nft\"\n";
    for (boolean after : new boolean[] {true, false}) {
      HostFacts facts =
          Clusters.edited(
              "json-rs1",
              each -> each.text("configuration", after ? tables + include : include + tables));
      TaskList tasks = new TaskList("rs", facts, Durability.ofHost(), TaskListTest::all);
      tasks.add("FW-001", Remedy.of("accept", rule));
      PlannedStep lasting = tasks.tasks().get(1).shown();
      assertThat(lasting.allowed()).isEqualTo(after);
      assertThat(lasting.step())
          .startsWith(after ? "/etc/nftables.d/90-lvstun.nft: insert rule" : "add to");
    }
  }

  @Test
  void riskIsTheGreatestOfWhatAProgramCanDo() {
    HostChange link = new SetLinkUp("tunl0");
    HostChange address = SetAddress.present("tunl0", IpAddress.parse("192.0.2.1"), 32);
    assertThat(TaskList.risk(Remedy.of("a", link))).isEqualTo(Risk.SAFE);
    assertThat(TaskList.risk(Remedy.of("a", link, address))).isEqualTo(Risk.ADDRESS);
    assertThat(TaskList.risk(Remedy.of("a", address, link))).isEqualTo(Risk.ADDRESS);
    assertThat(TaskList.risk(Remedy.manual("call"))).isEqualTo(Risk.MANUAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/../etc/lvstun.conf",
        "/etc/passwd",
        "/tmp/lvstun.conf",
        "etc/lvstun.conf",
        "/etc/x/../lvstun.conf",
        "/etc/lvstun.conf;id"
      })
  void fileThatIsNotOursIsNeverWritten(String path) {
    PlannedStep last = lasting(path, "a = 1");
    assertThat(last.step()).isEqualTo("add to " + path + ": a = 1");
    assertThat(last.allowed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"# a", "a\nb", "a\u001b[31m", "\u00e9"})
  void lineThatCouldBeMoreThanOneStatementIsNeverWritten(String line) {
    assertThat(lasting("/etc/sysctl.d/90-lvstun.conf", line).allowed()).isFalse();
    assertThat(lasting("/etc/sysctl.d/90-lvstun.conf", "a = 1").allowed()).isTrue();
  }

  private static PlannedStep lasting(String path, String line) {
    List<PlannedStep> steps =
        steps(
            TaskListTest::all,
            Remedy.of("x", new SetSysctl("net/ipv4/ip_forward", "0")).lasting(path, line));
    return steps.get(steps.size() - 1);
  }
}
