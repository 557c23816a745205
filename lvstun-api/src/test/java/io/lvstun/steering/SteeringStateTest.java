// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SteeringStateTest {

  private static final String LISTING =
      """
      table inet lvstun_steering {
      	comment "lvstun generation 7"
      	map m4_1 {
      		type ipv4_addr : mark
      	}
      	map m4_2 {
      		type ipv4_addr : mark
      	}
      	chain steer {
      		meta mark set ip saddr map @m4_1
      	}
      }
      """;

  @Test
  void listingTellsMapsChainsAndGeneration() {
    SteeringState state = SteeringState.of(LISTING);
    assertThat(state.maps()).containsExactlyInAnyOrder("m4_1", "m4_2");
    assertThat(state.chains()).containsExactly("steer");
    assertThat(state).hasToString("generation 7, 2 maps, 1 chains");
  }

  @Test
  void tableOfSomebodyElseHasNoGeneration() {
    SteeringState state = SteeringState.of("table inet x {\n}\n");
    assertThat(state.present()).isTrue();
    assertThat(state.generation()).isEmpty();
    assertThat(state).hasToString("generation unknown, 0 maps, 0 chains");
    assertThat(SteeringState.of("comment \"lvstun generation 9999999999999999999\"").generation())
        .as("no number of ours")
        .isEmpty();
  }

  @Test
  void absentTableIsNoEmptyOne() {
    assertThat(SteeringState.ABSENT.present()).isFalse();
    assertThat(SteeringState.ABSENT).hasToString("absent").isNotEqualTo(SteeringState.of(""));
    assertThat(SteeringState.of(LISTING).sameAs(SteeringState.of(LISTING))).isTrue();
    assertThat(SteeringState.of(LISTING).sameAs(SteeringState.of(LISTING + " "))).isFalse();
  }
}
