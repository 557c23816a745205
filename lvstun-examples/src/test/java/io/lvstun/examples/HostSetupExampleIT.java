// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tutorial's hosts, set up by the library alone, answer; `ip` finds them as wanted. */
class HostSetupExampleIT {

  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void hostsAreSetUpAndAnswer() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    try (Topology cluster =
        Topology.tutorial().prepare(Preparation.none()).vipOnDirector(false).start()) {
      int status =
          HostSetupExample.runner().run(new Stage(cluster, Optional.empty(), stream), stream);
      String printed = out.toString(StandardCharsets.UTF_8);
      assertThat(printed)
          .contains("{rs1=5, rs2=5}", "VERDICT: it works. ")
          .containsPattern("(?m)^\\d+: lvs0 mtu 1480 up ipip$")
          .contains("192.168.1.200/32 dev lvs0");
      assertThat(status).isEqualTo(0);

      assertThat(addresses(cluster.director(), "eth0")).contains("192.168.1.200/32");
      for (LabHost server : cluster.realServers()) {
        assertThat(addresses(server, "lvs0")).isEqualTo(" 192.168.1.200/32");
        JsonNode link =
            JSON.readTree(server.run("ip", "-d", "-j", "link", "show", "dev", "lvs0")).get(0);
        assertThat(link.get("linkinfo").get("info_kind").asString()).isEqualTo("ipip");
        JsonNode tunnel = link.get("linkinfo").get("info_data");
        assertThat(tunnel.get("local").asString()).isEqualTo(server.address());
        assertThat(tunnel.get("remote").asString()).isEqualTo("any");
      }
    }
  }

  private static String addresses(LabHost host, String link) {
    StringBuilder text = new StringBuilder();
    for (JsonNode node :
        JSON.readTree(host.run("ip", "-4", "-j", "addr", "show", "dev", link))
            .get(0)
            .get("addr_info")) {
      text.append(' ')
          .append(node.get("local").asString())
          .append('/')
          .append(node.get("prefixlen").asInt());
    }
    return text.toString();
  }
}
