// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

/**
 * The role of a host in a cluster.
 *
 * @since 0.1.0
 */
public enum Role {
  /** Takes the clients' packets and tunnels them to real servers. */
  DIRECTOR("director"),
  /** Serves clients, and answers them past the director. */
  REAL_SERVER("real-server"),
  /** Is neither, and therefore sees what clients see: probes from the other two lie. */
  VANTAGE("vantage"),
  /** No host: what concerns the cluster as a whole, or lies between the hosts. */
  CLUSTER("cluster");

  private final String text;

  Role(String text) {
    this.text = text;
  }

  /** Returns the role as in options and reports, for example {@code real-server}. */
  @Override
  public String toString() {
    return text;
  }
}
