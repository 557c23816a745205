// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.VirtualService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepalivedConfigTest {

  private static final KeepalivedConfig CONFIG =
      KeepalivedConfig.EMPTY
          .global(GlobalSettings.DEFAULT.routerId("a"))
          .scripts(List.of(VrrpScript.of("s", "/bin/s")))
          .syncGroups(List.of(new SyncGroup("g", List.of("i"))))
          .instances(List.of(VrrpInstance.of("i", "eth0", 1).addAddress("192.0.2.1")))
          .virtualServers(
              List.of(
                  VirtualServer.of(
                      VirtualService.tcp("192.0.2.1", 80).addRealServer("198.51.100.1").tunnel())));

  @Test
  void partsAreWrittenInAFixedOrderAndReadBack() {
    assertThat(CONFIG.text())
        .containsSubsequence(
            "global_defs {",
            "vrrp_script s {",
            "vrrp_sync_group g {",
            "vrrp_instance i {",
            "virtual_server 192.0.2.1 80 {");
    assertThat(ConfigReader.of(ConfigFiles.of(Map.of("/k", CONFIG.text()))).read("/k").config())
        .isEqualTo(CONFIG);
    assertThat(KeepalivedConfig.EMPTY.text()).isBlank();
    assertThat(CONFIG.services()).containsExactly(CONFIG.virtualServers().get(0).service());
  }

  @Test
  void passwordMakesItSecret() {
    assertThat(CONFIG.hasSecret()).isFalse();
    assertThat(CONFIG.instances(List.of(CONFIG.instances().get(0).password("x"))).hasSecret())
        .isTrue();
  }

  @Test
  void nothingIsWrittenOfWhatKeepalivedRefuses(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("k");
    KeepalivedConfig refused =
        CONFIG.virtualServers(List.of(VirtualServer.of(VirtualService.tcp("192.0.2.1", 80))));
    assertThatThrownBy(() -> refused.writeTo(file))
        .hasMessage("virtual server TCP 192.0.2.1:80 has no real server");
    assertThat(Files.exists(file)).isFalse();
    CONFIG.writeTo(file);
    assertThatThrownBy(() -> refused.writeTo(file)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Files.readString(file)).isEqualTo(CONFIG.text());
  }
}
