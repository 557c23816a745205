// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One description of all directors of a cluster, from which each director's configuration comes.
 *
 * <pre>{@code
 * Map<String, KeepalivedConfig> files =
 *     KeepalivedCluster.of(VrrpInstance.of("VI_1", "eth0", 51).password("1111").addAddress("192.168.1.200"))
 *         .directors(KeepalivedDirector.of("LVS_MASTER", 100), KeepalivedDirector.of("LVS_BACKUP", 90))
 *         .virtualServers(VirtualServer.of(web).checkEach(Checker.tcp()))
 *         .configs();
 * }</pre>
 *
 * <p>The director of the highest priority begins as MASTER, unless preemption is off or delayed:
 * keepalived clears both for an instance that begins so, and all begin as BACKUP. With addresses of
 * the directors adverts go by unicast, else by multicast. Immutable.
 *
 * @since 0.1.0
 */
public final class KeepalivedCluster {

  private final KeepalivedConfig common;
  private final List<KeepalivedDirector> directors;

  private KeepalivedCluster(KeepalivedConfig common, List<KeepalivedDirector> directors) {
    this.common = common;
    this.directors = directors;
  }

  /**
   * Returns a cluster without directors.
   *
   * @param instances the VRRP instances; priority, state, source, peers and perhaps the interface
   *     come from the directors
   * @return the cluster
   */
  public static KeepalivedCluster of(VrrpInstance... instances) {
    Objects.requireNonNull(instances, "instances");
    return new KeepalivedCluster(KeepalivedConfig.EMPTY.instances(List.of(instances)), List.of());
  }

  /**
   * Returns a copy with these directors.
   *
   * @param directors the directors
   * @return a copy
   */
  public KeepalivedCluster directors(KeepalivedDirector... directors) {
    Objects.requireNonNull(directors, "directors");
    return new KeepalivedCluster(common, List.of(directors));
  }

  /**
   * Returns a copy with these virtual servers.
   *
   * @param servers what every director serves
   * @return a copy
   */
  public KeepalivedCluster virtualServers(VirtualServer... servers) {
    Objects.requireNonNull(servers, "servers");
    return new KeepalivedCluster(common.virtualServers(List.of(servers)), directors);
  }

  /**
   * Returns a copy with other global settings.
   *
   * @param global what every director has; the router id is the director's name
   * @return a copy
   */
  public KeepalivedCluster global(GlobalSettings global) {
    return new KeepalivedCluster(common.global(global), directors);
  }

  /**
   * Returns a copy with these scripts.
   *
   * @param scripts what instances may follow
   * @return a copy
   */
  public KeepalivedCluster scripts(VrrpScript... scripts) {
    Objects.requireNonNull(scripts, "scripts");
    return new KeepalivedCluster(common.scripts(List.of(scripts)), directors);
  }

  /**
   * Returns a copy whose instances change their state together.
   *
   * @param name the name of the sync group
   * @return a copy
   * @throws IllegalArgumentException if the name cannot be written
   */
  public KeepalivedCluster syncGroup(String name) {
    List<String> names = common.instances().stream().map(VrrpInstance::name).toList();
    return new KeepalivedCluster(common.syncGroups(List.of(new SyncGroup(name, names))), directors);
  }

  /**
   * Returns the configuration of each director.
   *
   * @return the configurations by the director's name, in the order of the directors
   * @throws IllegalArgumentException if there is no director, two have the same name, or the
   *     priorities, names, ids and addresses do not fit together; the message says which
   */
  public Map<String, KeepalivedConfig> configs() {
    check();
    Map<String, KeepalivedConfig> configs = new LinkedHashMap<>();
    for (KeepalivedDirector director : directors) {
      List<VrrpInstance> instances =
          common.instances().stream().map(instance -> of(director, instance)).toList();
      configs.put(
          director.name(),
          common.global(common.global().routerId(director.name())).instances(instances));
    }
    return configs;
  }

