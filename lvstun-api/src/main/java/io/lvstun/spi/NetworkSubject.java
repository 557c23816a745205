// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

/**
 * What a request about the host's network is about, which decides what the kernel's error numbers
 * mean.
 *
 * @since 0.1.0
 */
public enum NetworkSubject {
  /** A link, for example a tunnel device. */
  LINK,
  /** An address of a link. */
  ADDRESS,
  /** A route. */
  ROUTE,
  /** A rule of policy routing. */
  RULE,
  /** A port on which GUE packets are taken. */
  GUE_PORT
}
