// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

/**
 * How a report is written for people.
 *
 * @param colour with the colours of an ANSI terminal
 * @param detail how much it tells
 * @param timing how long what took
 * @since 0.1.0
 */
public record TextStyle(boolean colour, Detail detail, boolean timing) {

  /** Without colour, only what is wrong or worth knowing. */
  public static final TextStyle PLAIN = new TextStyle(false, Detail.USUAL, false);
}
