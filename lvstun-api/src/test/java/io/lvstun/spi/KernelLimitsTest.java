// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelLimitsTest {

  private static final ServiceKey WEB = ServiceKey.tcp("192.0.2.1", 80);

  private static RealServer server(long upper) {
    return new RealServer(IpAddress.parse("198.51.100.1"), 80, Forwarding.TUNNEL, 1, upper, 0);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2_147_483_647L})
  void thresholdThatEveryKernelTakesPasses(long upper) {
    assertThat(KernelLimits.refusal("x", new Command.AddServer(WEB, server(upper)))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {2_147_483_648L, 4_294_967_295L})
  void thresholdThatOnlySomeTakeIsRefusedOfAdditionsAndEdits(long upper) {
    for (Command command :
        List.of(
            new Command.AddServer(WEB, server(upper)),
            new Command.EditServer(WEB, server(upper)))) {
      assertThat(KernelLimits.refusal("netlink", command))
          .hasValueSatisfying(
              e ->
                  assertThat(e)
                      .hasMessageStartingWith(
                          "cannot "
                              + command.operation()
                              + " 198.51.100.1:80 of TCP 192.0.2.1:80 (netlink): upper threshold"
                              + " must be 0 to 2147483647, not "
                              + upper));
    }
  }

  @Test
  void otherCommandsHaveNoThreshold() {
    assertThat(KernelLimits.refusal("x", new Command.Flush())).isEmpty();
    assertThat(
            KernelLimits.refusal("x", new Command.RemoveServer(WEB, server(4_294_967_295L).key())))
        .as("what is there already can always be removed")
        .isEmpty();
  }
}
