// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.cli;

import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.ServerKey;
import io.lvstun.VirtualService;
import io.lvstun.cluster.ServiceText;
import io.lvstun.keepalived.KeepalivedConfig;
import io.lvstun.keepalived.ServiceChecks;
import io.lvstun.keepalived.VirtualServer;
import io.lvstun.keepalived.VrrpInstance;
import io.lvstun.rules.Rules;
import io.lvstun.rules.RulesForm;
import io.lvstun.rules.RulesText;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The cluster document of what keepalived is configured to do. */
final class ImportedCluster {

  private ImportedCluster() {}

  static String document(KeepalivedConfig config, String source) {
    StringBuilder text = new StringBuilder();
    text.append("# Read from ").append(source.replaceAll("[\\p{Cc}\\p{Cf}]", "?")).append('\n');
    text.append("directors:\n");
    Set<String> directors = new LinkedHashSet<>();
    for (VrrpInstance instance : config.instances()) {
      instance.source().map(IpAddress::format).ifPresent(directors::add);
      instance.peers().stream().map(IpAddress::format).forEach(directors::add);
    }
    if (directors.isEmpty()) {
      text.append("  - local # and the other director, which multicast adverts do not name\n");
    }
    directors.forEach(address -> text.append("  - \"").append(host(address)).append("\"\n"));
    Set<String> servers = new LinkedHashSet<>();
    config.services().stream()
        .flatMap(service -> service.realServers().stream())
        .map(RealServer::address)
        .map(ImportedCluster::format)
        .forEach(servers::add);
    if (!servers.isEmpty()) {
      text.append("realServers:\n");
    }
    for (String address : servers) {
      text.append("  - { host: \"")
          .append(host(address))
          .append("\", address: \"")
          .append(address)
          .append("\" }\n");
    }
    if (!config.instances().isEmpty()) {
      text.append("highAvailability: vrrp\n");
    }
    List<VirtualService> services = config.services();
    if (services.isEmpty()) {
      return text.toString();
    }
    text.append("services:\n");
    services.forEach(
        service -> text.append("  - \"").append(ServiceText.format(service.key())).append("\"\n"));
    RulesText rules = Rules.write(services, RulesForm.COMPLETE);
    text.append("desired: |\n");
    rules.text().lines().forEach(line -> text.append("  ").append(line).append('\n'));
    rules.losses().forEach(loss -> text.append("# desired lacks ").append(loss).append('\n'));
    return text.toString() + checks(config);
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

  private static String host(String address) {
    return "ssh://" + (address.indexOf(':') >= 0 ? '[' + address + ']' : address);
  }

  private static String format(InetAddress address) {
    return IpAddress.format(address);
  }
}
