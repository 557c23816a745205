// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.doctor;

import io.lvstun.examples.lab.HttpAnswer;
import io.lvstun.examples.lab.Topology;
import java.time.Duration;
import java.util.List;

/** What clients send, to see whether they are served. */
enum Traffic {
  /** A request to each real server, over IPv4. */
  REQUESTS {
    @Override
    List<HttpAnswer> send(Topology cluster, Duration patience) {
      return cluster
          .client()
          .get(cluster.vipUrl(), cluster.realServers().size(), patience)
          .answers();
    }
  },
  /** A request to each real server, over IPv6. */
  REQUESTS6 {
    @Override
    List<HttpAnswer> send(Topology cluster, Duration patience) {
      return cluster
          .client()
          .get(cluster.vip6Url(), cluster.realServers().size(), patience)
          .answers();
    }
  },
  /** Uploads that take many full packets, one to each real server. */
  UPLOADS {
    @Override
    List<HttpAnswer> send(Topology cluster, Duration patience) {
      return cluster.realServers().stream()
          .map(server -> cluster.client().upload(cluster.vipUrl(), BYTES, patience))
          .toList();
    }
  };

  /** Long enough for what flows; what is dropped is waited for in vain. */
  static final Duration SHORT = Duration.ofSeconds(2);

  private static final long BYTES = 60_000;

  /**
   * Sends it.
   *
   * @param patience how long one request may take
   * @return what came back
   */
  abstract List<HttpAnswer> send(Topology cluster, Duration patience);

  /** Whether all of it was answered. */
  boolean flows(Topology cluster, Duration patience) {
    return send(cluster, patience).stream().allMatch(HttpAnswer::ok);
  }
}
