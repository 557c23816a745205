// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

/**
 * Who configures a host's network devices at boot.
 *
 * @since 0.1.0
 */
public enum NetworkConfiguration {
  /** systemd-networkd, also where netplan writes its files. */
  NETWORKD("systemd-networkd"),
  /** NetworkManager. */
  NETWORK_MANAGER("NetworkManager"),
  /** ifupdown, {@code /etc/network/interfaces}, of Debian and Alpine. */
  IFUPDOWN("ifupdown"),
  /** The network scripts of Red Hat's systems, {@code /etc/sysconfig/network-scripts}. */
  IFCFG("network-scripts");

  private final String text;

  NetworkConfiguration(String text) {
    this.text = text;
  }

  /** Returns the name that people know it by. */
  @Override
  public String toString() {
    return text;
  }
}
