// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.script.HostFanOut;
import java.time.Duration;
import java.util.List;

/**
 * Sends 64 kB over each connection, in packets that must not be fragmented, and notes the size of
 * segments that the real servers have announced.
 */
final class TransferProbe implements Probe {

  private static final int BYTES = 65536;

  private final Duration connect;
  private final Duration answer;

  TransferProbe(Duration connect, Duration answer) {
    this.connect = connect;
    this.answer = answer;
  }

  @Override
  public String code() {
    return Codes.LARGE_TRANSFER;
  }

  @Override
  public List<Observation> observe(Cluster cluster) {
    return new HostFanOut("probe the cluster", "")
        .each(
            Connections.vantages(cluster),
            vantage -> new Observation(vantage.name(), transfer(cluster, vantage)));
  }

  private Section transfer(Cluster cluster, Member vantage) {
    List<ServiceKey.Endpoint> services =
        Connections.services(cluster).stream().filter(service -> opens(vantage, service)).toList();
    return services.isEmpty()
        ? Section.absent(Connections.TRANSFER, "no connection comes about to send anything over")
        : Connections.run(
            vantage,
            Connections.TRANSFER,
            cluster,
            services,
            connect,
            answer,
            BYTES,
            Connections.LEAST_EACH);
  }

  /** Whether a connection came about; where that was not tried, it may. */
  private static boolean opens(Member vantage, ServiceKey.Endpoint service) {
    String address = IpAddress.format(service.address());
    List<ConnectionAttempt> attempts =
        vantage
            .facts()
            .understand(Connections.CONNECT, ConnectionAttempt::parse)
            .known()
            .orElse(List.of())
            .stream()
            .filter(
                attempt -> attempt.address().equals(address) && attempt.port() == service.port())
            .toList();
    return attempts.isEmpty() || attempts.stream().anyMatch(each -> each.outcome().opened());
  }
}
