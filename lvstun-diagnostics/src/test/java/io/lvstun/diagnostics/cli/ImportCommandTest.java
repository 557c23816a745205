// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.VirtualService;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

  private static final String SERVER =
      """
      virtual_server 192.168.1.200 80 {
        lb_algo rr
        lb_kind TUN
        protocol TCP
        real_server 192.168.2.101 80 {
          TCP_CHECK { nb_get_retry 3
          }
        }
      }
      """;

  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("keepalived.conf"), text);
  }

  @Test
  void printsTheDocumentThatTheDoctorReads() throws IOException {
    Path file =
        file(
            """
            vrrp_instance VI_1 {
              interface eth0
              virtual_router_id 51
              unicast_src_ip 10.0.0.1
              unicast_peer { 10.0.0.2
              }
            }
            """
                + SERVER.replace("nb_get_retry", "retry"));
    Runner runner = Runner.run("import", "keepalived", file.toString());
    assertThat(runner.err()).isEmpty();
    assertThat(runner.status()).isZero();
    Topology topology = Topology.parse(runner.out());
    assertThat(topology.nodes(Role.DIRECTOR)).hasSize(2);
    assertThat(topology.nodes(Role.REAL_SERVER)).hasSize(1);
    assertThat(topology.statement().highAvailability()).isEqualTo(HighAvailability.VRRP);
    assertThat(Set.copyOf(topology.desired()))
        .containsExactly(
            VirtualService.tcp("192.168.1.200", 80)
                .scheduler(io.lvstun.Scheduler.RR)
                .addRealServer("192.168.2.101")
                .tunnel());
  }

  @Test
  void lossesFollowWithTheirLine() throws IOException {
    Path file = file(SERVER);
    Runner runner = Runner.run("import", "keepalived", file.toString());
    assertThat(runner.status()).isEqualTo(4);
    assertThat(runner.out())
        .contains("# UNKNOWN " + file + ":6:17: nb_get_retry 3: keepalived does not know");
    assertThat(Topology.parse(runner.out()).nodes(Role.REAL_SERVER)).hasSize(1);
  }

  @Test
  void healthChecksAndWhatDiffersAreListed() throws IOException {
    Path file =
        file(
            """
            virtual_server 192.168.1.200 80 {
              lb_algo rr
              lb_kind TUN
              protocol TCP
              delay_loop 6
              real_server 192.168.2.101 80 {
                TCP_CHECK { retry 3
                }
                BFD_CHECK { name b
                }
              }
            }
            """);
    Runner runner = Runner.run("import", "keepalived", file.toString());
    assertThat(runner.out())
        .contains("# tcp:192.168.1.200:80 192.168.2.101:80: TCP, every 6s, 3 retries\n")
        .contains(
            "# Differs: tcp:192.168.1.200:80 192.168.2.101:80: Bfd: the check is left out: there"
                + " are no BFD sessions here\n");
    assertThat(Topology.parse(runner.out()).nodes(Role.REAL_SERVER)).hasSize(1);
  }

  @Test
  void linesOfOneHostAreTaken() throws IOException {
    Path file = file("@lb1 " + SERVER.replace("\n", "\n@lb1 ") + "\n");
    assertThat(Runner.run("import", "keepalived", file.toString(), "-i", "lb1").out())
        .contains("192.168.1.200:80");
    assertThat(Runner.run("import", "keepalived", file.toString()).out())
        .contains("OTHER_HOST")
        .doesNotContain("services:");
  }

  @Test
  void whatCannotBeReadIsRefusedWithItsPlace() throws IOException {
    Path file = file("\ninclude keepalived.conf\n");
    Runner runner = Runner.run("import", "keepalived", file.toString());
    assertThat(runner.status()).isEqualTo(2);
    assertThat(runner.err()).contains(file + ":2:1: ").contains("includes itself");
    assertThat(Runner.run("import", "haproxy", "x").err()).contains("only keepalived's");
  }
}
