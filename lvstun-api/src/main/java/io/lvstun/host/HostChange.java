// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something on a host that can be brought from one state to another, and back.
 *
 * <p>Changes are values, not text: checks and preparation make them, and they can be shown,
 * applied, made to last and undone. A new kind is one class, named in {@code permits}.
 *
 * <p>States are text: {@code up} and {@code down}, {@value #PRESENT} and {@value #ABSENT}, a
 * number, the content of a file. {@link #NONE} is the state of what cannot be there, for example a
 * setting of a device that does not exist.
 *
 * @since 0.1.0
 */
public sealed interface HostChange
    permits AddTunnelDevice,
        CardChange,
        ClampSegmentSize,
        FileChange,
        InsertFirewallRule,
        InstallPackage,
        LoadModule,
        ManualChange,
        OpenGuePort,
        RunCommand,
        ServiceUnit,
        SetAddress,
        SetLinkUp,
        SetSysctl,
        SetTunnelMode {

  /** The state of what does not exist. */
  String NONE = "\u0000none";

  /** The state of what cannot be read. */
  String UNKNOWN = "unknown";

  /** The state of what is there. */
  String PRESENT = "present";

  /** The state of what is not there, and could be. */
  String ABSENT = "absent";

  /**
   * Returns the command that makes the change.
   *
   * @return program and arguments; empty if it is not one command
   */
  List<String> command();

  /**
   * Returns the command that undoes the change, where it does not depend on the state before.
   *
   * @return program and arguments; empty if there is none
   */
  default List<String> undo() {
    return List.of();
  }

  /**
   * Returns what the change may break.
   *
   * @return the risk
   */
  Risk risk();

  /**
   * Returns the change for people: the command as they would type it.
   *
   * @return one line
   */
  default String text() {
    return ShellText.join(command());
  }

  /**
   * Returns how the script on the host reads the state.
   *
   * @return a kind and three arguments
   */
  List<String> query();

  /**
   * Returns the state to bring it to.
   *
   * @param current the state it is in
   * @return the state
   * @throws IllegalStateException if it belongs to somebody else
   */
  String wanted(String current);

  /**
   * Returns how the script on the host brings it to a state.
   *
   * @param current the state it is in
   * @param target the state to bring it to
   * @return a verb and its arguments
   */
  List<String> operation(String current, String target);

  /**
   * Returns the state that undoes the change after something else has happened.
   *
   * @param before the state before the change
   * @param after the state after the change
   * @param current the state now, neither of them
   * @return null if the change cannot be told from what happened since
   */
  default @Nullable String merged(String before, String after, String current) {
    return null;
  }

  /**
   * Tells whether the state cannot be read, so that undoing is running a command.
   *
   * @return true if so
   */
  default boolean blind() {
    return false;
  }

  /**
   * Tells whether the change has to be made again at each boot, by its command, to last.
   *
   * @return false if it lasts by itself, or in a file of its own
   */
  default boolean atBoot() {
    return false;
  }

  /**
   * Returns what {@link #operation} reads besides its arguments.
   *
   * @return base64; empty if nothing
   */
  default String payload() {
    return "";
  }

  /**
   * Returns what a journal keeps of the change to undo it later.
   *
   * @return by default the change itself
   */
  default HostChange journalled() {
    return this;
  }

  /**
   * Returns how long reading or changing the state may take.
   *
   * @return 60 seconds by default
   */
  default Duration deadline() {
    return Duration.ofSeconds(60);
  }

  /**
   * Tells whether a host is as the change wants it. Nothing is changed.
   *
   * @param host the host
   * @return whether applying the change would do nothing
   * @throws HostException if the host cannot be reached, or the state cannot be read
   * @throws IllegalStateException if it belongs to somebody else
   */
  default boolean holds(Host host) {
    String state = AppliedChange.read(host, this);
    boolean missing = state.equals(NONE) && !(this instanceof FileChange);
    return !blind() && !missing && ChangeScript.same(state, wanted(state));
  }

  /**
   * Applies the change, unless the host is as the change wants it. What lasts over a reboot is that
   * of the change alone: files, services and packages last, the others do not.
   *
   * @param host the host; commands run there as the user that it is reached as, usually root
   * @return what undoes it
   * @throws HostException if the host cannot be reached, does not have what is to be changed, or
   *     the step fails; the state before is kept then as far as {@link #operation} can
   */
  @CanIgnoreReturnValue
  default AppliedChange apply(Host host) {
    return AppliedChange.apply(host, this);
  }
}
