// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.script.BundledText;
import io.lvstun.diagnostics.script.HostScripts;
import io.lvstun.host.CommandResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Opens TCP connections from vantage hosts. */
final class Connections {

  static final String CONNECT = "probe.connect";
  static final String TRANSFER = "probe.transfer";

  /** As many services at once are asked for as this, and connections each. */
  static final int MOST_SERVICES = 8;

  static final int LEAST_EACH = 4;
  static final int MOST_EACH = 16;
  private static final Duration GRACE = Duration.ofSeconds(12);
  private static final int MOST_OUTPUT = 1 << 20;

  private static final String SCRIPT =
      HostScripts.polyglot(
          BundledText.beside(Connections.class, "connect.sh"),
          BundledText.beside(Connections.class, "connect.pl"),
          BundledText.beside(Connections.class, "connect.py"));

  private Connections() {}

  /** The vantage hosts that answered. */
  static List<Member> vantages(Cluster cluster) {
    return cluster.members(Role.VANTAGE).stream()
        .filter(member -> member.facts().failure().isEmpty())
        .toList();
  }

  /** The services that TCP can be tried on. */
  static List<ServiceKey.Endpoint> services(Cluster cluster) {
    List<ServiceKey.Endpoint> services = new ArrayList<>();
    for (ServiceKey key : cluster.serviceKeys()) {
      if (key instanceof ServiceKey.Endpoint endpoint
          && endpoint.protocol().equals(Protocol.TCP)
          && endpoint.port() != 0
          && services.size() < MOST_SERVICES) {
        services.add(endpoint);
      }
    }
    return services;
  }

  /** Connections to try, so that every server gets some with the usual schedulers. */
  static int each(Cluster cluster, ServiceKey service, int least) {
    int servers = 0;
    for (Member director : cluster.members(Role.DIRECTOR)) {
      servers =
          Math.max(
              servers,
              (int)
                  cluster.usesBy(director).stream()
                      .filter(use -> use.service().key().equals(service))
                      .count());
    }
    return Math.min(MOST_EACH, Math.max(least, 2 * servers));
  }

  /**
   * Opens connections from a host.
   *
   * @param bytes how much to send over each; 0 for a short request
   * @param least how many connections to each service at least
   */
  static Section run(
      Member vantage,
      String name,
      Cluster cluster,
      List<ServiceKey.Endpoint> services,
      Duration connect,
      Duration answer,
      int bytes,
      int least) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Long.toString(connect.toMillis()));
    arguments.add(Long.toString(answer.toMillis()));
    arguments.add(Integer.toString(bytes));
    for (ServiceKey.Endpoint service : services) {
      arguments.add(IpAddress.format(service.address()));
      arguments.add(Integer.toString(service.port()));
      arguments.add(Integer.toString(each(cluster, service, least)));
    }
    String source = "TCP connections from " + vantage.name();
    try {
      CommandResult result =
          vantage
              .node()
              .host()
              .run(
                  HostScripts.command(SCRIPT, arguments)
                      .deadline(connect.plus(answer).plus(GRACE))
                      .maxOutput(MOST_OUTPUT));
      if (result.timedOut() || result.truncated()) {
        return Section.unreadable(name, source, "the probe took too long, or said too much");
      }
      if (!result.successful()) {
        return Section.unreadable(
            name,
            source,
            result.errors().isBlank()
                ? "the probe ended with status " + result.exitCode()
                : result.errors().strip());
      }
      return Section.read(name, source, result.output());
    } catch (LvsException e) {
      return Section.unreadable(name, source, e.reason());
    }
  }
}
