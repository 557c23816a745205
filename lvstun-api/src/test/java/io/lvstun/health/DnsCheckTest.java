// SPDX-License-Identifier: Apache-2.0
package io.lvstun.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsCheckTest {

  private static DnsCheck check(String name) {
    return new DnsCheck(
        CheckPath.direct(), Duration.ofSeconds(1), DnsCheck.Type.AAAA, name, Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "a", "a.", "_dns.example.org", "xn--bcher-kva.example."})
  void namesThatCanBeAskedForAreTaken(String name) {
    assertThat(check(name).describe()).isEqualTo("DNS AAAA " + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", ".a", "a..b", "a b", "bücher.example", "a\n", "a\0"})
  void namesThatCannotBeAskedForAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check(name))
        .withMessageStartingWith("name must be a domain name of printable ASCII")
        .withMessageNotContaining("\n");
  }

  @Test
  void labelsAndNamesHaveTheLengthsOfTheProtocol() {
    String label = "a".repeat(63);
    assertThat(check(label).name()).hasSize(63);
    assertThatIllegalArgumentException().isThrownBy(() -> check(label + "a"));
    String longest = (label + ".").repeat(3) + "a".repeat(61);
    assertThat(check(longest + ".").name()).hasSize(254);
    assertThatIllegalArgumentException().isThrownBy(() -> check(longest + "a"));
  }

  @Test
  void typesHaveTheNumbersOfTheProtocol() {
    assertThat(Arrays.stream(DnsCheck.Type.values()).map(DnsCheck.Type::number))
        .containsExactly(1, 2, 5, 6, 15, 16, 28);
  }
}
