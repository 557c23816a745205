// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.terminal;

/**
 * How the process ends.
 *
 * @since 0.1.0
 */
public final class ExitStatus {

  /** Nothing is wrong. */
  public static final int OK = 0;

  /** The doctor itself failed. */
  public static final int INTERNAL = 1;

  /** Wrong options, or input that cannot be understood. */
  public static final int USAGE = 2;

  /** Something is broken. */
  public static final int FAIL = 3;

  /** Nothing is broken, but something could be better, or could not be looked at. */
  public static final int WARN = 4;

  private ExitStatus() {}
}
