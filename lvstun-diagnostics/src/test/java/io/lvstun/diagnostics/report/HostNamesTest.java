// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HostNamesTest {

  @Test
  void namesThatCountUpAreARange() {
    assertThat(HostNames.all(List.of("rs1", "rs2", "rs3", "db", "rs5", "rs6")))
        .isEqualTo("rs1 to rs3, db, rs5, rs6");
    assertThat(HostNames.all(List.of("10.0.0.9", "10.0.0.10", "10.0.0.11")))
        .isEqualTo("10.0.0.9 to 10.0.0.11");
    assertThat(HostNames.all(List.of("a9", "b10", "c11"))).isEqualTo("a9, b10, c11");
  }

  @Test
  void fewNamesAreGivenAndTheNumberOfAll() {
    assertThat(HostNames.few(List.of("one"))).isEqualTo("one");
    assertThat(HostNames.few(List.of("a", "b", "c"))).isEqualTo("a, b, c");
    assertThat(HostNames.few(List.of("a", "b", "c", "d", "e")))
        .isEqualTo("5 hosts (a, b, c and 2 more)");
    assertThat(HostNames.few(IntStream.rangeClosed(1, 50).mapToObj(i -> "rs" + i).toList()))
        .isEqualTo("50 hosts (rs1 to rs50)");
  }

  @Test
  void longListsInASentenceAreCut() {
    assertThat(HostNames.shortened("no way to a, b, c, d, e, f, g; and h"))
        .isEqualTo("no way to a, b, c and 4 more; and h");
    assertThat(HostNames.shortened("no way to s1, s2, s3, s4, s5, s6, s7"))
        .isEqualTo("no way to s1 to s7");
    assertThat(HostNames.shortened("see a, b, c, d, e, f")).isEqualTo("see a, b, c, d, e, f");
  }
}
