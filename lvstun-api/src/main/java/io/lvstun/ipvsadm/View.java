// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

/** The lists that ipvsadm prints of the table. None has everything. */
enum View {
  /** Scheduler and flags; forwarding, weight, active, inactive. */
  CONNECTIONS(4, ""),
  /** The same with the tunnel; since ipvsadm 1.31. */
  TUNNELS(5, "--tun-info"),
  /** Weight, persistent, active, inactive. */
  PERSISTENT(4, "--persistent-conn"),
  /** Upper and lower threshold, active, inactive. */
  THRESHOLDS(4, "--thresholds"),
  /** Connections, packets and bytes of services and servers. */
  STATS(5, "--stats --exact"),
  /** The same a second. */
  RATE(5, "--rate --exact");

  private final int serverColumns;
  private final String options;

  View(int serverColumns, String options) {
    this.serverColumns = serverColumns;
    this.options = options;
  }

  /** The options that choose the list, with a blank between them. */
  String options() {
    return options;
  }

  /** How many columns a server has behind its name. */
  int serverColumns() {
    return serverColumns;
  }
}
