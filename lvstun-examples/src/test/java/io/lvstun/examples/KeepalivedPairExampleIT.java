// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.examples.lab.Preparation;
import io.lvstun.examples.lab.Topology;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two directors under keepalived: the master dies, and nobody notices. */
class KeepalivedPairExampleIT {

  @Test
  void theBackupTakesOver() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    try (Topology cluster =
        Topology.routed(2)
            .directors(2)
            .vipOnDirector(false)
            .prepare(Preparation.tunnel())
            .start()) {
      int status =
          KeepalivedPairExample.runner().run(new Stage(cluster, Optional.empty(), stream), stream);
      String printed = out.toString(StandardCharsets.UTF_8);
      assertThat(printed)
          .contains("state MASTER", "state BACKUP", "unicast_peer", "lvs_sync_daemon eth0")
          .contains("director is master, director2 is backup.")
          .containsPattern("director2 is master \\d+\\.\\d seconds later\\.")
          .contains("VERDICT: it works. ");
      assertThat(status).isZero();
      // keepalived has ended with the example, and took its addresses and services with it.
      assertThat(cluster.director(2).run("ip", "-4", "address", "show", "to", cluster.vip()))
          .isEmpty();
      assertThat(cluster.client().get(cluster.vipUrl(), 1, Duration.ofSeconds(2)).failures())
          .hasSize(1);
    }
  }
}
