// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import java.util.Objects;

/**
 * How several directors share the work.
 *
 * @since 0.1.0
 */
public enum HighAvailability {
  /** Nobody said; the doctor judges by what it sees. */
  UNSTATED("unstated"),
  /** One director has the virtual addresses, another takes them over: VRRP, keepalived. */
  VRRP("vrrp"),
  /** Routers spread connections over all directors, which all have the virtual addresses. */
  ECMP("ecmp");

  private final String text;

  HighAvailability(String text) {
    this.text = text;
  }

  /**
   * Reads it from text.
   *
   * @param text {@code unstated}, {@code vrrp} or {@code ecmp}
   * @return the value
   * @throws IllegalArgumentException if it is none of these
   */
  public static HighAvailability parse(String text) {
    Objects.requireNonNull(text, "text");
    for (HighAvailability one : values()) {
      if (one.text.equals(text)) {
        return one;
      }
    }
    throw new IllegalArgumentException("highAvailability must be vrrp, ecmp or unstated");
  }

  /** Returns the text that {@link #parse} reads. */
  @Override
  public String toString() {
    return text;
  }
}
