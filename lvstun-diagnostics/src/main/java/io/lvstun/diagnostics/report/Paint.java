// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.report;

import io.lvstun.diagnostics.model.Status;
import io.lvstun.diagnostics.model.Verdict;

/** The colours of an ANSI terminal. */
enum Paint {
  RED("31;1"),
  YELLOW("33;1"),
  MAGENTA("35;1"),
  GREEN("32"),
  DIM("2"),
  BOLD("1");

  private final String code;

  Paint(String code) {
    this.code = code;
  }

  String on(TextStyle style, String text) {
    return style.colour() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  static Paint of(Status status) {
    return switch (status) {
      case FAIL -> RED;
      case WARN -> YELLOW;
      case ERROR -> MAGENTA;
      case PASS -> GREEN;
      case SKIP -> DIM;
    };
  }

  static Paint of(Verdict verdict) {
    return switch (verdict) {
      case FAIL -> RED;
      case WARN -> YELLOW;
      case ERROR -> MAGENTA;
      case PASS -> GREEN;
    };
  }
}
