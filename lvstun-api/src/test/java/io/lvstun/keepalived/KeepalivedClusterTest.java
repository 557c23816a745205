// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static io.lvstun.Scheduler.RR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.VirtualService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeepalivedClusterTest {

  private static final VrrpInstance INSTANCE =
      VrrpInstance.of("VI_1", "eth0", 51).password("1111").addAddress("192.168.1.200");

  /** The tutorial's pair of directors in one expression. */
  private static KeepalivedCluster tutorial() {
    return KeepalivedCluster.of(INSTANCE)
        .directors(
            KeepalivedDirector.of("LVS_MASTER", 100), KeepalivedDirector.of("LVS_BACKUP", 90))
        .virtualServers(
            VirtualServer.of(
                    VirtualService.tcp("192.168.1.200", 80)
                        .scheduler(RR)
                        .persistence(Duration.ofSeconds(300))
                        .addRealServer("192.168.2.101")
                        .tunnel()
                        .addRealServer("192.168.3.102")
                        .tunnel())
                .timers(timers -> timers.delayLoop(Duration.ofSeconds(6)))
                .checkEach(
                    Checker.tcp()
                        .connection(connection -> connection.port(80))
                        .timers(
                            timers ->
                                timers
                                    .connectTimeout(Duration.ofSeconds(3))
                                    .retry(3)
                                    .delayBeforeRetry(Duration.ofSeconds(3)))));
  }

  /** The statements of a text in a canonical order: block, then keyword. */
  private static List<String> statements(String text) {
    ImportedConfig imported = ConfigReader.of(ConfigFiles.of(Map.of("/k", text))).read("/k");
    List<String> lines = new ArrayList<>();
    flatten("", imported.tree(), lines);
    return lines.stream().sorted().toList();
  }

  private static void flatten(String path, List<Statement> tree, List<String> lines) {
    for (Statement one : tree) {
      String text = path + String.join(" ", one.words().stream().map(Word::text).toList());
      lines.add(text);
      flatten(text + " > ", one.block(), lines);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = KeepalivedClusterTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void tutorialsFilesComeOutStatementForStatement() throws IOException {
    Map<String, KeepalivedConfig> configs = tutorial().configs();
    assertThat(configs.keySet()).containsExactly("LVS_MASTER", "LVS_BACKUP");
    for (Map.Entry<String, KeepalivedConfig> config : configs.entrySet()) {
      String given = resource("tutorial-" + config.getKey() + ".conf");
      assertThat(statements(config.getValue().text()))
          .isEqualTo(statements(given.replace("nb_get_retry", "retry")));
    }
  }

  @Test
  void delayedOrNoPreemptionMakesAllBeginAsBackup() {
    for (VrrpInstance instance :
        List.of(INSTANCE.preempt(false), INSTANCE.preemptDelay(Duration.ofSeconds(60)))) {
      assertThat(
              KeepalivedCluster.of(instance)
                  .directors(KeepalivedDirector.of("a", 100), KeepalivedDirector.of("b", 90))
                  .configs()
                  .values())
          .allSatisfy(
              config ->
                  assertThat(config.instances().get(0).state())
                      .isEqualTo(VrrpInstance.State.BACKUP));
    }
  }

  @Test
  void addressesOfDirectorsMakeUnicastPeers() {
    Map<String, KeepalivedConfig> configs =
        KeepalivedCluster.of(INSTANCE)
            .directors(
                KeepalivedDirector.of("a", 3).address("10.0.0.1"),
                KeepalivedDirector.of("b", 2).address("10.0.0.2").interfaceName("eth9"),
                KeepalivedDirector.of("c", 1).address("10.0.0.3"))
            .configs();
    assertThat(configs.get("b").text())
        .contains("interface eth9\n")
        .contains("unicast_src_ip 10.0.0.2\n")
        .containsPattern("unicast_peer \\{\\s+10.0.0.1\\s+10.0.0.3\\s+}");
  }

  @Test
  void twoInstancesMayHaveTwoMasters() {
    Map<String, KeepalivedConfig> configs =
        KeepalivedCluster.of(INSTANCE, VrrpInstance.of("VI_2", "eth0", 52))
            .directors(
                KeepalivedDirector.of("a", 100).priority("VI_2", 90),
                KeepalivedDirector.of("b", 90).priority("VI_2", 100))
            .configs();
    assertThat(configs.get("a").instances())
        .extracting(VrrpInstance::state)
        .containsExactly(VrrpInstance.State.MASTER, VrrpInstance.State.BACKUP);
    assertThat(configs.get("b").instances())
        .extracting(VrrpInstance::state)
        .containsExactly(VrrpInstance.State.BACKUP, VrrpInstance.State.MASTER);
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() {
    KeepalivedDirector a = KeepalivedDirector.of("a", 100);
    refused(KeepalivedCluster.of(INSTANCE), "needs a director");
    refused(KeepalivedCluster.of(INSTANCE).directors(a, a), "director a is there twice");
    refused(
        KeepalivedCluster.of(INSTANCE).directors(a, KeepalivedDirector.of("b", 100)),
        "priority in VI_1 100 is there twice");
    refused(
        KeepalivedCluster.of(INSTANCE)
            .directors(a.address("10.0.0.1"), KeepalivedDirector.of("b", 90)),
        "1 of 2");
    refused(KeepalivedCluster.of(INSTANCE, INSTANCE).directors(a), "vrrp_instance VI_1");
    refused(
        KeepalivedCluster.of(INSTANCE)
            .directors(a)
            .global(
                GlobalSettings.DEFAULT.syncDaemon(SyncDaemonSetting.on("eth0").instance("VI_9"))),
        "names VI_9");
  }

  @Test
  void secretShowsInNoText() {
    KeepalivedConfig config = tutorial().configs().get("LVS_MASTER");
    assertThat(config.toString()).doesNotContain("1111");
    assertThat(config.text()).contains("auth_pass 1111");
    assertThat(config.hasSecret()).isTrue();
  }

  private static void refused(KeepalivedCluster cluster, String reason) {
    assertThatThrownBy(cluster::configs)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }
}
