// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.IpAddress;
import io.lvstun.cluster.Node;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.CollectionRequest;
import io.lvstun.diagnostics.facts.Collector;
import io.lvstun.diagnostics.facts.HostFacts;
import io.lvstun.diagnostics.facts.ipvs.IpvsTable;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.host.Host;
import io.lvstun.host.SshOptions;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the real servers of directors in their tables. They are reached over ssh at the addresses
 * that the directors send to; an address that a director itself has is that director.
 */
final class Discovery {

  private static final Pattern SSH_USER = Pattern.compile("ssh://(?<user>[^@]+)@.*");

  private final @Nullable String user;
  private final SshOptions options;
  private final CollectionRequest request;

  private Discovery(@Nullable String user, SshOptions options, CollectionRequest request) {
    this.user = user;
    this.options = options;
    this.request = request;
  }

  /**
   * Prepares.
   *
   * @param user the user on real servers; null for that on the director
   * @param deadline how long a director may take
   */
  static Discovery of(@Nullable String user, SshOptions options, Duration deadline) {
    return new Discovery(
        user, options, CollectionRequest.DEFAULTS.sample(Duration.ZERO).deadline(deadline));
  }

  /** Asks the directors of a topology, and adds the real servers that they name. */
  void addTo(Topology.Builder builder) {
    Collector collector = Collector.create();
    Map<InetAddress, Host> found = new LinkedHashMap<>();
    for (Node director : builder.build().nodes(Role.DIRECTOR)) {
      HostFacts facts = collector.collect(director.host(), request);
      List<InetAddress> own =
          facts.addresses().known().orElse(List.of()).stream().map(Address::address).toList();
      for (ServiceState service : facts.ipvs().known().map(IpvsTable::services).orElse(List.of())) {
        for (ServerState server : service.servers()) {
          InetAddress address = server.definition().address();
          if (own.contains(address)) {
            found.put(address, director.host());
          } else if (!found.containsKey(address)) {
            found.put(address, Host.ssh(target(director.host(), address), options));
          }
        }
      }
    }
    for (Map.Entry<InetAddress, Host> entry : found.entrySet()) {
      String address = IpAddress.format(entry.getKey());
      boolean isDirector =
          builder.build().nodes().stream()
              .anyMatch(
                  node -> node.host().specification().equals(entry.getValue().specification()));
      if (isDirector) {
        builder.realServer(entry.getValue());
      } else {
        builder.realServer(address, entry.getValue(), address);
      }
    }
  }

  private String target(Host director, InetAddress address) {
    Optional<String> name = Optional.ofNullable(user);
    if (name.isEmpty()) {
      Matcher matcher = SSH_USER.matcher(director.specification());
      name = matcher.matches() ? Optional.of(matcher.group("user")) : Optional.empty();
    }
    String text = IpAddress.format(address);
    return "ssh://"
        + name.map(known -> known + "@").orElse("")
        + (text.indexOf(':') >= 0 ? "[" + text + "]" : text);
  }
}
