// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import java.io.IOException;
import java.io.InputStream;

/** Opens sockets and files of one network namespace. Thread-safe. */
public interface SocketSource extends AutoCloseable {

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

  /**
   * Makes sure that the name by which the namespace was chosen still stands for it.
   *
   * @param operation what is to be done in it, for the message
   * @param target on what; empty if on IPVS as a whole
   * @throws io.lvstun.NamespaceChangedException if it stands for another namespace, or for none
   */
  default void requireCurrent(String operation, String target) {}

  /** Lets the namespace go. Sockets that are open stay in it. A second call does nothing. */
  @Override
  default void close() {}
}
