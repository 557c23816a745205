// SPDX-License-Identifier: Apache-2.0
package io.lvstun.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.lvstun.AddressFamily;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class MarkRuleTest {

  private static void assertRefused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }

  @Test
  void rulesAreWrittenAsIpDoesAndRefuseWhatCannotBe() {
    assertThat(MarkRule.of(7, 100)).hasToString("0: fwmark 0x7 lookup 100");
    assertThat(MarkRule.of(16, 100).mask(0xf0).priority(9).family(AddressFamily.IPV6))
        .hasToString("9: fwmark 0x10/0xf0 lookup 100 (IPv6)");
    assertRefused(() -> MarkRule.of(1L << 32, 1), "mark must be 0 to 4294967295, not 4294967296");
    assertRefused(() -> MarkRule.of(1, 1).mask(0), "mask must be 1 to 4294967295, not 0");
    assertRefused(() -> MarkRule.of(1, 0), "table must be 1 to 4294967295, not 0");
    assertRefused(() -> MarkRule.of(1, 1).priority(-1), "priority must be 0 to 4294967295, not -1");
  }

  @Test
  void marksAbove31BitsAreUnsigned() {
    assertThat(MarkRule.of(0xffff_ffffL, 0xffff_ffffL).mask(0x8000_0000L))
        .hasToString("0: fwmark 0xffffffff/0x80000000 lookup 4294967295");
    assertThat(MarkRule.of(0, 1))
        .as("packets without a mark")
        .hasToString("0: fwmark 0x0 lookup 1");
  }

  @Test
  void familyAndPriorityTellRulesApart() {
    MarkRule rule = MarkRule.of(7, 100);
    assertThat(rule.family(AddressFamily.IPV6)).isNotEqualTo(rule);
    assertThat(rule.priority(1)).isNotEqualTo(rule);
    assertThat(rule.mask(0xffff_ffffL)).isEqualTo(rule);
  }
}
