// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ExplanationTest {

  @Test
  void whatDecidedIsSaid() {
    Explanation byDefault =
        new Explanation(
            "world", 0xffff_ffffL, OptionalInt.empty(), Optional.empty(), List.of(), List.of());
    assertThat(byDefault).hasToString("world (mark 0xffffffff) by default");
    Explanation byRule =
        new Explanation(
            "asia", 16, OptionalInt.of(0), Optional.of("dscp 46 -> asia"), List.of(), List.of());
    assertThat(byRule).hasToString("asia (mark 0x10) by rule 0: dscp 46 -> asia");
  }

  @Test
  void whatCouldNotBeJudgedIsSaidToo() {
    List<Integer> undecided = new ArrayList<>(List.of(1, 3));
    Explanation explanation =
        new Explanation("world", 1, OptionalInt.empty(), Optional.empty(), List.of(), undecided);
    undecided.clear();
    assertThat(explanation)
        .hasToString("world (mark 0x1) by default; not enough given to judge rules [1, 3]");
  }

  @Test
  void databaseIsNamedWithNetworkAndPlace() {
    assertThat(new Explanation.DatabaseLine("db", Cidr.parse("2001:db8::/32"), Place.UNKNOWN))
        .hasToString("2001:db8::/32 unknown (db)");
  }
}
