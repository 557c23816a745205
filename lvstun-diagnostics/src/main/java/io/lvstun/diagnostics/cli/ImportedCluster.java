// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.cluster.ClusterDocument;
import io.lvstun.cluster.HighAvailability;
import io.lvstun.cluster.ServiceText;
import io.lvstun.cluster.Topology;
import io.lvstun.host.Host;
import io.lvstun.keepalived.KeepalivedConfig;
import io.lvstun.keepalived.ServiceChecks;
import io.lvstun.keepalived.VirtualServer;
import io.lvstun.keepalived.VrrpInstance;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** The cluster document of what keepalived is configured to do. */
final class ImportedCluster {

  private ImportedCluster() {}

  static String document(KeepalivedConfig config, String source) {
    Topology.Builder builder = Topology.builder();
    Set<InetAddress> directors = new LinkedHashSet<>();
    for (VrrpInstance instance : config.instances()) {
      instance.source().ifPresent(directors::add);
      directors.addAll(instance.peers());
    }
    directors.forEach(address -> builder.director(host(address)));
    if (directors.isEmpty()) {
      builder.director(Host.local());
    }
    config.services().stream()
        .flatMap(service -> service.realServers().stream())
        .map(RealServer::address)
        .distinct()
        .forEach(
            address ->
                builder.realServer(
                    IpAddress.format(address), host(address), IpAddress.format(address)));
    config.services().forEach(builder::desired);
    if (!config.instances().isEmpty()) {
      builder.highAvailability(HighAvailability.VRRP);
    }
    return "# Read from "
        + ForeignText.printable(source)
        + "\n"
        + ClusterDocument.write(builder.build())
        + (directors.isEmpty()
            ? "# Add the other director to directors: multicast adverts do not name it.\n"
            : "")
        + checks(config);
  }

  /** A cluster document has no health checks. */
  private static String checks(KeepalivedConfig config) {
    StringBuilder text = new StringBuilder();
    for (VirtualServer server : config.virtualServers()) {
      ServiceChecks all = ServiceChecks.of(server);
      String service = ServiceText.format(server.service().key());
      all.checks()
          .forEach(
              (key, list) ->
                  list.forEach(each -> text.append(line(service, key, each)).append('\n')));
      all.gaps()
          .forEach(
              gap ->
                  text.append("# Differs: ").append(service).append(' ').append(gap).append('\n'));
    }
    return text.isEmpty()
        ? ""
        : "# Health checks, for a controller (io.lvstun.keepalived.ServiceChecks):\n" + text;
  }

  private static String line(String service, ServerKey key, ServiceChecks.ServerCheck each) {
    return String.format(
        Locale.ROOT,
        "# %s %s: %s, every %s, %d retries",
        service,
        key,
        each.check().describe(),
        each.policy().pace().interval().toString().substring(2).toLowerCase(Locale.ROOT),
        each.policy().thresholds().fall() - 1);
  }

  private static Host host(InetAddress address) {
    String text = IpAddress.format(address);
    return Host.parse("ssh://" + (text.indexOf(':') >= 0 ? '[' + text + ']' : text));
  }
}
