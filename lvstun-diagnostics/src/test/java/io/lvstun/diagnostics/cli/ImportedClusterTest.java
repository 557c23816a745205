// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.IpAddress;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.keepalived.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportedClusterTest {

  private static String document(String configuration, Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("keepalived.conf"), configuration);
    return ImportedCluster.document(
        ConfigReader.onDisk().read(file.toString()).config(), "a\u001b[31m\nb");
  }

  @Test
  void emptyConfigurationIsThisDirectorAlone(@TempDir Path folder) throws Exception {
    String document = document("global_defs {\n}\n", folder);
    assertThat(document)
        .startsWith("# Read from a b\ndirectors:\n  - local")
        .doesNotContain("services:", "realServers:", "highAvailability");
    Topology topology = Topology.parse(document);
    assertThat(topology.nodes()).hasSize(1);
  }

  @Test
  void addressesOfIpv6AreBracketedWhereSshWantsIt(@TempDir Path folder) throws Exception {
    String document =
        document(
            """
            vrrp_instance VI_1 {
              interface eth0
              virtual_router_id 51
              unicast_src_ip 2001:db8::1
              unicast_peer {
                2001:db8::2
                2001:db8::2
              }
            }
            virtual_server 2001:db8::200 80 {
              lb_algo rr
              lb_kind TUN
              protocol TCP
              real_server 2001:db8::7 80 {
                weight 1
              }
            }
            """,
            folder);
    Topology topology = Topology.parse(document);
    assertThat(topology.nodes(Role.DIRECTOR))
        .extracting(node -> node.host().specification())
        .containsExactly("ssh://[2001:db8::1]", "ssh://[2001:db8::2]");
    assertThat(topology.nodes(Role.REAL_SERVER))
        .singleElement()
        .satisfies(
            node -> assertThat(node.addresses()).containsExactly(IpAddress.parse("2001:db8::7")));
    assertThat(topology.addresses()).containsExactly(IpAddress.parse("2001:db8::200"));
  }
}
