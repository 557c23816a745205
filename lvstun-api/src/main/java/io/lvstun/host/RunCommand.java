// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs a command for which there is no kind of change. Its state cannot be read.
 *
 * @param command program and arguments
 * @param undo program and arguments that undo it; empty if nothing does
 * @param risk what it may break
 * @param atBoot whether it has to be run at each boot, to last
 * @since 0.1.0
 */
public record RunCommand(List<String> command, List<String> undo, Risk risk, boolean atBoot)
    implements HostChange {

  private static final String DONE = "done";

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no program
   */
  public RunCommand {
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(risk, "risk");
    Objects.requireNonNull(undo, "undo");
    command = List.copyOf(command);
    undo = List.copyOf(undo);
    if (command.isEmpty()) {
      throw new IllegalArgumentException("command must name a program");
    }
  }

  /**
   * Returns a command that has to be run at each boot.
   *
   * @param command program and arguments
   * @param undo program and arguments that undo it; empty if nothing does
   * @param risk what it may break
   */
  public RunCommand(List<String> command, List<String> undo, Risk risk) {
    this(command, undo, risk, true);
  }

  /**
   * Returns a command whose effect is kept elsewhere, or is of no use at boot.
   *
   * @param command program and arguments
   * @param undo program and arguments that undo it; empty if nothing does
   * @param risk what it may break
   * @return the change
   */
  public static RunCommand once(List<String> command, List<String> undo, Risk risk) {
    return new RunCommand(command, undo, risk, false);
  }

  @Override
  public List<String> query() {
    return List.of("command", "", "", "");
  }

  @Override
  public String wanted(String current) {
    return DONE;
  }

  @Override
  public List<String> operation(String current, String target) {
    List<String> operation = new ArrayList<>(List.of("run"));
    operation.addAll(target.equals(DONE) ? command : undo);
    return operation;
  }

  @Override
  public boolean blind() {
    return true;
  }
}
