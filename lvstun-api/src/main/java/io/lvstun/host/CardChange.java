// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

/**
 * A change of how a network card hands packets to processors. It may interrupt traffic, and has to
 * be made again at each boot.
 *
 * @since 0.1.0
 */
public sealed interface CardChange extends HostChange
    permits SetInterruptAffinity, SetQueues, SetReceivePacketSteering {

  /**
   * Returns the card.
   *
   * @return name of the device
   */
  String device();

  @Override
  default Risk risk() {
    return Risk.DISRUPTIVE;
  }

  @Override
  default boolean atBoot() {
    return true;
  }
}
