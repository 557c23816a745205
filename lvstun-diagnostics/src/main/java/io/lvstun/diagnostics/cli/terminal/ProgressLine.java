// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

import io.lvstun.ForeignText;
import io.lvstun.cluster.Node;
import io.lvstun.diagnostics.Progress;
import io.lvstun.diagnostics.model.Member;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Tells on standard error what is being done: one line that is rewritten, on a terminal.
 *
 * @since 0.1.0
 */
public final class ProgressLine implements Progress, AutoCloseable {

  private static final int WIDTH = 78;

  private final PrintWriter err;
  private final boolean terminal;
  private final Set<String> busy = new LinkedHashSet<>();
  private int asked;
  private int shown;

  public ProgressLine(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  /** Tells, if there is a person at standard error. */
  public static ProgressLine on(Console console) {
    return console.errIsTerminal() ? new ProgressLine(console.err(), true) : silent();
  }

  /** Tells nothing. */
  public static ProgressLine silent() {
    return new ProgressLine(new PrintWriter(Writer.nullWriter()), false);
  }

  @Override
  public synchronized void collecting(Node node) {
    busy.add(node.name());
    asked++;
    if (terminal) {
      rewrite();
    } else {
      say("examining " + node.name());
    }
  }

  @Override
  public synchronized void collected(Member member) {
    busy.remove(member.name());
    if (terminal) {
      rewrite();
    } else {
      say(
          member.name()
              + member
                  .facts()
                  .failure()
                  .map(why -> " could not be examined: " + why)
                  .orElse(" was examined in " + member.facts().took().toMillis() + " ms"));
    }
  }

  private void rewrite() {
    say((asked - busy.size()) + " of " + asked + " hosts" + (busy.isEmpty() ? "" : ", " + busy));
  }

  @Override
  public synchronized void probing(String code) {
    say("probing: " + code);
  }

  @Override
  public synchronized void analysing() {
    asked = 0;
    say("analysing");
  }

  private void say(String text) {
    String plain = ForeignText.clean(text).replace('\n', ' ');
    if (!terminal) {
      err.println(plain);
      err.flush();
      return;
    }
    String cut = plain.length() > WIDTH ? plain.substring(0, WIDTH) : plain;
    err.print("\r" + cut + " ".repeat(Math.max(0, shown - cut.length())));
    shown = cut.length();
    err.flush();
  }

  /** Takes the line away. */
  @Override
  public synchronized void close() {
    if (terminal && shown > 0) {
      err.print("\r" + " ".repeat(shown) + "\r");
      err.flush();
      shown = 0;
    }
  }
}
