// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.section;

import io.lvstun.ForeignText;

/**
 * One piece of what was read from a host: the output of a command, or the content of files.
 *
 * <p>The text is clean: no terminal escapes, no secrets. It is kept as it was read, not as it was
 * understood, so that a later version understands more of the same facts.
 *
 * @param name what it is, for example {@code link}
 * @param source the command that gave it, for evidence; empty if there was none
 * @param state whether it was read
 * @param text what was read
 * @param problem what the command complained of, or why there is nothing; may be empty
 * @param truncated whether the text was cut because it was too long
 * @since 0.1.0
 */
public record Section(
    String name, String source, State state, String text, String problem, boolean truncated) {

  /**
   * Whether a section was read.
   *
   * @since 0.1.0
   */
  public enum State {
    /** It was read, perhaps with complaints. */
    READ,
    /** There is nothing to read, and that is no fault: for example, the module is not loaded. */
    ABSENT,
    /** It could not be read: a tool is missing, or a permission. */
    UNREADABLE
  }

  /**
   * Returns a section that was read.
   *
   * @param name what it is
   * @param source where it is from
   * @param text what was read; it is cleaned
   * @return the section
   */
  public static Section read(String name, String source, String text) {
    return new Section(
        name,
        ForeignText.printable(source),
        State.READ,
        Redaction.redact(ForeignText.clean(text), false),
        "",
        false);
  }

  /**
   * Returns a section that could not be read.
   *
   * @param name what it is
   * @param source where it should have come from
   * @param problem why it could not be read
   * @return the section
   */
  public static Section unreadable(String name, String source, String problem) {
    return new Section(
        name,
        ForeignText.printable(source),
        State.UNREADABLE,
        "",
        ForeignText.printable(problem),
        false);
  }

  /**
   * Returns a section that does not exist on the host, which is no fault.
   *
   * @param name what it is
   * @param reason why there is nothing
   * @return the section
   */
  public static Section absent(String name, String reason) {
    return new Section(name, "", State.ABSENT, "", ForeignText.printable(reason), false);
  }
}
