// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli.option;

import io.lvstun.IpAddress;
import io.lvstun.cluster.Node;
import io.lvstun.cluster.Role;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.repair.Preparation;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Which hosts are prepared, or unprepared, for which role.
 *
 * @since 0.1.0
 */
public final class RoleOptions {

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ROLE",
      description = {
        "director or real-server. Hosts are named with --director and --real-server; without any,"
            + " it is this one. Without a role, all hosts that are named."
      })
  private @Nullable String role;

  @Mixin private TopologyOptions hosts = new TopologyOptions();

  /** The role that was named; null for both. */
  public @Nullable Role role() {
    if (role == null) {
      return null;
    }
    return switch (role) {
      case "director" -> Role.DIRECTOR;
      case "real-server" -> Role.REAL_SERVER;
      default ->
          throw new ParameterException(
              spec.commandLine(), "ROLE must be director or real-server, not " + role);
    };
  }

  /** The hosts. */
  public Topology topology(InputStream in) {
    return hosts.stated(in, role());
  }

  /** A preparation for each host and role: real servers before directors, as it must be. */
  public List<Preparation> preparations(Topology topology) {
    List<Preparation> all = new ArrayList<>();
    for (Role each : List.of(Role.REAL_SERVER, Role.DIRECTOR)) {
      if (role() != null && role() != each) {
        continue;
      }
      for (Node node : topology.nodes(each)) {
        Preparation preparation =
            each == Role.DIRECTOR
                ? Preparation.director(node.host())
                : Preparation.realServer(node.host());
        all.add(
            preparation
                .named(node.name())
                .vip(topology.addresses().stream().map(IpAddress::format).toArray(String[]::new)));
      }
    }
    if (all.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "no host of this role is named: --director or --real-server");
    }
    return all;
  }
}
