// SPDX-License-Identifier: Apache-2.0
package io.lvstun.state;

/**
 * Traffic of a service or a real server since it was created or zeroed. The kernel refreshes the
 * figures every 2 seconds.
 *
 * <p>Counters need not begin at 0: a real server removed and added again within about two minutes
 * comes back with its old figures. Tunnelling and direct routing show the director only one
 * direction, so that the outgoing figures stay 0.
 *
 * @param connections connections scheduled
 * @param inPackets packets from clients
 * @param outPackets packets to clients
 * @param inBytes bytes from clients
 * @param outBytes bytes to clients
 * @since 0.1.0
 */
public record Counters(
    long connections, long inPackets, long outPackets, long inBytes, long outBytes) {

  /** All figures 0. */
  public static final Counters ZERO = new Counters(0, 0, 0, 0, 0);

  /**
   * Returns counters, the shared {@link #ZERO} if all figures are 0.
   *
   * @param connections connections scheduled
   * @param inPackets packets from clients
   * @param outPackets packets to clients
   * @param inBytes bytes from clients
   * @param outBytes bytes to clients
   * @return the counters
   */
  public static Counters of(
      long connections, long inPackets, long outPackets, long inBytes, long outBytes) {
    return (connections | inPackets | outPackets | inBytes | outBytes) == 0
        ? ZERO
        : new Counters(connections, inPackets, outPackets, inBytes, outBytes);
  }
}
