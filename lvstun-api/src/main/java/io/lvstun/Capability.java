// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

/**
 * A feature that not every driver has.
 *
 * @since 0.1.0
 */
public enum Capability {
  /** Counters of services beyond 2^32. */
  SERVICE_COUNTERS_64_BIT,
  /** Counters of real servers beyond 2^32. */
  SERVER_COUNTERS_64_BIT,
  /** GUE and GRE tunnels with their port and checksum options. */
  TUNNEL_ENCAPSULATION,
  /** Firewall marks above 2^31 - 1. */
  MARKS_32_BIT,
  /** Forwarding methods and tunnel types that only other programs write, kept when edited. */
  FOREIGN_FORWARDING,
  /** Weights above 65535, which only other programs write, kept when edited. */
  FOREIGN_NUMBERS,
  /**
   * Flag bits without a name, and persistence engine, time-out and mask of services that are not
   * persistent: read, and kept when edited. See {@link ForeignSettings}.
   */
  FOREIGN_SETTINGS,
  /** Many commands in one exchange with the kernel. */
  BATCHES,
  /** Reading the connection table. */
  CONNECTION_TABLE,
  /** Working in a network namespace other than the process's own. */
  NETWORK_NAMESPACES,
  /** Reading with {@link Consistency#VERIFIED} while other programs write. */
  VERIFIED_READS
}
