// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.LvsException;
import io.lvstun.network.GuePort;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import io.lvstun.spi.KernelError;
import io.lvstun.spi.NetworkSubject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each error number on each request about the host's network, from a kernel that says it. */
final class RouteErrorTableTest {

  private final ScriptedKernel kernel = new ScriptedKernel();
  private final NetlinkHostNetwork network = new NetlinkHostNetwork(kernel, Duration.ofMillis(50));

  private Map<NetworkSubject, Map<String, Runnable>> requests() {
    Map<NetworkSubject, Map<String, Runnable>> all = new LinkedHashMap<>();
    all.put(
        NetworkSubject.LINK,
        Map.of(
            "create tunnel", () -> network.createTunnel(Tunnel.ipip("lvs0")),
            "set up link", () -> network.setUp("eth0", true),
            "set the mtu of link", () -> network.setMtu("eth0", 1500)));
    all.put(
        NetworkSubject.ROUTE,
        Map.of(
            "add route", () -> network.addRoute(Route.via("192.0.2.0/24", "198.51.100.1")),
            "remove route", () -> network.removeRoute(Route.via("192.0.2.0/24", "198.51.100.1"))));
    all.put(
        NetworkSubject.RULE,
        Map.of(
            "add rule", () -> network.addMarkRule(MarkRule.of(7, 100)),
            "remove rule", () -> network.removeMarkRule(MarkRule.of(7, 100))));
    all.put(
        NetworkSubject.GUE_PORT,
        Map.of(
            "open GUE", () -> network.openGuePort(GuePort.of(6080)),
            "close GUE", () -> network.closeGuePort(GuePort.of(6080))));
    return all;
  }

  @ParameterizedTest
  @EnumSource(
      value = KernelError.class,
      mode = EnumSource.Mode.EXCLUDE,
      // An interrupted or overflowed exchange has no answer, which is looked for in the state.
      names = {"EINTR", "ENOBUFS"})
  void everyRequestSaysWhatTheTableSays(KernelError error) {
    requests()
        .forEach(
            (subject, those) ->
                those.forEach(
                    (operation, request) -> {
                      kernel.forget();
                      for (int i = 0; i < 4; i++) {
                        kernel.then(ScriptedKernel.error(error.number(), ""));
                      }
                      LvsException told = catchThrowableOfType(LvsException.class, request::run);
                      assertThat(told).as("%s of %s", error, operation).isNotNull();
                      LvsException expected =
                          KernelError.refused(
                              "netlink", subject, operation, told.target(), error.number(), "");
                      assertThat(told)
                          .as("%s of %s", error, operation)
                          .isExactlyInstanceOf(expected.getClass())
                          .hasMessageStartingWith(
                              "cannot " + operation + ' ' + told.target() + " (netlink): ");
                      assertThat(told.reason()).isEqualTo(expected.reason());
                      assertThat(told.hint()).isEqualTo(expected.hint());
                      assertThat(told.code()).hasValue(error.number());
                    }));
  }

  @ParameterizedTest
  @EnumSource(KernelError.class)
  void socketThatCannotBeOpenedSaysWhatTheTableSays(KernelError error) {
    kernel.openErrno = error.number();
    LvsException told = catchThrowableOfType(LvsException.class, network::links);
    LvsException expected = KernelError.unreached("netlink", "read links", "", error.number(), "");
    assertThat(told).isExactlyInstanceOf(expected.getClass());
    assertThat(told.reason())
        .startsWith(expected.reason())
        .contains("socket(AF_NETLINK) failed with errno " + error.number());
    assertThat(told.hint()).isEqualTo(expected.hint());
  }
}
