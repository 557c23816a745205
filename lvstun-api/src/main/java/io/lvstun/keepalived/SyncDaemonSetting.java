// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * The kernel's sync daemon as keepalived runs it: with an instance its role follows that instance,
 * without one both roles run.
 *
 * <p>Immutable. keepalived takes the instance's virtual router id for the sync id if none is given.
 *
 * @param interfaceName the interface
 * @param instance the VRRP instance that is followed
 * @param syncId 0 to 255
 * @param maxLength the longest packet, 1 to 65507 bytes
 * @param port the UDP port; by default 8848
 * @param ttl 1 to 255; by default 1
 * @param group the multicast group; by default 224.0.0.81
 * @since 0.1.0
 */
public record SyncDaemonSetting(
    String interfaceName,
    Optional<String> instance,
    Optional<Integer> syncId,
    Optional<Integer> maxLength,
    Optional<Integer> port,
    Optional<Integer> ttl,
    Optional<InetAddress> group) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public SyncDaemonSetting {
    Objects.requireNonNull(interfaceName, "interfaceName");
    Checked.name("lvs_sync_daemon", interfaceName);
    instance.ifPresent(value -> Checked.name("inst", value));
    syncId.ifPresent(value -> Checked.range("id", value, 0, 255));
    maxLength.ifPresent(value -> Checked.range("maxlen", value, 1, 65507));
    port.ifPresent(value -> Checked.range("port", value, 1, 65535));
    ttl.ifPresent(value -> Checked.range("ttl", value, 1, 255));
    if (group.isPresent() && !group.get().isMulticastAddress()) {
      throw new IllegalArgumentException(
          "group must be a multicast address, not " + IpAddress.format(group.get()));
    }
  }

  /**
   * Returns the daemon of an interface with both roles.
   *
   * @param interfaceName the interface
   * @return the setting
   * @throws IllegalArgumentException if it is no name of an interface
   */
  public static SyncDaemonSetting on(String interfaceName) {
    return new SyncDaemonSetting(
        interfaceName,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * Returns a copy with another instance.
   *
   * @param instance the VRRP instance that is followed
   * @return a copy
   * @throws IllegalArgumentException if it cannot be written
   */
  public SyncDaemonSetting instance(String instance) {
    Objects.requireNonNull(instance, "instance");
    return new SyncDaemonSetting(
        interfaceName, Optional.of(instance), syncId, maxLength, port, ttl, group);
  }

  /**
   * Returns a copy with another sync id.
   *
   * @param syncId 0 to 255
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public SyncDaemonSetting syncId(int syncId) {
    return new SyncDaemonSetting(
        interfaceName, instance, Optional.of(syncId), maxLength, port, ttl, group);
  }

  /**
   * Returns a copy with another longest packet.
   *
   * @param maxLength 1 to 65507 bytes
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public SyncDaemonSetting maxLength(int maxLength) {
    return new SyncDaemonSetting(
        interfaceName, instance, syncId, Optional.of(maxLength), port, ttl, group);
  }

  /**
   * Returns a copy with another port.
   *
   * @param port 1 to 65535
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public SyncDaemonSetting port(int port) {
    return new SyncDaemonSetting(
        interfaceName, instance, syncId, maxLength, Optional.of(port), ttl, group);
  }

  /**
   * Returns a copy with another time to live.
   *
   * @param ttl 1 to 255
   * @return a copy
   * @throws IllegalArgumentException if it is out of range
   */
  public SyncDaemonSetting ttl(int ttl) {
    return new SyncDaemonSetting(
        interfaceName, instance, syncId, maxLength, port, Optional.of(ttl), group);
  }

  /**
   * Returns a copy with another group.
   *
   * @param group a multicast address
   * @return a copy
   * @throws IllegalArgumentException if it is no multicast address
   */
  public SyncDaemonSetting group(InetAddress group) {
    Objects.requireNonNull(group, "group");
    return new SyncDaemonSetting(
        interfaceName, instance, syncId, maxLength, port, ttl, Optional.of(group));
  }
}
