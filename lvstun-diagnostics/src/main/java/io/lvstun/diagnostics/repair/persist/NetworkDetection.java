// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.repair.persist;

import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.machine.Identity;
import io.lvstun.diagnostics.facts.section.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who configures the network of a host, as its facts tell: who runs, and whose files there are. One
 * or nobody, never two: when it cannot be told, nothing is written.
 *
 * @param configuration who does; empty if nobody, or if it cannot be told
 * @param reason why it is empty
 */
record NetworkDetection(Optional<NetworkConfiguration> configuration, String reason) {

  private static final Pattern PROCESS =
      Pattern.compile("^/proc/(\\d+)/comm:(NetworkManager|systemd-network\\S*)$");
  private static final Pattern NAMESPACE =
      Pattern.compile("/proc/(\\d+)/ns/net -> (net:\\[\\d+\\])");
  private static final Pattern STANZA =
      Pattern.compile("(?m)^\\s*iface\\s+(?!lo\\b)[A-Za-z0-9_.:-]+\\s");

  static NetworkDetection of(HostFacts facts) {
    Fact<Map<String, String>> files = facts.configuration();
    if (files.known().isEmpty()) {
      return unknown(files.reason());
    }
    Set<String> running = running(facts);
    boolean stanzas = false;
    boolean interfaces = false;
    boolean ifcfg = false;
    boolean networks = false;
    boolean connections = false;
    for (Map.Entry<String, String> file : files.get().entrySet()) {
      String path = file.getKey();
      if (file.getValue().contains(FileFormat.HEADER)) {
        continue;
      }
      if (path.startsWith("/etc/network/interfaces")) {
        interfaces = true;
        stanzas |= STANZA.matcher(file.getValue()).find();
      }
      ifcfg |=
          path.startsWith("/etc/sysconfig/network-scripts/ifcfg-") && !path.endsWith("/ifcfg-lo");
      networks |= path.endsWith(".network");
      connections |= path.endsWith(".nmconnection");
    }
    if (stanzas) {
      return of(NetworkConfiguration.IFUPDOWN);
    }
    boolean manager = running.contains("NetworkManager");
    boolean networkd = running.contains("systemd-network");
    if (manager && networkd) {
      if (networks != connections) {
        return of(networks ? NetworkConfiguration.NETWORKD : NetworkConfiguration.NETWORK_MANAGER);
      }
      return unknown("systemd-networkd and NetworkManager both run, and either may be the one");
    }
    if (manager) {
      return of(NetworkConfiguration.NETWORK_MANAGER);
    }
    if (networkd) {
      return of(NetworkConfiguration.NETWORKD);
    }
    List<NetworkConfiguration> candidates = new ArrayList<>();
    if (interfaces) {
      candidates.add(NetworkConfiguration.IFUPDOWN);
    }
    if (ifcfg) {
      candidates.add(NetworkConfiguration.IFCFG);
    }
    if (candidates.size() == 1) {
      return of(candidates.get(0));
    }
    return unknown(
        candidates.isEmpty()
            ? "none of systemd-networkd, NetworkManager, ifupdown and network-scripts was found"
            : "there are files of ifupdown and of network-scripts, and either may be used");
  }

  /** The managers that run in the host's own network namespace. */
  private static Set<String> running(HostFacts facts) {
    String text = facts.text("process").known().orElse("");
    String own = facts.identity().known().map(Identity::networkNamespace).orElse("");
    Map<String, String> namespaces = new java.util.HashMap<>();
    Matcher namespace = NAMESPACE.matcher(text);
    while (namespace.find()) {
      namespaces.put(namespace.group(1), namespace.group(2));
    }
    Set<String> running = new TreeSet<>();
    for (String line : text.lines().toList()) {
      Matcher process = PROCESS.matcher(line);
      if (process.matches()) {
        String theirs = namespaces.getOrDefault(process.group(1), own);
        if (own.isEmpty() || theirs.equals(own)) {
          running.add(
              process.group(2).startsWith("systemd") ? "systemd-network" : process.group(2));
        }
      }
    }
    return running;
  }

  private static NetworkDetection of(NetworkConfiguration configuration) {
    return new NetworkDetection(Optional.of(configuration), "");
  }

  private static NetworkDetection unknown(String reason) {
    return new NetworkDetection(Optional.empty(), reason);
  }
}
