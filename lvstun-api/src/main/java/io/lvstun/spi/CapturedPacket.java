// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A packet as a {@link PacketSocket} saw it pass a network device.
 *
 * @param time when the kernel saw it
 * @param device the device's index in its namespace, above 0
 * @param outgoing whether it was on its way out
 * @param loopback whether the device is the loopback, which packets of the host to itself pass
 * @param length its length in bytes from the network header on; with hardware offload it may be
 *     longer than what the wire carries
 * @param bytes what was kept of it, from the network header on: IPv4 or IPv6. Read-only
 * @since 0.1.0
 */
public record CapturedPacket(
    Instant time, int device, boolean outgoing, boolean loopback, int length, ByteBuffer bytes) {

  /** Makes the bytes read-only. */
  public CapturedPacket {
    bytes = bytes.asReadOnlyBuffer();
  }
}
