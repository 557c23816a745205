// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class FactTest {

  @Test
  void knownFactHasItsValueAndNoReason() {
    Fact<Integer> fact = Fact.of(7);
    assertThat(fact.get()).isEqualTo(7);
    assertThat(fact.known()).contains(7);
    assertThat(fact.reason()).isEmpty();
    assertThat(fact).hasToString("7");
  }

  @Test
  void unknownFactThrowsItsReason() {
    Fact<Integer> fact = Fact.unknown("ip is missing");
    assertThatThrownBy(fact::get)
        .isInstanceOfSatisfying(
            UnknownFactException.class, e -> assertThat(e.reason()).isEqualTo("ip is missing"));
    assertThat(fact.known()).isEmpty();
    assertThat(fact).hasToString("unknown: ip is missing");
  }

  @Test
  void mappingKeepsTheReasonAndDoesNotCallTheFunction() {
    AtomicInteger calls = new AtomicInteger();
    Function<Integer, String> function = value -> "v" + value + calls.incrementAndGet();
    assertThat(Fact.of(3).map(function).get()).isEqualTo("v31");
    assertThat(Fact.<Integer>unknown("no ip").map(function).reason()).isEqualTo("no ip");
    assertThat(calls).hasValue(1);
  }
}
