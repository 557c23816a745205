// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

/**
 * How a report is written for people.
 *
 * @param colour with the colours of an ANSI terminal
 * @param verbose also what passed, and what did not apply and why
 * @param timing how long what took
 * @since 0.1.0
 */
public record TextStyle(boolean colour, boolean verbose, boolean timing) {

  /** Without colour, only what is wrong or worth knowing. */
  public static final TextStyle PLAIN = new TextStyle(false, false, false);
}
