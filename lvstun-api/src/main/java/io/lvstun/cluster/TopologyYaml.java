// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import io.lvstun.host.Host;
import io.lvstun.host.SshOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A topology as YAML. */
final class TopologyYaml {

  private static final Set<String> KEYS =
      Stream.concat(
              Stream.of("directors", "realServers", "vantages", "services", "ssh"),
              ControlPlaneForm.KEYS.stream())
          .collect(Collectors.toUnmodifiableSet());
  private static final Set<String> HOST_KEYS = Set.of("host", "name", "address", "addresses");
  private static final Set<String> SSH_KEYS = Set.of("config", "identity");

  private TopologyYaml() {}

  static Topology parse(String yaml, SshOptions given) {
    Object document = Yaml.read("topology", yaml);
    Map<?, ?> root = DocumentValues.map("topology", document);
    DocumentValues.checkKeys("topology", root, KEYS);
    SshOptions options = sshOptions(root.get("ssh"), given);
    Topology.Builder builder = Topology.builder();
    hosts(builder, "directors", root.get("directors"), Role.DIRECTOR, options);
    hosts(builder, "realServers", root.get("realServers"), Role.REAL_SERVER, options);
    hosts(builder, "vantages", root.get("vantages"), Role.VANTAGE, options);
    for (Object service : DocumentValues.list("services", root.get("services"))) {
      builder.service(text("services", service));
    }
    builder.controlPlane(ControlPlaneForm.of(root));
    return builder.build();
  }

  private static SshOptions sshOptions(@Nullable Object value, SshOptions given) {
    if (value == null) {
      return given;
    }
    Map<?, ?> map = DocumentValues.map("ssh", value);
    DocumentValues.checkKeys("ssh", map, SSH_KEYS);
    SshOptions options = given;
    if (map.containsKey("config")) {
      options = options.configuration(Path.of(text("ssh.config", map.get("config"))));
    }
    if (map.containsKey("identity")) {
      options = options.identity(Path.of(text("ssh.identity", map.get("identity"))));
    }
    return options;
  }

  private static void hosts(
      Topology.Builder builder, String key, @Nullable Object value, Role role, SshOptions options) {
    int number = 0;
    for (Object entry : DocumentValues.list(key, value)) {
      String where = key + "[" + number++ + "]";
      if (entry instanceof Map<?, ?> map) {
        DocumentValues.checkKeys(where, map, HOST_KEYS);
        Host host = Host.parse(text(where + ".host", map.get("host")), options);
        List<String> addresses = new ArrayList<>();
        if (map.containsKey("address")) {
          addresses.add(text(where + ".address", map.get("address")));
        }
        for (Object address : DocumentValues.list(where + ".addresses", map.get("addresses"))) {
          addresses.add(text(where + ".addresses", address));
        }
        if (!addresses.isEmpty() && role != Role.REAL_SERVER) {
          throw new IllegalArgumentException(
              where + " must not have addresses: only real servers have them");
        }
        String name =
            map.containsKey("name") ? text(where + ".name", map.get("name")) : host.label();
        switch (role) {
          case DIRECTOR -> builder.director(name, host);
          case REAL_SERVER -> builder.realServer(name, host, addresses.toArray(String[]::new));
          default -> builder.vantage(name, host);
        }
      } else {
        Host host = Host.parse(text(where, entry), options);
        switch (role) {
          case DIRECTOR -> builder.director(host);
          case REAL_SERVER -> builder.realServer(host);
          default -> builder.vantage(host);
        }
      }
    }
  }

  private static String text(String where, @Nullable Object value) {
    if (value instanceof String || value instanceof Number) {
      return value.toString();
    }
    throw new IllegalArgumentException(where + " must be text");
  }
}
