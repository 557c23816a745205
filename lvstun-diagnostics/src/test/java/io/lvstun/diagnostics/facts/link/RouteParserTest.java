// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class RouteParserTest {

  @Test
  void textIsRead() {
    var routes =
        RouteParser.parse(
            """
            default via 192.0.2.254 dev eth0 proto dhcp src 192.0.2.10 metric 100 mtu lock 1400 advmss 1360
            192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10
            unreachable 198.51.100.0/24 proto static metric 4
            203.0.113.0/24 proto static
            	nexthop via 192.0.2.1 dev eth0 weight 1
            	nexthop via 192.0.2.2 dev eth0 weight 1
            local 192.0.2.200 dev lo table local scope host src 192.0.2.200
            """);
    assertThat(routes).hasSize(5);
    assertThat(routes.get(0).gateway()).contains(IpAddress.parse("192.0.2.254"));
    assertThat(routes.get(0).mtu()).hasValue(1400);
    assertThat(routes.get(0).advertisedMss()).hasValue(1360);
    assertThat(routes.get(1).scope()).isEqualTo("link");
    assertThat(routes.get(2).type()).isEqualTo("unreachable");
    assertThat(routes.get(3).device()).isEmpty();
    assertThat(routes.get(4).local()).isTrue();
    assertThat(routes.get(4).table()).isEqualTo("local");
  }

  @Test
  void jsonIsReadAndWhatIsUnknownInItIsLeft() {
    var route =
        RouteParser.parse(
                """
                [{"dst":"default","gateway":"192.0.2.254","dev":"eth0","prefsrc":"no address",
                  "metrics":[{"mtu":1400},{"advmss":"x"}],"flags":[],"later":{}},{"type":"nat"}]
                """)
            .get(0);
    assertThat(route.type()).isEqualTo("unicast");
    assertThat(route.mtu()).hasValue(1400);
    assertThat(route.advertisedMss()).isEmpty();
    assertThat(route.source()).isEmpty();
  }

  @Test
  void answersBelongToTheirQuestions() {
    var answers =
        RouteParser.parseAnswers(
            """
            ## 192.0.2.1
            192.0.2.1 dev eth0 src 192.0.2.10 uid 0
                cache expires 596sec mtu 1400
            ## 198.51.100.1
            ## 203.0.113.1 mark 7
            [{"dst":"203.0.113.1","gateway":"192.0.2.254","dev":"eth0"}]
            ## 203.0.113.2
            []
            """);
    assertThat(answers.keySet())
        .containsExactly("192.0.2.1", "198.51.100.1", "203.0.113.1 mark 7", "203.0.113.2");
    assertThat(answers.get("192.0.2.1").mtu()).hasValue(1400);
    assertThat(answers.get("198.51.100.1").type()).isEqualTo("unreachable");
    assertThat(answers.get("198.51.100.1").destination()).isEqualTo("198.51.100.1");
    assertThat(answers.get("203.0.113.1 mark 7").device()).isEqualTo("eth0");
    assertThat(answers.get("203.0.113.2").type()).isEqualTo("unreachable");
  }

  @Test
  void hostileTextBreaksNothing() {
    assertThat(RouteParser.parse("")).isEmpty();
    assertThat(RouteParser.parseAnswers("")).isEmpty();
    var route = RouteParser.parse("local\ndefault via nowhere dev\nx mtu 99999999999 lock\n");
    assertThat(route).hasSize(3);
    assertThat(route.get(0).destination()).isEqualTo("local");
    assertThat(route.get(1).gateway()).isEmpty();
    assertThat(route.get(1).device()).isEmpty();
    assertThat(route.get(2).mtu()).isEmpty();
    assertThatThrownBy(() -> RouteParser.parse("[{\"dst\"")).isInstanceOf(JacksonException.class);
  }
}
