// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.net.InetAddress;
import java.util.Objects;

/**
 * The kernel thread that sends connection state to other directors, or receives it from them.
 *
 * <p>A network namespace runs at most one of each role. Master and backup find each other by sync
 * id, group and port.
 *
 * @param role sending or receiving
 * @param interfaceName the network interface for the multicast, 1 to 15 characters
 * @param syncId 0 to 255; 0, the default, is the id 0 for a master and any id for a backup
 * @param maxLength longest payload in bytes, 1 to 65507; 0, the default, lets the kernel take it
 *     from the interface's MTU
 * @param group multicast group, IPv4 or IPv6, default 224.0.0.81
 * @param port UDP port, 1 to 65535, default 8848
 * @param ttl multicast time-to-live, 1 to 255, default 1
 * @since 0.1.0
 */
public record SyncDaemon(
    Role role,
    String interfaceName,
    int syncId,
    int maxLength,
    InetAddress group,
    int port,
    int ttl) {

  /** The kernel's default group, 224.0.0.81. */
  public static final InetAddress DEFAULT_GROUP = IpAddress.parse("224.0.0.81");

  /** The kernel's default port. */
  public static final int DEFAULT_PORT = 8848;

  private static final int LONGEST_PAYLOAD = 65507;

  /**
   * What a daemon does.
   *
   * @since 0.1.0
   */
  public enum Role {
    /** Sends connection state. */
    MASTER(1),
    /** Receives connection state. */
    BACKUP(2);

    private final int code;

    Role(int code) {
      this.code = code;
    }

    /**
     * Returns the kernel's number, {@code IP_VS_STATE_MASTER} or {@code IP_VS_STATE_BACKUP}.
     *
     * @return 1 or 2
     */
    public int code() {
      return code;
    }

    /** Returns {@code master} or {@code backup}. */
    @Override
    public String toString() {
      return this == MASTER ? "master" : "backup";
    }
  }

  /**
   * Checks each option.
   *
   * @throws IllegalArgumentException if one is out of range or the group is not multicast
   */
  public SyncDaemon {
    Objects.requireNonNull(interfaceName, "interfaceName");
    Objects.requireNonNull(role, "role");
    ServiceArgument.name("interface", interfaceName, 15);
    ServiceArgument.range("sync id", syncId, 0, 255);
    ServiceArgument.range("maximum length", maxLength, 0, LONGEST_PAYLOAD);
    ServiceArgument.range("port", port, 1, ServiceArgument.MAX_PORT);
    ServiceArgument.range("ttl", ttl, 1, 255);
    if (!group.isMulticastAddress()) {
      throw new IllegalArgumentException(
          "group must be a multicast address, not " + IpAddress.format(group));
    }
  }

  /**
   * Returns a sending daemon with the default options.
   *
   * @param interfaceName the network interface, 1 to 15 characters
   * @return the daemon
   * @throws IllegalArgumentException if the name is empty, too long or has unprintable characters
   */
  public static SyncDaemon master(String interfaceName) {
    return of(Role.MASTER, interfaceName);
  }

  /**
   * Returns a receiving daemon with the default options.
   *
   * @param interfaceName the network interface, 1 to 15 characters
   * @return the daemon
   * @throws IllegalArgumentException if the name is empty, too long or has unprintable characters
   */
  public static SyncDaemon backup(String interfaceName) {
    return of(Role.BACKUP, interfaceName);
  }

  private static SyncDaemon of(Role role, String interfaceName) {
    return new SyncDaemon(role, interfaceName, 0, 0, DEFAULT_GROUP, DEFAULT_PORT, 1);
  }

  /**
   * Returns a copy with another sync id.
   *
   * @param syncId 0 to 255
   * @return a copy
   * @throws IllegalArgumentException if the id is out of range
   */
  public SyncDaemon syncId(int syncId) {
    return new SyncDaemon(role, interfaceName, syncId, maxLength, group, port, ttl);
  }

  /**
   * Returns a copy with another maximum length.
   *
   * @param bytes 1 to 65507, or 0 for the kernel's choice
   * @return a copy
   * @throws IllegalArgumentException if the length is out of range
   */
  public SyncDaemon maxLength(int bytes) {
    return new SyncDaemon(role, interfaceName, syncId, bytes, group, port, ttl);
  }

  /**
   * Returns a copy with another multicast group.
   *
   * @param group an IPv4 or IPv6 multicast literal
   * @return a copy
   * @throws IllegalArgumentException if it is no multicast literal
   */
  public SyncDaemon group(String group) {
    Objects.requireNonNull(group, "group");
    return new SyncDaemon(
        role, interfaceName, syncId, maxLength, IpAddress.parse(group), port, ttl);
  }

  /**
   * Returns a copy with another UDP port.
   *
   * @param port 1 to 65535
   * @return a copy
   * @throws IllegalArgumentException if the port is out of range
   */
  public SyncDaemon port(int port) {
    return new SyncDaemon(role, interfaceName, syncId, maxLength, group, port, ttl);
  }

  /**
   * Returns a copy with another time-to-live.
   *
   * @param ttl 1 to 255
   * @return a copy
   * @throws IllegalArgumentException if the time-to-live is out of range
   */
  public SyncDaemon ttl(int ttl) {
    return new SyncDaemon(role, interfaceName, syncId, maxLength, group, port, ttl);
  }

  /** Returns nearly as {@code ipvsadm -L --daemon} does. */
  @Override
  public String toString() {
    return role
        + " sync daemon (mcast="
        + interfaceName
        + ", syncid="
        + syncId
        + ", maxlen="
        + maxLength
        + ", group="
        + IpAddress.format(group)
        + ", port="
        + port
        + ", ttl="
        + ttl
        + ')';
  }
}
