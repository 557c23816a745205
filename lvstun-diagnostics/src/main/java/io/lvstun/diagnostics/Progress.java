// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics;

import io.lvstun.cluster.Node;
import io.lvstun.diagnostics.model.Member;

/**
 * Hears how an {@link Examination} gets on. Methods are called from several threads, must return
 * soon, and must not throw.
 *
 * @since 0.1.0
 */
public interface Progress {

  /** Hears, and does nothing. */
  Progress SILENT = new Progress() {};

  /**
   * Collecting from a host begins.
   *
   * @param node the host
   */
  default void collecting(Node node) {}

  /**
   * Collecting from a host has ended, for better or worse.
   *
   * @param member the host with what is known of it
   */
  default void collected(Member member) {}

  /**
   * A probe begins.
   *
   * @param code the probe's code
   */
  default void probing(String code) {}

  /** The analysis begins. */
  default void analysing() {}
}