  private VrrpInstance of(KeepalivedDirector director, VrrpInstance instance) {
    int own = director.priorityIn(instance.name());
    int highest =
        directors.stream().mapToInt(one -> one.priorityIn(instance.name())).max().orElse(own);
    boolean master = own == highest && instance.preempt() && instance.preemptDelay().isZero();
    VrrpInstance made =
        instance
            .priority(own)
            .state(master ? VrrpInstance.State.MASTER : VrrpInstance.State.BACKUP);
    if (director.interfaceName().isPresent()) {
      made =
          new VrrpInstance(
              made.name(),
              director.interfaceName().get(),
              made.virtualRouterId(),
              made.state(),
              made.priority(),
              made.advertInterval(),
              made.version(),
              made.authentication(),
              made.source(),
              made.peers(),
              made.preempt(),
              made.preemptDelay(),
              made.addresses(),
              made.excludedAddresses(),
              made.trackedInterfaces(),
              made.trackedScripts());
    }
    if (director.address().isEmpty()) {
      return made;
    }
    List<InetAddress> peers =
        directors.stream()
            .filter(one -> !one.name().equals(director.name()))
            .flatMap(one -> one.address().stream())
            .toList();
    return made.source(director.address().get()).peers(peers);
  }

  private void check() {
    if (directors.isEmpty()) {
      throw new IllegalArgumentException("a cluster needs a director");
    }
    distinct("director", directors.stream().map(KeepalivedDirector::name));
    distinct("vrrp_instance", common.instances().stream().map(VrrpInstance::name));
    distinct(
        "virtual_router_id on one interface",
        common.instances().stream().map(one -> one.interfaceName() + ' ' + one.virtualRouterId()));
    distinct(
        "virtual address",
        common.instances().stream()
            .flatMap(one -> one.addresses().stream())
            .map(one -> IpAddress.format(one.address())));
    distinct(
        "virtual_server",
        common.virtualServers().stream().map(one -> one.service().key().toString()));
    long withAddress = directors.stream().filter(one -> one.address().isPresent()).count();
    if (withAddress != 0 && withAddress != directors.size()) {
      throw new IllegalArgumentException(
          "either all directors have an address (unicast) or none has (multicast), not "
              + withAddress
              + " of "
              + directors.size());
    }
    for (VrrpInstance instance : common.instances()) {
      distinct(
          "priority in " + instance.name(),
          directors.stream().map(one -> String.valueOf(one.priorityIn(instance.name()))));
    }
    names("track_script", scriptsFollowed(), common.scripts().stream().map(VrrpScript::name));
    names(
        "lvs_sync_daemon inst",
        common.global().syncDaemon().flatMap(SyncDaemonSetting::instance).stream(),
        common.instances().stream().map(VrrpInstance::name));
    names(
        "priority of an instance",
        directors.stream().flatMap(one -> one.priorities().keySet().stream()),
        common.instances().stream().map(VrrpInstance::name));
  }

  private Stream<String> scriptsFollowed() {
    return common.instances().stream()
        .flatMap(one -> one.trackedScripts().stream())
        .map(VrrpInstance.TrackedScript::name);
  }

  private static void distinct(String what, Stream<String> values) {
    Set<String> seen = new HashSet<>();
    values.forEach(
        value -> {
          if (!seen.add(value)) {
            throw new IllegalArgumentException(what + " " + value + " is there twice");
          }
        });
  }

  private static void names(String what, Stream<String> used, Stream<String> present) {
    List<String> known = present.toList();
    used.filter(name -> !known.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  what + " names " + name + ", but there are only " + known);
            });
  }

  /** Returns the names of the directors and of the instances. */
  @Override
  public String toString() {
    return Arrays.toString(directors.stream().map(KeepalivedDirector::name).toArray())
        + " "
        + new ArrayList<>(common.instances().stream().map(VrrpInstance::name).toList());
  }
}
