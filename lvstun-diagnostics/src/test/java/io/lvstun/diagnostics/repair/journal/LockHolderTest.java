// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LockHolderTest {

  private static List<String> held(String token, String holder) {
    return List.of("held", token, holder, "root, process 1");
  }

  private static String self() {
    return LockHolder.self().split(" ", 2)[0];
  }

  @Test
  void lockOfThisProcessIsAbandonedOnlyWhenItWasReleased() {
    String token = LockHolder.take();
    assertThat(LockHolder.abandoned(held(token, self()))).isEmpty();
    LockHolder.release(token);
    assertThat(LockHolder.abandoned(held(token, self()))).contains(token);
  }

  @Test
  void lockOfADeadProcessOfThisBootIsAbandoned() {
    String boot = self().substring(0, self().indexOf('/'));
    assertThat(LockHolder.abandoned(held("t", boot + "/999999999999/1"))).contains("t");
    long parent = ProcessHandle.current().pid();
    assertThat(LockHolder.abandoned(held("t", boot + "/" + parent + "/1")))
        .as("the number was given to another process")
        .contains("t");
  }

  @Test
  void lockOfAnotherMachineOrOfNobodyKnownMayBeHeld() {
    String boot = self().substring(0, self().indexOf('/'));
    for (String holder :
        List.of(
            "other/1/2", "", boot, boot + "x/1/2", boot + "/x/2", boot + "/1", boot + "/-1/2")) {
      assertThat(LockHolder.abandoned(held("t", holder))).as(holder).isEmpty();
    }
    assertThat(LockHolder.abandoned(List.of())).isEmpty();
    assertThat(LockHolder.abandoned(List.of("held", "t"))).isEmpty();
  }

  @Test
  void tokensDifferAndWordsForPeopleArePrintable() {
    assertThat(LockHolder.take()).isNotEqualTo(LockHolder.take());
    assertThat(LockHolder.self()).contains(", process " + ProcessHandle.current().pid());
    assertThat(LockHolder.self().chars()).allMatch(c -> c >= 0x20 && c < 0x7f);
  }
}
