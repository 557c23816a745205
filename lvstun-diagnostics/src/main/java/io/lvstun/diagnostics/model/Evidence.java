// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.model;

/**
 * What a finding rests on: where it was read, and what was read there.
 *
 * @param source the file or command
 * @param excerpt the lines that matter; at most 2000 characters
 * @since 0.1.0
 */
public record Evidence(String source, String excerpt) {

  private static final int LONGEST = 2000;

  /** Cuts the excerpt. */
  public Evidence {
    excerpt = excerpt.length() > LONGEST ? excerpt.substring(0, LONGEST) + "..." : excerpt;
  }
}
