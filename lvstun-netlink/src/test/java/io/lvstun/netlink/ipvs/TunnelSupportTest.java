// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Capability;
import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.Encapsulation;
import io.lvstun.RealServer;
import io.lvstun.UnsupportedException;
import io.lvstun.spi.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Kernels with and without types of tunnel. */
class TunnelSupportTest extends OnFakeKernel {

  private static final RealServer GUE =
      RealServer.tunnel("198.51.100.2", Encapsulation.gue(6080)).port(80);

  @Test
  void kernelWithoutTypesOfTunnelIsNotAskedForOne() {
    FakeKernel old = new FakeKernel();
    old.tunnelTypes = false;
    try (NetlinkDriver onOld = new NetlinkDriver(old, Duration.ofSeconds(1), "4.19.0-27-amd64")) {
      assertThat(onOld.missing()).containsOnlyKeys(Capability.TUNNEL_ENCAPSULATION);
      List<Outcome> outcomes =
          onOld.execute(
              List.of(
                  new Command.AddService(WEB),
                  new Command.AddServer(WEB.key(), GUE),
                  new Command.AddServer(WEB.key(), SERVER)));
      assertThat(outcomes.get(0).error()).isNull();
      assertThat(outcomes.get(1).error())
          .isInstanceOf(UnsupportedException.class)
          .hasMessageContaining("Linux 5.2");
      assertThat(outcomes.get(2).error()).isNull();
    }
  }

  @Test
  void whatTheKernelReportsCountsMoreThanItsVersion() {
    FakeKernel patched = new FakeKernel();
    try (NetlinkDriver driver = new NetlinkDriver(patched, Duration.ofSeconds(1), "4.18.0-el8")) {
      assertThat(driver.missing()).isNotEmpty();
      patched.change(new Command.AddService(WEB), new Command.AddServer(WEB.key(), SERVER));
      assertThat(driver.services(Consistency.SINGLE_PASS)).hasSize(1);
      assertThat(driver.missing()).isEmpty();
      assertThat(driver.execute(List.of(new Command.AddServer(WEB.key(), GUE))).get(0).error())
          .isNull();
    }
  }
}
