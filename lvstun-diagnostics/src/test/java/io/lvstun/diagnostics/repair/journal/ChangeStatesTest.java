// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostChange;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import io.lvstun.host.LoadModule;
import io.lvstun.host.SetLinkUp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangeStatesTest {

  private static final HostChange MODULE = new LoadModule("ipip");
  private static final HostChange LINK = new SetLinkUp("tunl0");

  /** Answers "look" with a line a change, and counts the round trips. */
  private static final class Looking implements Host {

    private final Deque<List<String>> answers = new ArrayDeque<>();
    private int looks;

    @Override
    public String specification() {
      return "netns:x";
    }

    @Override
    public String label() {
      return "x";
    }

    @Override
    public CommandResult run(HostCommand command) {
      if (!command.arguments().contains("look")) {
        return new CommandResult(0, "= where host no\n= run r\n", "", false, false, Duration.ZERO);
      }
      looks++;
      StringBuilder text = new StringBuilder();
      answers.remove().forEach(line -> text.append("= ").append(line).append('\n'));
      return new CommandResult(0, text.toString(), "", false, false, Duration.ZERO);
    }
  }

  private final Looking host = new Looking();

  private ChangeStates states(List<HostChange> changes) {
    return new ChangeStates(Session.begin(new HostScript(host), "", ""), changes);
  }

  @Test
  void everythingIsAskedForInOneRoundTrip() {
    host.answers.add(List.of("v out", "none"));
    ChangeStates states = states(List.of(MODULE, LINK));
    assertThat(states.of(MODULE)).isEqualTo("v out");
    assertThat(states.of(LINK)).isEqualTo("none");
    assertThat(states.of(MODULE)).isEqualTo("v out");
    assertThat(host.looks).isEqualTo(1);
  }

  @Test
  void whatWasNotThereIsAskedForAgainAfterAStep() {
    host.answers.add(List.of("v out", "none"));
    host.answers.add(List.of("v down"));
    ChangeStates states = states(List.of(MODULE, LINK));
    states.changed(MODULE);
    assertThat(states.of(LINK)).isEqualTo("v down");
    assertThat(states.of(LINK)).isEqualTo("v down");
    assertThat(states.of(MODULE)).isEqualTo("v out");
    assertThat(host.looks).isEqualTo(2);
  }

  @Test
  void answerThatIsNotCompleteIsNoAnswer() {
    host.answers.add(List.of("v out"));
    assertThatThrownBy(() -> states(List.of(MODULE, LINK)))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("its answer is not complete");
  }
}
