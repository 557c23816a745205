// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.cluster.Role;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckTest {

  private static Check.Draft draft(String code, String slug) {
    return Check.of(code, slug);
  }

  private static Check.Draft whole() {
    return draft("TUN-901", "some-check")
        .title("All is well")
        .on(Role.REAL_SERVER)
        .why("So it is.")
        .remedy("Do it.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "tun-001", "TUN-1", "TUN-0001", "T-001", "TUNNEL-001", "TUN001", "TUN-001 "})
  void codeThatIsNoneIsRefused(String code) {
    assertThatThrownBy(() -> draft(code, "slug"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("code must be like RPF-001, not " + code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a_b", "-a", "a-", "a--b", "a b"})
  void slugThatIsNoneIsRefused(String slug) {
    assertThatThrownBy(() -> draft("TUN-001", slug))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("slug must be lower case with dashes");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> whole().title("").examine(s -> s.skip("x")))
        .hasMessage("TUN-901 must have a title");
    assertThatThrownBy(() -> whole().why("").examine(s -> s.skip("x")))
        .hasMessage("TUN-901 must have a why");
    assertThatThrownBy(() -> whole().remedy("").examine(s -> s.skip("x")))
        .hasMessage("TUN-901 must have a remedy");
    assertThatThrownBy(
            () -> draft("TUN-901", "a").title("t").why("w").remedy("r").examine(s -> s.skip("x")))
        .hasMessage("TUN-901 must have a role");
    assertThatThrownBy(
            () ->
                draft("ZZZ-901", "a")
                    .title("t")
                    .why("w")
                    .remedy("r")
                    .on(Role.DIRECTOR)
                    .examine(s -> s.skip("x")))
        .hasMessage("no category has codes like ZZZ-901");
  }

  @Test
  void categoryAndPageFollowFromTheCode() {
    Check check = whole().examine(subject -> subject.skip("x"));
    assertThat(check.category()).isEqualTo(Category.TUNNEL);
    assertThat(check.severity()).isEqualTo(Severity.FAIL);
    assertThat(check.documentation()).endsWith("/checks.md#tun-901");
    assertThat(check).hasToString("TUN-901 All is well");
  }

  @Test
  void everyPrefixHasOneCategory() {
    Set<String> prefixes = new HashSet<>();
    for (Category category : Category.values()) {
      assertThat(prefixes).doesNotContainAnyElementsOf(category.prefixes());
      prefixes.addAll(category.prefixes());
    }
  }
}
