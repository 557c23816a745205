// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.traffic;

import static io.lvstun.examples.traffic.Clients.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Director;
import io.lvstun.LvsException;
import io.lvstun.Scheduler;
import io.lvstun.examples.lab.HttpAnswers;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.LongConnection;
import io.lvstun.examples.lab.RequestLoop;
import io.lvstun.examples.lab.Topology;
import io.lvstun.host.Host;
import io.lvstun.network.MarkAllocator;
import io.lvstun.steering.Match;
import io.lvstun.steering.Pool;
import io.lvstun.steering.Steering;
import io.lvstun.steering.SteeringMap;
import io.lvstun.steering.SteeringPlan;
import io.lvstun.steering.SteeringState;
import io.lvstun.steering.SteeringTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients reach the pool that the rules choose, whatever is replaced meanwhile. */
class SteeringLabIT {

  private static final String NORTH = "10.0.0.150";

  private Topology cluster;
  private LabHost client;
  private Director director;
  private SteeringTable table;
  private MarkAllocator marks;

  @BeforeEach
  void start() {
    cluster = Topology.tutorial().start();
    client = cluster.client();
    client.run("ip", "address", "add", NORTH + "/32", "dev", "eth0");
    director = Director.builder().networkNamespace("director").open();
    table = SteeringTable.on(Host.netns("director"));
    marks = MarkAllocator.of(0x1000, 64);
  }

  @AfterEach
  void end() {
    director.close();
    cluster.close();
  }

  private Steering web() {
    return Steering.tcp(
            cluster.vip(), 80, Pool.of("south", s -> server(s.scheduler(Scheduler.RR), "rs2")))
        .pool(Pool.of("north", s -> server(s.scheduler(Scheduler.RR), "rs1")));
  }

  private io.lvstun.VirtualService server(io.lvstun.VirtualService service, String name) {
    return service.addRealServer(cluster.host(name).address()).tunnel();
  }

  private SteeringMap resolved(Steering steering) {
    return SteeringMap.of(steering, List.of(), marks);
  }

  private String from(String address) {
    return client
        .run("curl", "-s", "-S", "--max-time", "15", "--interface", address, cluster.vipUrl())
        .strip();
  }

  @Test
  void clientsReachTheirPoolAndNothingIsLeftBehind() {
    LabHost host = cluster.director();
    String before = host.run("nft", "list", "ruleset");
    SteeringMap map = resolved(web().send(Match.networks(NORTH + "/32"), "north"));
    director.apply(map.services().toArray(io.lvstun.VirtualService[]::new));
    SteeringState state = table.apply(map);

    assertThat(state.generation()).hasValue(1);
    assertThat(from(NORTH)).isEqualTo("rs1");
    assertThat(from(client.address())).isEqualTo("rs2");
    assertThat(host.run("nft", "list", "table", "inet", "lvstun_steering"))
        .contains(NORTH + " : 0x00001001", "comment \"lvstun generation 1\"");
    assertThat(host.run("ipvsadm", "-Ln")).contains("FWM  4096 rr", "FWM  4097 rr");

    // The same again sends no element.
    SteeringPlan again = table.plan(List.of(map));
    assertThat(again.rangesToSend()).isZero();
    assertThat(again.script()).doesNotContain("element");
    assertThat(table.apply(again).generation()).hasValue(2);
    assertThat(from(NORTH)).isEqualTo("rs1");

    // A plan made before somebody else changed the table fails whole.
    SteeringPlan stale = table.plan(List.of(resolved(web())));
    host.run("nft", "flush", "table", "inet", "lvstun_steering");
    host.run("nft", "delete", "map", "inet", "lvstun_steering", state.maps().iterator().next());
    SteeringState damaged = table.state();
    assertThat(damaged.sameAs(state)).isFalse();
    assertThatThrownBy(() -> table.apply(stale))
        .isInstanceOf(LvsException.class)
        .hasMessageContaining("the table has changed since the plan was made");
    assertThat(table.state().sameAs(damaged)).isTrue();
    SteeringState repaired = table.apply(map);
    assertThat(repaired.maps()).isEqualTo(state.maps());
    assertThat(from(NORTH)).isEqualTo("rs1");

    table.remove();
    table.remove();
    assertThat(host.run("nft", "list", "ruleset")).isEqualTo(before);
  }

  @Test
  void rulesOfOthersThatSetMarksAreRefusedOrOverridden() {
    LabHost host = cluster.director();
    host.run("nft", "add table ip other");
    host.run(
        "nft",
        "add chain ip other pre { type filter hook prerouting priority -100; policy accept; }");
    host.run("nft", "add rule ip other pre tcp dport 80 meta mark set meta mark or 0x4000");
    String others = host.run("nft", "list", "table", "ip", "other");
    SteeringMap map = resolved(web().send(Match.networks(NORTH + "/32"), "north"));
    director.apply(map.services().toArray(io.lvstun.VirtualService[]::new));

    assertThatThrownBy(() -> table.apply(map))
        .isInstanceOf(LvsException.class)
        .hasMessageContaining("other rules set packet marks")
        .hasMessageContaining("ip other pre");
    assertThat(table.state().present()).isFalse();

    table = table.overrideForeignMarks();
    assertThat(table.apply(map).chains()).contains("input");
    assertThat(from(NORTH)).isEqualTo("rs1");
    assertThat(from(client.address())).isEqualTo("rs2");
    assertThat(host.run("nft", "list", "table", "ip", "other")).isEqualTo(others);
  }

  /** Ten replacements of the whole map while clients connect; an open connection stays. */
  @Test
  void replacingTheMapLosesNoConnection() {
    SteeringMap first = resolved(web().send(Match.networks(client.address() + "/32"), "north"));
    director.apply(first.services().toArray(io.lvstun.VirtualService[]::new));
    SteeringState unused = table.apply(first);
    try (LongConnection open = client.connect(cluster.vip(), 80);
        RequestLoop loop = client.keepAsking(cluster.vip(), 80, Duration.ofMillis(20))) {
      assertThat(open.server()).isEqualTo("rs1");
      for (int i = 0; i < 10; i++) {
        List<String> networks = new ArrayList<>();
        for (int n = 0; n < 200; n++) {
          networks.add("172." + (16 + i) + '.' + n + ".0/24");
        }
        Steering next = web().send(Match.networks(networks.toArray(String[]::new)), "north");
        if (i % 2 == 1) {
          next = next.send(Match.networks(client.address() + "/32"), "north");
        }
        unused = table.apply(resolved(next));
        loop.awaitMore(3, PATIENCE);
      }
      SteeringState last = table.apply(resolved(web()));
      assertThat(last.maps()).isEmpty();
      loop.awaitMore(3, PATIENCE);
      HttpAnswers answers = loop.stop();
      assertThat(answers.failures()).isEmpty();
      assertThat(answers.byServer()).containsOnlyKeys("rs1", "rs2");
      assertThat(open.server()).as("the server of the open connection").isEqualTo("rs1");
    }
    assertThat(client.get(cluster.vipUrl(), 4, PATIENCE).byServer()).isEqualTo(Map.of("rs2", 4));
  }
}
