// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.VirtualService;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {

  private static ImportedConfig read(String text) {
    return ConfigReader.of(ConfigFiles.of(Map.of("/k", text))).read("/k");
  }

  private static VirtualServer server(String statements) {
    return read("virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_method TUN\n"
            + statements
            + "\n}\n")
        .config()
        .virtualServers()
        .get(0);
  }

  private static List<String> losses(ImportedConfig imported) {
    return imported.losses().stream().map(loss -> loss.place().line() + " " + loss.kind()).toList();
  }

  @Test
  void tutorialsFileIsReadWithItsUnknownKeywordListed() throws IOException {
    String text;
    try (InputStream in = getClass().getResourceAsStream("tutorial-LVS_MASTER.conf")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    ImportedConfig imported = read(text);
    assertThat(imported.config().services())
        .containsExactly(
            VirtualService.tcp("192.168.1.200", 80)
                .scheduler(io.lvstun.Scheduler.RR)
                .persistence(Duration.ofSeconds(300))
                .addRealServer("192.168.2.101")
                .tunnel()
                .addRealServer("192.168.3.102")
                .tunnel());
    VrrpInstance instance = imported.config().instances().get(0);
    assertThat(instance)
        .isEqualTo(
            VrrpInstance.of("VI_1", "eth0", 51)
                .state(VrrpInstance.State.MASTER)
                .password("1111")
                .addAddress("192.168.1.200"));
    assertThat(imported.losses())
        .hasSize(2)
        .allSatisfy(
            loss -> {
              assertThat(loss.kind()).isEqualTo(ImportLoss.Kind.UNKNOWN);
              assertThat(loss.statement()).isEqualTo("nb_get_retry 3");
            });
  }

  @Test
  void groupsOfRangesAndMarksBecomeServices() {
    ImportedConfig imported =
        read(
            """
            virtual_server_group g {
              192.0.2.1-3 80
              192.0.2.10/30 81
              192.0.2.254-192.0.3.1 82
              2001:db8::fffe-ffff 83
              fwmark 5
              fwmark 6 inet6
              bad
            }
            virtual_server group g {
              lvs_sched rr
              lvs_method TUN
              protocol UDP
              real_server 198.51.100.1 { weight 2 }
            }
            """);
    assertThat(imported.config().services())
        .extracting(service -> service.key().toString())
        .containsExactly(
            "UDP 192.0.2.1:80",
            "UDP 192.0.2.2:80",
            "UDP 192.0.2.3:80",
            "UDP 192.0.2.8:81",
            "UDP 192.0.2.9:81",
            "UDP 192.0.2.10:81",
            "UDP 192.0.2.11:81",
            "UDP 192.0.2.254:82",
            "UDP 192.0.2.255:82",
            "UDP 192.0.3.0:82",
            "UDP 192.0.3.1:82",
            "UDP [2001:db8::fffe]:83",
            "UDP [2001:db8::ffff]:83",
            "FWM 5",
            "FWM 6 IPv6");
    assertThat(losses(imported)).containsExactly("8 INVALID");
  }

  @Test
  void checksThatKeepalivedIgnoresAreListed() {
    ImportedConfig imported =
        read(
            """
            virtual_server 192.0.2.1 80 {
              protocol tcp
              real_server 198.51.100.1 80 {
                HTTP_GET { }
                UDP_CHECK { payload 01 ff
                 require_reply aa Ff
                }
              }
            }
            """);
    assertThat(imported.losses())
        .filteredOn(loss -> loss.kind() == ImportLoss.Kind.INVALID)
        .extracting(ImportLoss::reason)
        .contains("HTTP_GET and SSL_GET need a url; keepalived ignores a check without one")
        .haveExactly(
            2,
            new Condition<>(
                reason -> reason.startsWith("keepalived refuses bytes whose last one is ff"),
                "last byte ff"));
    Checker.Udp udp =
        (Checker.Udp)
            imported
                .config()
                .virtualServers()
                .get(0)
                .checks()
                .values()
                .iterator()
                .next()
                .checkers()
                .get(0);
    assertThat(udp.payload()).isEmpty();
    assertThat(udp.requireReply()).isTrue();
    assertThat(udp.reply()).isEmpty();
  }

  @Test
  void nothingIsDroppedInSilence() {
    ImportedConfig imported =
        read(
            """
            global_defs { smtp_server 10.0.0.1
             vrrp_strict
            }
            vrrp_instance a {
              interface eth0
              virtual_router_id 5
              garp_master_delay 3
              virtual_routes { 10.0.0.0/8 via 10.0.0.1
               }
              virtual_ipaddress { 192.0.2.1 scope link
               }
              track_interface { eth1 weight 5
               }
            }
            virtual_server 192.0.2.1 80 {
              protocol TCP
              ha_suspend
              quorum_up "/bin/up"
              real_server 198.51.100.1 80 { notify_up /bin/up
               smtp_alert
               TCP_CHECK { log_all_failures
               }
              }
            }
            static_ipaddress { 10.0.0.1 dev eth0
             }
            """);
    assertThat(losses(imported))
        .containsExactly(
            "1 NO_COUNTERPART",
            "2 NO_COUNTERPART",
            "7 NO_COUNTERPART",
            "8 NO_COUNTERPART",
            "10 NO_COUNTERPART",
            "12 NO_COUNTERPART",
            "17 NO_COUNTERPART",
            "18 NO_COUNTERPART",
            "19 NO_COUNTERPART",
            "20 NO_COUNTERPART",
            "21 NO_COUNTERPART",
            "25 NO_COUNTERPART");
  }

  @Test
  void secretIsNeitherInTreeNorInLosses() {
    ImportedConfig imported =
        read(
            """
            vrrp_instance a {
              interface eth0
              virtual_router_id 5
              authentication { auth_type PASS
                auth_pass hunter2-long }
            }
            """);
    assertThat(imported.losses()).hasSize(1);
    assertThat(imported.losses().toString()).doesNotContain("hunter2");
    assertThat(imported.config().toString()).doesNotContain("hunter2");
    assertThat(imported.config().text()).contains("auth_pass hunter2-\n");
  }

  @Test
  void hugeFilesAndPipesAreRefusedWithTheirPlace(@TempDir Path directory) throws IOException {
    Path main = directory.resolve("keepalived.conf");
    Files.writeString(main, "global_defs {\n router_id a\n}\n  include huge\n");
    try (RandomAccessFile huge = new RandomAccessFile(directory.resolve("huge").toFile(), "rw")) {
      huge.setLength(2L << 30);
    }
    assertThatThrownBy(() -> ConfigReader.onDisk().read(main.toString()))
        .isInstanceOf(ConfigSyntaxException.class)
        .hasMessageContaining(main + ":4:3: ")
        .hasMessageContaining("2147483648 bytes");
    Files.writeString(main, "include /dev/ze*o\n");
    assertThatThrownBy(() -> ConfigReader.onDisk().read(main.toString()))
        .hasMessageContaining("it is no regular file");
  }

  @Test
  void namesCannotBringInStatements() {
    for (String bad :
        List.of("a\nglobal_defs {", "a b", "a{", "@a", "~SEQ(I,1,2)", "$a", "a\"b", "", "#a")) {
      assertThatThrownBy(() -> VrrpInstance.of(bad, "eth0", 1))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> VrrpInstance.of("a", "eth0", 1).trackedInterfaces(List.of(bad)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String bad : List.of("/a\n}", "/a\"", "/a\\", "/${_HASH}", "\0")) {
      assertThatThrownBy(() -> Checker.misc(bad)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Checker.http(bad)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> GlobalSettings.DEFAULT.routerId(bad))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
