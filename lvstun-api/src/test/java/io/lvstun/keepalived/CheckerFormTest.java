// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckerFormTest {

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

  private static ImportedConfig checked(String checker) {
    return read(
        "virtual_server 192.0.2.1 80 {\nprotocol TCP\nreal_server 198.51.100.1 80 {\n"
            + checker
            + "\n}\n}\n");
  }

  private static List<Checker> checkers(ImportedConfig imported) {
    VirtualServer server = imported.config().virtualServers().get(0);
    return server.checks(server.service().realServers().get(0).key()).checkers();
  }

  @Test
  void checkWithoutWhatItNeedsIsNone() {
    for (String bad : List.of("MISC_CHECK {\n}", "BFD_CHECK {\n}", "FILE_CHECK {\nweight 2\n}")) {
      ImportedConfig imported = checked(bad);
      assertThat(checkers(imported)).isEmpty();
      assertThat(imported.losses())
          .anySatisfy(
              loss -> {
                assertThat(loss.kind()).isEqualTo(ImportLoss.Kind.INVALID);
                assertThat(loss.reason()).endsWith("is missing; keepalived ignores the check");
              });
    }
  }

  @Test
  void valueThatDoesNotFitIsListedAtItsLineAndTheCheckStays() {
    ImportedConfig imported =
        checked("TCP_CHECK {\nconnect_port 0\nbindto nowhere\nfwmark 5\nretry -1\n}");
    assertThat(checkers(imported))
        .containsExactly(Checker.tcp().connection(connection -> connection.mark(5)));
    assertThat(imported.losses())
        .extracting(loss -> loss.place().line() + " " + loss.kind())
        .containsExactly("5 INVALID", "6 INVALID", "8 INVALID");
  }

  @Test
  void pageWithAWrongStatusKeepsTheRest() {
    ImportedConfig imported =
        checked(
            "HTTP_GET {\nurl {\npath /a\nstatus_code 200 99 300-200 x\n}\nurl {\npath \"\"\n}\n}");
    assertThat(((Checker.Http) checkers(imported).get(0)).urls())
        .containsExactly(
            CheckedUrl.of("/a").statusCodes(List.of(new CheckedUrl.StatusRange(200, 200))));
    assertThat(imported.losses())
        .extracting(ImportLoss::reason)
        .contains(
            "status_code must be 100 to 999, not 99",
            "status_code must be 300 to 999, not 200",
            "status_code must be a number, not x");
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
}
