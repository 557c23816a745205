// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CheckedUrlTest {

  @Test
  void refusals() {
    CheckedUrl url = CheckedUrl.of("/a");
    assertThatThrownBy(() -> CheckedUrl.of("")).hasMessageStartingWith("path must be");
    assertThatThrownBy(() -> url.digest("9b3a"))
        .hasMessage("digest must be 32 hexadecimal digits, not 9b3a");
    assertThatThrownBy(() -> url.virtualHost("a b")).hasMessageStartingWith("virtualhost must be");
    assertThatThrownBy(() -> new CheckedUrl.StatusRange(99, 200))
        .hasMessage("status_code must be 100 to 999, not 99");
    assertThatThrownBy(() -> new CheckedUrl.StatusRange(204, 200))
        .hasMessage("status_code must be 204 to 999, not 200");
    assertThatThrownBy(
            () ->
                new CheckedUrl.BodyPattern(
                    "a", false, List.of("a b"), Optional.empty(), Optional.empty()))
        .hasMessageStartingWith("regex_options must be");
    assertThatThrownBy(
            () ->
                new CheckedUrl.BodyPattern(
                    "a", false, List.of(), Optional.of(-1), Optional.empty()))
        .hasMessage("regex_min_offset must be 0 to 2147483647, not -1");
  }

  @Test
  void copiesKeepTheRest() {
    CheckedUrl.BodyPattern body =
        new CheckedUrl.BodyPattern("a\\.b", true, List.of(), Optional.of(0), Optional.of(9));
    CheckedUrl url =
        CheckedUrl.of("/a")
            .digest("0".repeat(32))
            .virtualHost("h")
            .body(body)
            .statusCodes(List.of(new CheckedUrl.StatusRange(200, 999)));
    assertThat(url.digest("1".repeat(32)).digest("0".repeat(32))).isEqualTo(url);
    assertThat(url.virtualHost("i").body()).contains(body);
  }
}
