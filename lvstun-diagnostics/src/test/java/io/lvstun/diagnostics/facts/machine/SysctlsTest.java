// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.lvstun.diagnostics.facts.section.UnknownFactException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysctlsTest {

  private static Sysctls of(String... lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append("/proc/sys/").append(line).append('\n');
    }
    return Sysctls.parse(text.toString());
  }

  @Test
  void greaterOfAllAndTheDeviceIsEffective() {
    for (int all = 0; all < 3; all++) {
      for (int own = 0; own < 3; own++) {
        Sysctls sysctls =
            of("net/ipv4/conf/all/rp_filter:" + all, "net/ipv4/conf/tunl0/rp_filter:" + own);
        assertThat(sysctls.effective("rp_filter", "tunl0")).isEqualTo(Math.max(all, own));
      }
    }
  }

  @Test
  void whatWasNotReadIsUnknownAndNeverZero() {
    Sysctls sysctls = of("net/ipv4/conf/all/rp_filter:0", "net/ipv4/conf/x/rp_filter:many");
    for (String device : List.of("eth0", "x")) {
      assertThatThrownBy(() -> sysctls.effective("rp_filter", device))
          .isInstanceOf(UnknownFactException.class)
          .hasMessage("/proc/sys/net/ipv4/conf/" + device + "/rp_filter could not be read");
    }
    assertThat(sysctls.number("net/ipv4/conf/x/rp_filter")).isEmpty();
    assertThat(sysctls.value("net/ipv4/conf/x/rp_filter")).contains("many");
  }

  @ParameterizedTest
  @CsvSource({"7,7", "-1,-1", "' 5 ',5"})
  void numbersMayBeNegative(String text, int expected) {
    assertThat(of("a/b:" + text).number("a/b")).hasValue(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9999999999", "1 2", "0x10", "", "--1", "1.5"})
  void whatIsNoNumberIsEmpty(String text) {
    assertThat(of("a/b:" + text).number("a/b")).isEmpty();
  }

  @Test
  void devicesAndSettingsBelowAPathAreListed() {
    Sysctls sysctls =
        of(
            "net/ipv4/conf/eth0.100/rp_filter:0",
            "net/ipv4/conf/all/rp_filter:0",
            "net/ipv4/conf/eth1/arp_ignore:0",
            "net/ipv4/vs/conntrack:1",
            "net/ipv4/vs/conntrack:0");
    assertThat(sysctls.devices()).containsExactly("eth0.100", "all");
    assertThat(sysctls.below("net/ipv4/vs/")).containsExactly(entry("net/ipv4/vs/conntrack", "1"));
    assertThat(Sysctls.conf("eth0.100", "rp_filter")).isEqualTo("net/ipv4/conf/eth0.100/rp_filter");
  }

  @Test
  void linesOfOtherFilesAreNoSettings() {
    assertThat(Sysctls.parse("/sys/x:1\n/proc/sys/\n:\n/proc/sys:1\n").below("")).isEmpty();
  }
}
