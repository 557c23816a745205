// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.route.ScriptedKernel.error;
import static io.lvstun.netlink.route.ScriptedKernel.link;
import static io.lvstun.netlink.route.ScriptedKernel.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.AlreadyExistsException;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.UnsupportedException;
import io.lvstun.network.GuePort;
import io.lvstun.network.LinkAddress;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel's error numbers mean for links, addresses, routes, rules and GUE ports. */
class RouteFailuresTest {

  private static final Tunnel TUNNEL = Tunnel.ipip("lvs0");

  private static final LinkAddress VIP = LinkAddress.parse("192.0.2.1/32");
  private static final int UP = 1;

  private final ScriptedKernel kernel = new ScriptedKernel();
  private final NetlinkHostNetwork network = new NetlinkHostNetwork(kernel, Duration.ofMillis(150));

  @AfterEach
  void noSocketIsLeft() {
    network.close();
    assertThat(kernel.closed).isEqualTo(kernel.opened);
  }

  private static LvsException refused(Runnable call) {
    return catchThrowableOfType(LvsException.class, call::run);
  }

  private void request(String what) {
    switch (what) {
      case "link" -> network.setUp("eth0", true);
      case "create" -> network.createTunnel(TUNNEL);
      case "route" -> network.addRoute(Route.via("192.0.2.0/24", "198.51.100.1"));
      case "rule" -> network.removeMarkRule(MarkRule.of(7, 100));
      default -> throw new IllegalArgumentException(what);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "link,1,PermissionException,not permitted",
    "route,13,PermissionException,not permitted",
    "link,19,NotFoundException,there is no such link",
    "create,17,AlreadyExistsException,'a link of this name, or a tunnel with these addresses,'",
    "create,95,UnsupportedException,the kernel cannot do this with a link of this kind",
    "create,98,LvsException,the kernel refused an address",
    "route,3,NotFoundException,there is no such route",
    "route,17,AlreadyExistsException,the route already exists",
    "route,95,UnsupportedException,the kernel does not have this operation",
    "route,97,UnsupportedException,the kernel does not have this address family",
    "route,100,LvsException,the link is down",
    "route,101,LvsException,the gateway cannot be reached",
    "route,2,NotFoundException,there is no such route",
    "rule,2,NotFoundException,there is no such rule",
    "rule,3,LvsException,an object that it refers to does not exist",
    "rule,17,AlreadyExistsException,the rule already exists",
    "rule,99,LvsException,an object that it refers to does not exist",
    "rule,22,LvsException,the kernel refused it as invalid",
  })
  void errorNumbersBecomeTypesAndReasons(String what, int errno, String type, String reason) {
    kernel.then(error(errno, ""));
    LvsException bare = refused(() -> request(what));
    assertThat(bare.getClass().getSimpleName()).isEqualTo(type);
    assertThat(bare.reason()).startsWith(reason);
    assertThat(bare.code()).hasValue(errno);
    assertThat(bare.driver()).isEqualTo("netlink");

    kernel.then(error(errno, "so I say"));
    assertThat(refused(() -> request(what)).reason()).startsWith(reason).endsWith(" (so I say)");
  }

  @Test
  void addressesHaveErrorsOfTheirOwn() {
    for (int errno : new int[] {13, 17, 99}) {
      kernel.then(one(Rtnetlink.RTM_NEWLINK, link(2, "eth0", UP))).then(error(errno, ""));
    }
    assertThat(refused(() -> network.addAddress("eth0", VIP)).reason())
        .isEqualTo("IPv6 is disabled on the link");
    assertThat(refused(() -> network.addAddress("eth0", VIP)))
        .isInstanceOf(AlreadyExistsException.class);
    assertThat(refused(() -> network.removeAddress("eth0", VIP)))
        .isInstanceOf(NotFoundException.class)
        .hasMessage(
            "cannot remove address 192.0.2.1/32 from eth0 (netlink): the link has no such address"
                + " [99]");
  }

  @Test
  void linkThatAModuleBringsIsNamedWithIt() {
    kernel.then(error(19, ""));
    assertThat(refused(() -> network.setUp("tunl0", true)).hint())
        .isEqualTo("tunl0 comes with a module: modprobe ipip");
    kernel.then(error(19, ""));
    assertThat(refused(() -> network.addRoute(Route.on("192.0.2.0/24", "gre0"))))
        .isInstanceOf(NotFoundException.class)
        .hasMessage(
            "cannot add route 192.0.2.0/24 dev gre0 (netlink): there is no link gre0."
                + " gre0 comes with a module: modprobe ip_gre");
  }

  @Test
  void guePortsHaveErrorsOfTheirOwn() {
    kernel.then(error(2, ""));
    assertThat(refused(() -> network.openGuePort(GuePort.of(6080))))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no generic netlink family fou")
        .hasMessageContaining("modprobe fou");
    kernel.then(error(2, ""));
    assertThat(network.guePorts()).isEmpty();
    kernel.then(error(1, ""));
    assertThat(refused(() -> network.closeGuePort(GuePort.of(6080))))
        .isInstanceOf(PermissionException.class)
        .hasMessageContaining("initial user namespace");
    for (int errno : new int[] {98, 114}) {
      kernel.then(error(errno, ""));
      assertThat(refused(() -> network.openGuePort(GuePort.of(6080))))
          .isInstanceOf(AlreadyExistsException.class);
    }
    kernel.then(error(22, ""));
    assertThat(refused(() -> network.closeGuePort(GuePort.of(6080))))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("the port is not open");
    kernel.then(error(95, ""));
    assertThat(refused(() -> network.openGuePort(GuePort.of(6080))))
        .isInstanceOf(UnsupportedException.class);
  }
}
