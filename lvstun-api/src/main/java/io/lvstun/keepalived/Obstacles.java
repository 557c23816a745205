// SPDX-License-Identifier: Apache-2.0
package io.lvstun.keepalived;

import java.net.Inet6Address;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what each value allows by itself, and keepalived refuses or changes in one file. */
final class Obstacles {

  private Obstacles() {}

  static Optional<String> first(KeepalivedConfig config) {
    Stream<String> ofServers =
        config.virtualServers().stream()
            .filter(server -> server.service().realServers().isEmpty())
            .map(server -> "virtual server " + server.service().key() + " has no real server");
    Stream<String> ofInstances =
        config.instances().stream().flatMap(instance -> of(instance, config));
    return Stream.concat(ofServers, ofInstances).findFirst();
  }

  private static Stream<String> of(VrrpInstance instance, KeepalivedConfig config) {
    boolean six =
        instance.addresses().stream().anyMatch(one -> one.address() instanceof Inet6Address);
    boolean second = instance.version().orElse(six ? 3 : 2) == 2;
    String name = "instance " + instance.name();
    return Stream.of(
            second && instance.advertInterval().toNanos() % 1_000_000_000L != 0
                ? name + " has VRRP version 2, whose advert_int is whole seconds"
                : "",
            !second && instance.authentication().isPresent()
                ? name + " has VRRP version 3, which has no authentication"
                : "",
            instance.trackedInterfaces().contains(instance.interfaceName())
                ? name + " tracks its own interface, which it does anyhow"
                : "",
            weighs(instance, config)
                ? name + " is in a sync group, which takes no script with a weight"
                : "")
        .filter(text -> !text.isEmpty());
  }

  private static boolean weighs(VrrpInstance instance, KeepalivedConfig config) {
    boolean grouped =
        config.syncGroups().stream().anyMatch(group -> group.instances().contains(instance.name()));
    return grouped
        && instance.trackedScripts().stream()
            .anyMatch(
                one -> one.weight().or(() -> weight(one.name(), config.scripts())).orElse(0) != 0);
  }

  private static Optional<Integer> weight(String name, List<VrrpScript> scripts) {
    return scripts.stream()
        .filter(script -> script.name().equals(name))
        .findFirst()
        .flatMap(VrrpScript::weight);
  }
}
