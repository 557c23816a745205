// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.VirtualService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What the configuration file of one director says.
 *
 * <p>Immutable.
 *
 * @param global what is set for the whole of keepalived
 * @param scripts the scripts that instances follow
 * @param syncGroups the sync groups
 * @param instances the VRRP instances
 * @param virtualServers the virtual servers
 * @since 0.1.0
 */
public record KeepalivedConfig(
    GlobalSettings global,
    List<VrrpScript> scripts,
    List<SyncGroup> syncGroups,
    List<VrrpInstance> instances,
    List<VirtualServer> virtualServers) {

  /** An empty configuration. */
  public static final KeepalivedConfig EMPTY =
      new KeepalivedConfig(GlobalSettings.DEFAULT, List.of(), List.of(), List.of(), List.of());

  /** Copies the lists. */
  public KeepalivedConfig {
    Objects.requireNonNull(global, "global");
    Objects.requireNonNull(instances, "instances");
    Objects.requireNonNull(scripts, "scripts");
    Objects.requireNonNull(syncGroups, "syncGroups");
    Objects.requireNonNull(virtualServers, "virtualServers");
    scripts = List.copyOf(scripts);
    syncGroups = List.copyOf(syncGroups);
    instances = List.copyOf(instances);
    virtualServers = List.copyOf(virtualServers);
  }

  /**
   * Returns the virtual services, in order.
   *
   * @return what {@code Director.apply} takes
   */
  public List<VirtualService> services() {
    return virtualServers.stream().map(VirtualServer::service).toList();
  }

  /**
   * Returns the text of the configuration file.
   *
   * @return statements that keepalived 2.2.7 accepts and {@link ConfigReader} reads as this value;
   *     with the secret if there is one
   * @throws IllegalArgumentException if keepalived would refuse or change something: a virtual
   *     server without a real server, adverts of VRRP version 2 not in whole seconds,
   *     authentication with version 3, an instance that tracks its own interface, a script with a
   *     weight in a sync group
   */
  public String text() {
    Obstacles.first(this)
        .ifPresent(
            obstacle -> {
              throw new IllegalArgumentException(obstacle);
            });
    return ConfigWriter.write(this);
  }

  /**
   * Writes the configuration file: at once or not at all, readable for its owner alone if it {@link
   * #hasSecret}, else for everybody.
   *
   * @param file its path
   * @throws IOException if it cannot be written; what was there stays
   * @throws IllegalArgumentException as {@link #text}
   */
  public void writeTo(Path file) throws IOException {
    ConfigFile.replace(file, text(), hasSecret());
  }

  /**
   * Tells whether the file has a secret, so that others must not read it.
   *
   * @return true if an instance has a password
   */
  public boolean hasSecret() {
    return instances.stream().anyMatch(instance -> instance.authentication().isPresent());
  }

  /**
   * Returns a copy with another set of global settings.
   *
   * @param global what is set for the whole of keepalived
   * @return a copy
   */
  public KeepalivedConfig global(GlobalSettings global) {
    return new KeepalivedConfig(global, scripts, syncGroups, instances, virtualServers);
  }

  /**
   * Returns a copy with another list of scripts.
   *
   * @param scripts the scripts that instances follow
   * @return a copy
   */
  public KeepalivedConfig scripts(List<VrrpScript> scripts) {
    return new KeepalivedConfig(global, scripts, syncGroups, instances, virtualServers);
  }

  /**
   * Returns a copy with another list of sync groups.
   *
   * @param syncGroups the sync groups
   * @return a copy
   */
  public KeepalivedConfig syncGroups(List<SyncGroup> syncGroups) {
    return new KeepalivedConfig(global, scripts, syncGroups, instances, virtualServers);
  }

  /**
   * Returns a copy with another list of instances.
   *
   * @param instances the VRRP instances
   * @return a copy
   */
  public KeepalivedConfig instances(List<VrrpInstance> instances) {
    return new KeepalivedConfig(global, scripts, syncGroups, instances, virtualServers);
  }

  /**
   * Returns a copy with another list of virtual servers.
   *
   * @param virtualServers the virtual servers
   * @return a copy
   */
  public KeepalivedConfig virtualServers(List<VirtualServer> virtualServers) {
    return new KeepalivedConfig(global, scripts, syncGroups, instances, virtualServers);
  }
}
