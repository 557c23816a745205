// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Command;
import io.lvstun.RealServer;
import io.lvstun.VirtualService;
import io.lvstun.spi.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** A driver on a kernel that does what the test wants, and does not do what it should. */
abstract class OnFakeKernel {

  static final VirtualService WEB = VirtualService.tcp("192.0.2.1", 80);
  static final RealServer SERVER = RealServer.tunnel("198.51.100.1").port(80);

  final FakeKernel kernel = new FakeKernel();
  final NetlinkDriver driver = new NetlinkDriver(kernel, Duration.ofMillis(150), "6.12.1");

  @AfterEach
  void noSocketIsLeft() {
    driver.close();
    assertThat(kernel.openSockets()).isZero();
  }

  final List<Outcome> execute(Command... commands) {
    return driver.execute(List.of(commands));
  }

  final void done(Command... commands) {
    assertThat(execute(commands)).extracting(Outcome::error).containsOnlyNulls();
  }

  static List<Command> services(int count) {
    return IntStream.range(0, count)
        .<Command>mapToObj(i -> new Command.AddService(VirtualService.udp("192.0.2.9", i + 1)))
        .toList();
  }
}
