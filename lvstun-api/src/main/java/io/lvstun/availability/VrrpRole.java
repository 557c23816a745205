// SPDX-License-Identifier: Apache-2.0
package io.lvstun.availability;

/**
 * What a VRRP instance, or a sync group of them, is on one director.
 *
 * @since 0.1.0
 */
public enum VrrpRole {
  /** Has the virtual addresses and forwards. */
  MASTER,
  /** Does not have the virtual addresses; stands by, as far as is known. */
  BACKUP,
  /** Cannot become master: a tracked interface, script or file failed. */
  FAULT,
  /** keepalived ended, or its new configuration lacks the instance. */
  STOPPED
}
