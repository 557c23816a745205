// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.diagnostics.facts.section.Fact;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModulesTest {

  private static final String AVAILABLE =
      """
      /lib/modules/6.1.0/modules.dep:kernel/net/ipv4/ipip.ko.xz:
      /lib/modules/6.1.0/modules.dep:/ip_vs-rr.ko:
      /lib/modules/6.1.0/modules.dep:kernel/net/a.ko: kernel/net/only_needed.ko
      /lib/modules/6.1.0/modules.builtin:kernel/net/ipv4/tunnel4.ko
      """;

  @Test
  void stateIsBuiltInThenLoadedThenLoadable() {
    Modules modules =
        Modules.parse("/sys/module/ipip\n/sys/module/tunnel4\nnoise\n", Fact.of(AVAILABLE), "", "");
    assertThat(modules.state("ipip")).isEqualTo(Modules.State.LOADED);
    assertThat(modules.state("tunnel4")).isEqualTo(Modules.State.BUILT_IN);
    assertThat(modules.state("ip_vs_rr")).isEqualTo(Modules.State.LOADABLE);
    assertThat(modules.state("only_needed")).isEqualTo(Modules.State.ABSENT);
    assertThat(modules.present("ipip")).isTrue();
    assertThat(modules.present("tunnel4")).isTrue();
    assertThat(modules.present("ip_vs_rr")).isFalse();
  }

  @Test
  void withoutTheListAbsenceIsNotClaimedButSymbolsCount() {
    Modules modules = Modules.parse("", Fact.unknown("no such file"), "ipip_rcv other\n", "");
    assertThat(modules.state("ipip")).isEqualTo(Modules.State.BUILT_IN);
    assertThat(modules.state("fou")).isEqualTo(Modules.State.NOT_LOADED);
    assertThat(modules.present("fou")).isFalse();
  }

  @Test
  void parametersAreByModule() {
    Modules modules =
        Modules.parse(
            "",
            Fact.of(""),
            "",
            "/sys/module/ip_vs/parameters/conn_tab_bits:12\n"
                + "/sys/module/ip_vs/refcnt:4\n"
                + "/etc/x:1\n");
    assertThat(modules.parameter("ip_vs", "conn_tab_bits")).contains("12");
    assertThat(modules.parameter("ip_vs", "refcnt")).isEmpty();
    assertThat(modules.parameter("ipip", "conn_tab_bits")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {".ko", ".ko:", "/.ko:", ":", "x.ko", "\u0000.ko:", "/lib:.ko.ko:"})
  void garbageInTheListMakesNoModule(String text) {
    Modules modules = Modules.parse(text, Fact.of(text), text, text);
    assertThat(modules.state("ipip")).isEqualTo(Modules.State.ABSENT);
  }
}
