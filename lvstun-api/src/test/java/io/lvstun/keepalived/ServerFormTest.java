// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Encapsulation;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.SchedulerFlag;
import io.lvstun.VirtualService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerFormTest {

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
  void sorryServerHasItsOwnMethodAndThePortOfTheService() {
    VirtualServer server =
        server(
            "sorry_server 198.51.100.9 81\nsorry_server_lvs_method DR\nsorry_server_inhibit\n"
                + "quorum 3\nhysteresis 2\nomega\nreal_server 198.51.100.1 80 {\n}");
    assertThat(server.sorryServer())
        .contains(
            RealServer.of(IpAddress.parse("198.51.100.9"), Forwarding.DIRECT_ROUTING).port(80));
    assertThat(server.sorryServerInhibit()).isTrue();
    assertThat(server.quorum()).isEqualTo(3);
    assertThat(server.hysteresis()).isEqualTo(2);
    assertThat(server.omega()).isTrue();
  }

  @Test
  void flagsBelongToTheSchedulerAndPersistenceToTheService() {
    VirtualService service =
        server(
                "lb_algo mh\nmh-port\nmh-fallback\npersistence_timeout 60\n"
                    + "persistence_granularity 255.255.255.0\nreal_server 198.51.100.1 80 {\n}")
            .service();
    assertThat(service.scheduler())
        .isEqualTo(Scheduler.named("mh").with(SchedulerFlag.FLAG_1, SchedulerFlag.FLAG_2));
    assertThat(service.persistence())
        .contains(Persistence.of(Duration.ofSeconds(60)).prefixLength(24));
  }

  @Test
  void wrongTunnelOptionsAreListedAndTheMethodBeforeStays() {
    for (String bad :
        List.of(
            "TUN type vxlan",
            "TUN type gue",
            "TUN type gue port x",
            "TUN type ipip csum",
            "TUN speed 9",
            "FAST",
            "")) {
      ImportedConfig imported =
          read(
              "virtual_server 192.0.2.1 80 {\nprotocol TCP\nlvs_method DR\nlvs_method "
                  + bad
                  + "\nreal_server 198.51.100.1 80 {\n}\n}\n");
      assertThat(losses(imported)).as(bad).containsExactly("4 INVALID");
      assertThat(imported.config().services().get(0).realServers().get(0).forwarding())
          .isEqualTo(Forwarding.DIRECT_ROUTING);
    }
  }

  @Test
  void serverThatCannotBeIsNone() {
    for (String head :
        List.of(
            "nowhere 80", "192.0.2.1 x", "192.0.2.1 65536", "fwmark 0", "fwmark", "group g", "")) {
      ImportedConfig imported =
          read(
              "virtual_server " + head + " {\nprotocol TCP\nreal_server 198.51.100.1 80 {\n}\n}\n");
      assertThat(imported.config().virtualServers()).as(head).isEmpty();
      assertThat(losses(imported)).as(head).containsExactly("1 INVALID");
    }
  }

  @Test
  void markTakesTheFamilyOfItsServers() {
    assertThat(
            read("virtual_server fwmark 7 {\nlvs_method TUN\nreal_server 2001:db8::1 {\n}\n}\n")
                .config()
                .services()
                .get(0)
                .key()
                .toString())
        .isEqualTo("FWM 7 IPv6");
  }
}
