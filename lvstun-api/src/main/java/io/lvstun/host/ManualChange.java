// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

import java.util.List;
import java.util.Objects;

/**
 * A change that a person has to make.
 *
 * @param text what to do, a sentence
 * @since 0.1.0
 */
public record ManualChange(String text) implements HostChange {
  /** Checks that nothing is missing. */
  public ManualChange {
    Objects.requireNonNull(text, "text");
  }

  @Override
  public List<String> command() {
    return List.of();
  }

  @Override
  public Risk risk() {
    return Risk.MANUAL;
  }

  @Override
  public List<String> query() {
    return List.of("command", "", "", "");
  }

  @Override
  public String wanted(String current) {
    Objects.requireNonNull(current, "current");
    return UNKNOWN;
  }

  @Override
  public List<String> operation(String current, String target) {
    Objects.requireNonNull(current, "current");
    Objects.requireNonNull(target, "target");
    return List.of("none");
  }

  @Override
  public boolean blind() {
    return true;
  }
}
