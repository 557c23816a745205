// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lvstun.Command;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Any text is read or refused with a position in it; what is read can be written, and reads the
 * same again.
 */
final class RulesFuzzTest {

  @FuzzTest
  void readsOrRefuses(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    List<Rule> rules;
    try {
      rules = Rules.parse(text);
    } catch (RulesSyntaxException e) {
      requirePosition(text, e);
      return;
    }
    for (Rule rule : rules) {
      Command command = rule.command();
      if (Rules.obstacle(command).isEmpty()) {
        List<Rule> again = Rules.parse(String.join(" ", Rules.arguments(command)));
        if (!again.equals(List.of(new Rule(1, command)))) {
          throw new AssertionError(command + " was written and read as " + again);
        }
      }
    }
    Replay replay = Rules.replay(rules);
    RulesText written = Rules.write(replay.snapshot(), RulesForm.COMPLETE);
    if (!Rules.replay(Rules.parse(written.text())).refusals().isEmpty()) {
      throw new AssertionError("what was written is refused: " + written);
    }
  }

  private static void requirePosition(String text, RulesSyntaxException error) {
    String[] lines = text.split("\n", -1);
    if (error.line() < 1 || error.line() > lines.length) {
      throw new AssertionError("there is no line " + error.line());
    }
    if (error.column() < 1 || error.column() > lines[error.line() - 1].length() + 1) {
      throw new AssertionError("line " + error.line() + " has no column " + error.column());
    }
  }
}
