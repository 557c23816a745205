// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.Encapsulation;
import io.lvstun.Scheduler;
import io.lvstun.VirtualService;
import io.lvstun.examples.lab.LabHost;
import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;

/** The service that a director has, by the kind of its tunnels. */
enum Service {
  /** IPv4 in IPv4. */
  IPIP("IP in IP", Encapsulation.ipip(), false, false),
  /** IPv4 in GUE over IPv4. */
  GUE("GUE", Encapsulation.gue(Preparation.GUE_PORT), false, false),
  /** IPv4 in IPv6. */
  IPV4_OVER_IPV6("IPv4 in IPv6", Encapsulation.ipip(), false, true),
  /** IPv6 in IPv4. */
  IPV6_OVER_IPV4("IPv6 in IPv4", Encapsulation.ipip(), true, false);

  private final String text;
  private final Encapsulation encapsulation;
  private final boolean inner6;
  private final boolean outer6;

  Service(String text, Encapsulation encapsulation, boolean inner6, boolean outer6) {
    this.text = text;
    this.encapsulation = encapsulation;
    this.inner6 = inner6;
    this.outer6 = outer6;
  }

  boolean ipv6() {
    return inner6;
  }

  VirtualService on(Topology cluster) {
    VirtualService service =
        VirtualService.tcp(inner6 ? cluster.vip6() : cluster.vip(), 80).scheduler(Scheduler.RR);
    for (LabHost server : cluster.realServers()) {
      service =
          service
              .addRealServer(outer6 ? server.address6() : server.address())
              .tunnel(encapsulation);
    }
    return service;
  }

  @Override
  public String toString() {
    return text;
  }
}
