// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

/** How the process ends. */
final class ExitStatus {

  /** Nothing is wrong. */
  static final int OK = 0;

  /** The doctor itself failed. */
  static final int INTERNAL = 1;

  /** Wrong options, or input that cannot be understood. */
  static final int USAGE = 2;

  /** Something is broken. */
  static final int FAIL = 3;

  /** Nothing is broken, but something could be better, or could not be looked at. */
  static final int WARN = 4;

  private ExitStatus() {}
}
