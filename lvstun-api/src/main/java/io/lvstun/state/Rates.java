// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

/**
 * Traffic of a service or a real server per second, as the kernel estimates it every 2 seconds.
 *
 * @param connections connections scheduled a second
 * @param inPackets packets from clients a second
 * @param outPackets packets to clients a second
 * @param inBytes bytes from clients a second
 * @param outBytes bytes to clients a second
 * @since 0.1.0
 */
public record Rates(
    long connections, long inPackets, long outPackets, long inBytes, long outBytes) {

  /** All figures 0. */
  public static final Rates ZERO = new Rates(0, 0, 0, 0, 0);

  /**
   * Returns rates, the shared {@link #ZERO} if all figures are 0.
   *
   * @param connections connections scheduled a second
   * @param inPackets packets from clients a second
   * @param outPackets packets to clients a second
   * @param inBytes bytes from clients a second
   * @param outBytes bytes to clients a second
   * @return the rates
   */
  public static Rates of(
      long connections, long inPackets, long outPackets, long inBytes, long outBytes) {
    return (connections | inPackets | outPackets | inBytes | outBytes) == 0
        ? ZERO
        : new Rates(connections, inPackets, outPackets, inBytes, outBytes);
  }
}
