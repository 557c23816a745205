// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.ServiceKey;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Member;
import io.lvstun.diagnostics.script.HostFanOut;
import java.time.Duration;
import java.util.List;

/** Connects to the services as clients do, and asks for something. */
final class ConnectProbe implements Probe {

  private final Duration connect;
  private final Duration answer;

  ConnectProbe(Duration connect, Duration answer) {
    this.connect = connect;
    this.answer = answer;
  }

  @Override
  public String code() {
    return Codes.CONNECT_FROM_VANTAGE;
  }

  @Override
  public List<Observation> observe(Cluster cluster) {
    List<Member> vantages = Connections.vantages(cluster);
    List<ServiceKey.Endpoint> services = Connections.services(cluster);
    return new HostFanOut("probe the cluster", "")
        .each(
            vantages,
            vantage ->
                new Observation(
                    vantage.name(),
                    services.isEmpty()
                        ? Section.absent(Connections.CONNECT, "there is no TCP service with a port")
                        : Connections.run(
                            vantage,
                            Connections.CONNECT,
                            cluster,
                            services,
                            connect,
                            answer,
                            0,
                            Connections.LEAST_EACH)));
  }
}
