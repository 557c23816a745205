// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.route.ScriptedKernel.ack;
import static io.lvstun.netlink.route.ScriptedKernel.dump;
import static io.lvstun.netlink.route.ScriptedKernel.error;
import static io.lvstun.netlink.route.ScriptedKernel.link;
import static io.lvstun.netlink.route.ScriptedKernel.one;
import static io.lvstun.netlink.route.ScriptedKernel.overflow;
import static io.lvstun.netlink.route.ScriptedKernel.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.LvsException;
import io.lvstun.ProtocolException;
import io.lvstun.TimeoutException;
import io.lvstun.UnsupportedException;
import io.lvstun.network.GuePort;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of requests when the kernel refuses, is silent, or talks nonsense. */
class NetlinkHostNetworkTest {

  private static final Tunnel TUNNEL = Tunnel.ipip("lvs0");

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

  @Test
  void linkThatTheKernelKeepsIsNotTakenForDeleted() {
    kernel
        .then(one(Rtnetlink.RTM_NEWLINK, link(3, "tunl0", UP)))
        .then(ack())
        .then(one(Rtnetlink.RTM_NEWLINK, link(3, "tunl0", UP)));
    assertThat(refused(() -> network.deleteLink("tunl0")))
        .isExactlyInstanceOf(UnsupportedException.class)
        .hasMessage(
            "cannot delete link tunl0 (netlink): the kernel keeps this link as long as its module."
                + " Set it down instead");
    // Deleted, and made again by somebody else.
    kernel
        .then(one(Rtnetlink.RTM_NEWLINK, link(3, "lvs0", UP)))
        .then(ack())
        .then(one(Rtnetlink.RTM_NEWLINK, link(4, "lvs0", UP)));
    network.deleteLink("lvs0");
  }

  @Test
  void changeWithoutAnAnswerIsLookedForInTheState() {
    kernel.then(silence()).then(one(Rtnetlink.RTM_NEWLINK, link(2, "eth0", UP)));
    network.setUp("eth0", true);
    assertThat(kernel.opened).as("the socket was replaced").isEqualTo(2);

    kernel.then(silence()).then(one(Rtnetlink.RTM_NEWLINK, link(2, "eth0", UP)));
    assertThat(refused(() -> network.setUp("eth0", false)))
        .isExactlyInstanceOf(TimeoutException.class)
        .hasMessage(
            "cannot set down link eth0 (netlink): the kernel did not answer before the deadline."
                + " The state read afterwards shows that it was not carried out");

    kernel
        .then(one(Rtnetlink.RTM_NEWLINK, link(3, "lvs0", UP)))
        .then(overflow())
        .then(error(19, ""))
        .then(error(19, ""));
    network.deleteLink("lvs0");

    kernel.then(one(Rtnetlink.RTM_NEWLINK, link(3, "lvs0", UP))).then(silence()).then(silence());
    assertThat(refused(() -> network.deleteLink("lvs0")))
        .isExactlyInstanceOf(TimeoutException.class)
        .hasMessageContaining("could not be read afterwards either");
  }

  @Test
  void everyChangeIsLookedFor() {
    List<Runnable> changes =
        List.of(
            () -> network.createTunnel(TUNNEL),
            () -> network.setMtu("eth0", 1400),
            () -> network.addRoute(Route.via("192.0.2.0/24", "198.51.100.1")),
            () -> network.addMarkRule(MarkRule.of(7, 100)));
    for (Runnable change : changes) {
      kernel.then(silence());
      for (int i = 0; i < 3; i++) {
        kernel.then(dump(Rtnetlink.RTM_NEWLINK, 0, link(2, "eth0", UP)));
      }
      assertThat(refused(change)).isExactlyInstanceOf(TimeoutException.class);
      kernel.forget();
    }
  }

  @Test
  void addressOfWrongLengthIsAProtocolException() {
    kernel
        .then(dump(Rtnetlink.RTM_NEWLINK, 0, link(1, "lo", UP)))
        .then(
            dump(
                Rtnetlink.RTM_NEWADDR,
                0,
                writer -> {
                  writer.putRaw(2, 32, 0, 0);
                  writer.putRaw(1);
                  writer.putBytes(Rtnetlink.IFA_LOCAL, new byte[16]);
                }));
    assertThatThrownBy(network::addresses)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("an address of IPv4 has 16 bytes");
    kernel
        .then(dump(Rtnetlink.RTM_NEWLINK, 0, link(1, "lo", UP)))
        .then(
            dump(
                Rtnetlink.RTM_NEWADDR,
                0,
                writer -> {
                  writer.putRaw(2, 200, 0, 0);
                  writer.putRaw(1);
                }));
    assertThatThrownBy(network::addresses)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("prefix of 200");
  }

  @Test
  void mistakesAreFoundBeforeAnythingIsSent() {
    assertThatThrownBy(() -> network.setUp("a b", true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("link must be 1 to 15 printable ASCII characters");
    assertThatThrownBy(() -> network.link("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> network.deleteLink("a-name-of-16-byt"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> network.setMtu("eth0", 67))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mtu must be 68 or more, not 67");
    assertThat(kernel.requests).isEmpty();
  }

  @Test
  void closedNetworkRefuses() {
    network.close();
    assertThatThrownBy(network::links).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> network.openGuePort(GuePort.of(1)))
        .isInstanceOf(IllegalStateException.class);
  }
}
