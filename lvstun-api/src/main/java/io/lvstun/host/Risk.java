// SPDX-License-Identifier: Apache-2.0
package io.lvstun.host;

/**
 * What a change may break. The order is that in which changes are applied: the harmless ones first.
 *
 * @since 0.1.0
 */
public enum Risk {
  /** Loads a module, switches a tunnel device on, sets a kernel parameter of it. */
  SAFE,
  /** Changes addresses or routes. */
  ADDRESS,
  /** Changes the packet filter. */
  FIREWALL,
  /** Interrupts traffic, or needs a reboot. */
  DISRUPTIVE,
  /** Cannot be done on the host by a program: a person, a cloud's console, a switch. */
  MANUAL
}
