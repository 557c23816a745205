// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import java.util.regex.Pattern;

/**
 * Text that steers nothing. Facts are cleaned when they are collected and when they are read from a
 * bundle; this is for whatever else may come from a host.
 */
final class Plain {

  private static final Pattern STEERING =
      Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\\p{Co}\u0080-\u009f\u2028\u2029\ufffe\uffff]");

  private Plain() {}

  /** One line: control and format characters become blanks or question marks. */
  static String line(String text) {
    return STEERING.matcher(text.replace('\n', ' ').replace('\t', ' ')).replaceAll("?");
  }
}
