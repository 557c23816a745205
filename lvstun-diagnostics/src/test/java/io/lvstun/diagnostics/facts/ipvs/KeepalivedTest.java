// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.diagnostics.facts.ipvs.Keepalived.Instance;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeepalivedTest {

  private static final String MAIN = "/etc/keepalived/keepalived.conf";

  /** One file for several hosts, told apart by conditions. */
  private static final String CONDITIONAL =
      """
      vrrp_instance VI_1 {
        interface eth0
        virtual_router_id 51
      @lb1  unicast_src_ip 10.0.0.1
      @lb1  unicast_peer {
      @lb1    10.0.0.2
      @lb1  }
      @lb2  unicast_peer {
      @lb2    10.0.0.1
      @lb2  }
      @^lb3 nopreempt
      }
      """;

  private static Instance only(String text, String host) {
    Keepalived keepalived = Keepalived.parse(Map.of(MAIN, text), host);
    assertThat(keepalived.instances()).hasSize(1);
    return keepalived.instances().get(0);
  }

  @Test
  void conditionsThatNameTheHostDecide() {
    for (String host : new String[] {"lb1", "lb2.example.net"}) {
      assertThat(only(CONDITIONAL, host))
          .isEqualTo(new Instance("VI_1", Optional.of(true), Optional.of(false)));
    }
    assertThat(only(CONDITIONAL, "lb3"))
        .isEqualTo(new Instance("VI_1", Optional.of(false), Optional.of(true)));
  }

  @Test
  void whatDependsOnAnUnknownIdIsNotKnown() {
    assertThat(only(CONDITIONAL, "another"))
        .isEqualTo(new Instance("VI_1", Optional.empty(), Optional.empty()));
    assertThat(only(CONDITIONAL, ""))
        .isEqualTo(new Instance("VI_1", Optional.empty(), Optional.empty()));
  }

  @Test
  void tabsAndBracesAnywhereMakeNoDifference() {
    assertThat(only("vrrp_instance\tVI_1\t{\n\tstate\tBACKUP\n}\n", "a"))
        .isEqualTo(new Instance("VI_1", Optional.of(false), Optional.of(true)));
    assertThat(only("vrrp_instance VI_1\n{ unicast_peer { 10.0.0.2 }\n nopreempt }", "a"))
        .isEqualTo(new Instance("VI_1", Optional.of(true), Optional.of(false)));
  }

  @Test
  void parametersAndInclusionsAreFollowed() {
    Keepalived keepalived =
        Keepalived.parse(
            Map.of(
                MAIN,
                "$N=7\ninclude conf.d/*.conf\n",
                "/etc/keepalived/conf.d/a.conf",
                "vrrp_instance VI_${N} {\nunicast_peer {\n10.0.0.2\n}\n}\n",
                "/etc/keepalived/unused.conf",
                "vrrp_instance X {\n}\n"),
            "a");
    assertThat(keepalived.instances())
        .containsExactly(new Instance("VI_7", Optional.of(true), Optional.of(true)));
  }

  @Test
  void whatCannotBeReadSaysWhere() {
    assertThatThrownBy(() -> Keepalived.parse(Map.of(MAIN, "\ninclude keepalived.conf\n"), "a"))
        .hasMessageContaining(MAIN + ":2:1: ")
        .hasMessageContaining("includes itself");
  }

  @Test
  void keepalivedIsUnderstood() {
    Keepalived keepalived =
        Keepalived.parse(
            Map.of(
                "/etc/keepalived/keepalived.conf",
                """
                ! nopreempt
                vrrp_instance VI_1 {
                    state MASTER
                    unicast_peer {
                        10.0.0.2
                    }
                    # nopreempt
                }
                vrrp_instance VI_2
                {
                    nopreempt
                }
                virtual_server 10.0.0.10 80 {
                    real_server 10.0.0.11 80 {
                        PING_CHECK { }
                    }
                }
                """,
                "/etc/other.conf",
                "vrrp_instance X {\\n}\\n"),
            "lb1");
    assertThat(keepalived.instances())
        .containsExactly(
            new Keepalived.Instance("VI_1", Optional.of(true), Optional.of(true)),
            new Keepalived.Instance("VI_2", Optional.of(false), Optional.of(false)));
    assertThat(keepalived.pings()).isTrue();
    assertThat(keepalived.virtualServers()).isEqualTo(1);
    assertThat(Keepalived.parse(Map.of(), "").instances()).isEmpty();
  }
}
