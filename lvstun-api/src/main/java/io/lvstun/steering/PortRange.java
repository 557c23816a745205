// SPDX-License-Identifier: Apache-2.0
package io.lvstun.steering;

/**
 * Neighbouring ports. Immutable.
 *
 * @param first 0 to 65535
 * @param last {@code first} to 65535
 * @since 0.1.0
 */
public record PortRange(int first, int last) {

  /**
   * Checks the ports.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public PortRange {
    if (first < 0 || last > 65535 || first > last) {
      throw new IllegalArgumentException(
          "ports must be 0 to 65535 and ascend, not " + first + '-' + last);
    }
  }

  /**
   * Returns whether a port is in the range.
   *
   * @param port the port
   * @return true from {@code first} to {@code last}
   */
  public boolean contains(int port) {
    return port >= first && port <= last;
  }

  /** Returns {@code 80}, or {@code 8000-8099}. */
  @Override
  public String toString() {
    return first == last ? String.valueOf(first) : first + "-" + last;
  }
}
