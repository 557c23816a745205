// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.Timeouts;
import io.lvstun.VirtualService;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  void everyWayToForwardIsRead() {
    VirtualServer server =
        server(
            """
            real_server 198.51.100.1 80 { }
            real_server 198.51.100.2 80 { lvs_method DR
             }
            real_server 198.51.100.3 8080 { lvs_method NAT
             }
            real_server 198.51.100.4 80 { lvs_method TUN type gue port 6080 csum
             }
            real_server 198.51.100.5 80 { lvs_method TUN type gre
             weight 7
             uthreshold 20
             lthreshold 10
             }
            """);
    assertThat(server.service().realServers())
        .containsExactly(
            RealServer.tunnel("198.51.100.1").port(80),
            RealServer.of(IpAddress.parse("198.51.100.2"), Forwarding.DIRECT_ROUTING).port(80),
            RealServer.masquerade("198.51.100.3").port(8080),
            RealServer.of(
                    IpAddress.parse("198.51.100.4"),
                    new Forwarding.Tunnel(Encapsulation.gue(6080).checksum()))
                .port(80),
            RealServer.of(
                    IpAddress.parse("198.51.100.5"), new Forwarding.Tunnel(Encapsulation.gre()))
                .port(80)
                .weight(7)
                .thresholds(20, 10));
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
  void timersAreInheritedFromOutsideIn() {
    VirtualServer server =
        server(
            """
            delay_loop 7
            retry 4
            real_server 198.51.100.1 80 {
              retry 2
              TCP_CHECK { connect_timeout 1.5
               }
            }
            """);
    ServerChecks checks = server.checks(server.service().realServers().get(0).key());
    CheckTimers effective =
        checks.checkers().get(0).timers().inherit(checks.timers()).inherit(server.timers());
    assertThat(effective.connectTimeout()).contains(Duration.ofMillis(1500));
    assertThat(effective.retry()).contains(2);
    assertThat(effective.delayLoop()).contains(Duration.ofSeconds(7));
  }

  @Test
  void everyCheckerIsRead() {
    VirtualServer server =
        server(
            """
            virtualhost www.example
            real_server 198.51.100.1 80 {
              HTTP_GET {
                url { path /a
                      status_code 200-204 404
                      digest 9b3a0c85a887a256d6939da88aabd8cd }
                url { path "/b c"
                      virtualhost b.example
                      regex "^a\\\\.b"
                      regex_options caseless dotall
                      regex_no_match }
                nb_get_retry 5
              }
              SSL_GET { enable_sni
               url { path /s
                }
               }
              SMTP_CHECK { helo_name h
               }
              DNS_CHECK { type A
               name www.example
               }
              MISC_CHECK { misc_path "/bin/check 'a b' c"
               misc_timeout 5
               misc_dynamic
               user nobody nogroup
               }
              PING_CHECK { }
              UDP_CHECK { payload 01 2 abc
               require_reply 0a xX
               }
              BFD_CHECK { name b
               }
              FILE_CHECK { track_file f
               weight -3 reverse
               }
              TCP_CHECK { connect_ip 203.0.113.1
               bindto 203.0.113.2
               bind_if eth1
               bind_port 99
               fwmark 7
               }
            }
            """);
    ServerChecks checks = server.checks(server.service().realServers().get(0).key());
    assertThat(checks.checkers()).hasSize(10);
    Checker.Http http = (Checker.Http) checks.checkers().get(0);
    assertThat(http.urls().get(0).virtualHost()).contains("www.example");
    assertThat(http.urls().get(0).statusCodes())
        .containsExactly(
            new CheckedUrl.StatusRange(200, 204), new CheckedUrl.StatusRange(404, 404));
    assertThat(http.urls().get(1))
        .isEqualTo(
            new CheckedUrl(
                "/b c",
                Optional.empty(),
                List.of(),
                Optional.of("b.example"),
                Optional.of(
                    new CheckedUrl.BodyPattern(
                        "^a\\.b",
                        true,
                        List.of("caseless", "dotall"),
                        Optional.empty(),
                        Optional.empty()))));
    assertThat(http.timers().retry()).contains(5);
    assertThat(((Checker.External) checks.checkers().get(4)).command())
        .isEqualTo("/bin/check 'a b' c");
    assertThat(((Checker.Udp) checks.checkers().get(6)).payload()).contains("0102ab0c");
    assertThat(((Checker.Udp) checks.checkers().get(6)).reply()).contains("0axX");
    assertThat(checks.checkers().get(8))
        .isEqualTo(new Checker.WatchedFile("f", Optional.of(-3), true));
    assertThat(((Checker.Tcp) checks.checkers().get(9)).connection().mark()).contains(7L);
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
  void whatKeepalivedCorrectsIsCorrectedAndListed() {
    ImportedConfig imported =
        read(
            """
            virtual_server 192.0.2.1 {
              protocol tcp
              lvs_method DR
              lvs_sched foo
              hysteresis 3
              real_server 198.51.100.1 80 { weight 70000
               }
              real_server 198.51.100.1 81 { weight 2
               }
            }
            virtual_server 192.0.2.2 80 { protocol TCP
             }
            """);
    VirtualService service = imported.config().services().get(0);
    assertThat(service.persistence().orElseThrow().timeout()).isEqualTo(Duration.ofSeconds(360));
    assertThat(service.realServers())
        .containsExactly(
            RealServer.of(IpAddress.parse("198.51.100.1"), Forwarding.DIRECT_ROUTING)
                .weight(65535));
    assertThat(imported.config().virtualServers()).hasSize(1);
    assertThat(losses(imported))
        .containsExactly(
            "1 INVALID",
            "1 INVALID",
            "4 INVALID",
            "6 INVALID",
            "6 NO_COUNTERPART",
            "8 INVALID",
            "8 INVALID",
            "11 INVALID");
  }

  @Test
  void withoutProtocolKeepalivedTakesUdp() {
    ImportedConfig imported =
        read("virtual_server 192.0.2.1 80 {\nreal_server 198.51.100.1 80 { }\n}\n");
    assertThat(imported.config().services().get(0).key().toString()).isEqualTo("UDP 192.0.2.1:80");
    assertThat(losses(imported)).containsExactly("1 INVALID");
  }

  @Test
  void globalSettingsAreRead() {
    GlobalSettings global =
        read("""
        global_defs {
          router_id "lb one"
          lvs_sync_daemon eth1 VI_1 id 7 maxlen 1400 port 8849 ttl 2 group 224.0.0.82
          lvs_timeouts tcp 10 udp 30
          lvs_flush
          notify_fifo /run/k.fifo
        }
        """)
            .config()
            .global();
    assertThat(global)
        .isEqualTo(
            GlobalSettings.DEFAULT
                .routerId("lb one")
                .syncDaemon(
                    SyncDaemonSetting.on("eth1")
                        .instance("VI_1")
                        .syncId(7)
                        .maxLength(1400)
                        .port(8849)
                        .ttl(2)
                        .group(IpAddress.parse("224.0.0.82")))
                .timeouts(Timeouts.ofSeconds(10, 0, 30))
                .flush(true)
                .notifyFifo("/run/k.fifo"));
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
  void filesOnDiskAreFoundByPattern(@TempDir Path directory) throws IOException {
    Files.createDirectories(directory.resolve("conf.d/sub"));
    Path main = directory.resolve("keepalived.conf");
    Files.writeString(main, "include conf.d/*.conf\ninclude conf.d/{sub,none}/[xy]?\n");
    Files.writeString(directory.resolve("conf.d/b.conf"), "global_defs { router_id b\n}\n");
    Files.writeString(directory.resolve("conf.d/a.conf"), "global_defs { router_id a\n}\n");
    Files.writeString(directory.resolve("conf.d/sub/x1"), "global_defs { lvs_flush\n}\n");
    ImportedConfig imported = ConfigReader.onDisk().read(main.toString());
    assertThat(imported.config().global().routerId()).contains("b");
    assertThat(imported.config().global().flush()).isTrue();
    assertThat(imported.tree().get(0).place().file()).endsWith("conf.d/a.conf");
    assertThat(imported.losses()).isEmpty();
  }

  @Test
  void fileWithSecretIsItsOwnersAlone(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("keepalived.conf");
    KeepalivedConfig open =
        KeepalivedConfig.EMPTY.instances(
            List.of(VrrpInstance.of("a", "eth0", 1).addAddress("192.0.2.1")));
    open.writeTo(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
    KeepalivedConfig secret = open.instances(List.of(open.instances().get(0).password("s3cret")));
    secret.writeTo(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(ConfigReader.onDisk().read(file.toString()).config()).isEqualTo(secret);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
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

  @Test
  void whatKeepalivedWouldRefuseIsNotWritten() {
    VrrpInstance instance = VrrpInstance.of("a", "eth0", 1).addAddress("192.0.2.1");
    VrrpScript script = VrrpScript.of("s", "/bin/s").weight(5);
    notWritten(
        KeepalivedConfig.EMPTY.virtualServers(
            List.of(VirtualServer.of(VirtualService.tcp("192.0.2.1", 80)))),
        "no real server");
    notWritten(
        KeepalivedConfig.EMPTY.instances(List.of(instance.advertInterval(Duration.ofMillis(1500)))),
        "whole seconds");
    notWritten(
        KeepalivedConfig.EMPTY.instances(List.of(instance.version(3).password("x"))),
        "no authentication");
    notWritten(
        KeepalivedConfig.EMPTY.instances(List.of(instance.trackedInterfaces(List.of("eth0")))),
        "own interface");
    notWritten(
        KeepalivedConfig.EMPTY
            .scripts(List.of(script))
            .syncGroups(List.of(new SyncGroup("g", List.of("a"))))
            .instances(
                List.of(
                    instance.trackedScripts(
                        List.of(new VrrpInstance.TrackedScript("s", Optional.empty()))))),
        "sync group");
    assertThatThrownBy(() -> Checker.misc("/bin/echo 'a"))
        .hasMessageContaining("close its single quotes");
    assertThatThrownBy(() -> ServerChecks.NONE.timers(CheckTimers.INHERITED.retry(0)))
        .hasMessageContaining("retry must be 1");
  }

  private static void notWritten(KeepalivedConfig config, String reason) {
    assertThatThrownBy(config::text)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }
}
