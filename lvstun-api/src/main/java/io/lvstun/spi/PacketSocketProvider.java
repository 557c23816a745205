// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.NetworkNamespace;
import java.util.List;
import java.util.Optional;

/**
 * Opens packet sockets; found by {@link java.util.ServiceLoader}. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public interface PacketSocketProvider {

  /** The longest program that the kernel takes: {@code BPF_MAXINSNS}. */
  int MAX_INSTRUCTIONS = 4096;

  /**
   * Opens a socket.
   *
   * @param namespace the network namespace; empty for the process's own
   * @param filter which packets it sees: a program that is run on the packet from the network
   *     header on, in place before the first packet. 1 to {@value #MAX_INSTRUCTIONS} instructions
   * @param kept how many bytes of each packet are kept, 64 to 65535
   * @return the socket
   * @throws IllegalArgumentException if the filter or {@code kept} is out of range
   * @throws io.lvstun.PermissionException without CAP_NET_RAW in the namespace
   * @throws io.lvstun.LvsException if this is not Linux, or the native library cannot be loaded
   */
  PacketSocket open(Optional<NetworkNamespace> namespace, List<FilterInstruction> filter, int kept);
}
