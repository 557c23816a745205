// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.VirtualService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterStatementTest {

  @Test
  void anyPartMakesAStatement() {
    assertThat(ClusterStatement.UNSTATED.stated()).isFalse();
    VirtualService web = VirtualService.tcp("192.0.2.1", 80);
    assertThat(
            new ClusterStatement(
                    List.of(web), HighAvailability.UNSTATED, Optional.empty(), Optional.empty())
                .stated())
        .isTrue();
    assertThat(
            new ClusterStatement(
                    List.of(), HighAvailability.ECMP, Optional.empty(), Optional.empty())
                .stated())
        .isTrue();
    assertThat(
            new ClusterStatement(
                    List.of(), HighAvailability.UNSTATED, Optional.empty(), Optional.empty())
                .stated())
        .isFalse();
  }

  @Test
  void servicesAreCopied() {
    List<VirtualService> services = new ArrayList<>(List.of(VirtualService.fwmark(1)));
    ClusterStatement statement =
        new ClusterStatement(services, HighAvailability.VRRP, Optional.empty(), Optional.empty());
    services.clear();
    assertThat(statement.desired()).containsExactly(VirtualService.fwmark(1)).isUnmodifiable();
  }
}
