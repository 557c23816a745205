// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import java.io.IOException;
import java.io.InputStream;

/** Opens sockets and files of one network namespace. Thread-safe. */
public interface SocketSource {

  /** {@code NETLINK_ROUTE}: links, addresses, routes. */
  int ROUTE = 0;

  /** {@code NETLINK_GENERIC}: families by name, IPVS among them. */
  int GENERIC = 16;

  /**
   * Opens a netlink socket.
   *
   * @param protocol {@link #ROUTE} or {@link #GENERIC}
   * @return the socket
   * @throws SystemCallException if the system refuses
   */
  NetlinkSocket open(int protocol);

  /**
   * Opens a file below {@code /proc/net} of the namespace.
   *
   * @param name the file's name, for example {@code "ip_vs_conn"}
   * @return the file
   * @throws IOException if it cannot be opened
   * @throws SystemCallException if the namespace cannot be entered
   */
  InputStream openProcNet(String name) throws IOException;
}
