// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.route.ScriptedKernel.ack;
import static io.lvstun.netlink.route.ScriptedKernel.bytes;
import static io.lvstun.netlink.route.ScriptedKernel.dump;
import static io.lvstun.netlink.route.ScriptedKernel.error;
import static io.lvstun.netlink.route.ScriptedKernel.link;
import static io.lvstun.netlink.route.ScriptedKernel.one;
import static io.lvstun.netlink.route.ScriptedKernel.overflow;
import static io.lvstun.netlink.route.ScriptedKernel.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.AlreadyExistsException;
import io.lvstun.LvsException;
import io.lvstun.NotFoundException;
import io.lvstun.PermissionException;
import io.lvstun.ProtocolException;
import io.lvstun.TimeoutException;
import io.lvstun.UnsupportedException;
import io.lvstun.netlink.message.Netlink;
import io.lvstun.network.GuePort;
import io.lvstun.network.Link;
import io.lvstun.network.LinkAddress;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of requests when the kernel refuses, is silent, or talks nonsense. */
class NetlinkHostNetworkTest {

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
    "create,98,LvsException,error 98",
    "route,3,NotFoundException,there is no such route",
    "route,17,AlreadyExistsException,the route already exists",
    "route,95,UnsupportedException,the kernel does not have this operation",
    "route,97,UnsupportedException,the kernel does not have this address family",
    "route,100,LvsException,the link is down",
    "route,101,LvsException,the gateway cannot be reached",
    "route,2,NotFoundException,there is no such route",
    "rule,2,NotFoundException,there is no such rule",
    "rule,3,LvsException,something that it names is not there",
    "rule,17,AlreadyExistsException,the rule already exists",
    "rule,99,LvsException,something that it names is not there",
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

  /** For a dump the number means the socket; for a change, what was to be changed. */
  @Test
  void whatIsBusyIsReportedAtOnce() {
    kernel.then(error(16, ""));
    assertThat(refused(() -> network.setMtu("eth0", 9000)))
        .isExactlyInstanceOf(LvsException.class)
        .hasMessage("cannot set the mtu of link eth0 (netlink): the kernel is busy with it [16]");
    kernel.then(error(16, "")).then(dump(Rtnetlink.RTM_NEWLINK, 0, link(1, "lo", UP)));
    assertThat(network.links()).hasSize(1);
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

  // -- missing answers ----------------------------------------------------------------------------

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
                + " The state read afterwards shows that it was not done");

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
  void readingIsRepeatedAfterOverflowAndChange() {
    kernel
        .then(overflow())
        .then(
            dump(
                Rtnetlink.RTM_NEWLINK,
                Netlink.NLM_F_DUMP_INTR,
                link(1, "lo", UP),
                link(2, "eth0", UP)))
        .then(dump(Rtnetlink.RTM_NEWLINK, 0, link(2, "eth0", UP), link(1, "lo", UP)));
    assertThat(network.links()).extracting(Link::name).containsExactly("lo", "eth0");
    assertThat(kernel.opened).isEqualTo(3);
  }

  @Test
  void readingThatNeverSucceedsEndsAtTheDeadline() {
    for (int i = 0; i < 1000; i++) {
      kernel.then(silence());
    }
    assertThat(refused(network::links))
        .isExactlyInstanceOf(TimeoutException.class)
        .hasMessage(
            "cannot read links (netlink): the kernel did not answer before the deadline. Nothing"
                + " was changed: try again");
  }

  @Test
  void interruptIsKept() {
    kernel.then(silence());
    Thread.currentThread().interrupt();
    LvsException error;
    try {
      error = refused(() -> network.setUp("eth0", true));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(error).isExactlyInstanceOf(LvsException.class).hasMessageContaining("interrupted");
  }

  @Test
  void anotherThreadIsWaitedForUntilTheDeadlineOnly() throws Exception {
    kernel.then(
        (request, socket) -> {
          Thread other =
              new Thread(
                  () ->
                      assertThat(refused(network::links))
                          .isExactlyInstanceOf(TimeoutException.class)
                          .hasMessageContaining("another thread's request"));
          Throwable[] failure = new Throwable[1];
          other.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
          other.start();
          try {
            other.join();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          assertThat(failure[0]).isNull();
          ack().to(request, socket);
        });
    network.setUp("eth0", true);
  }

  // -- nonsense -----------------------------------------------------------------------------------

  @Test
  void malformedAnswerIsAProtocolExceptionAndTheNextOneWorks() {
    kernel.then(bytes((byte) 60, (byte) 0, (byte) 0, (byte) 0));
    assertThatThrownBy(network::links).isInstanceOf(ProtocolException.class);
    kernel.then(bytes((byte) 60, (byte) 0, (byte) 0, (byte) 0));
    assertThatThrownBy(() -> network.setUp("eth0", true)).isInstanceOf(ProtocolException.class);
    kernel.then(dump(Rtnetlink.RTM_NEWLINK, 0, link(1, "lo", UP)));
    assertThat(network.links()).hasSize(1);
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
  void socketThatCannotBeOpenedIsReported() {
    kernel.openErrno = 24;
    assertThat(refused(network::links))
        .hasMessage("cannot read links (netlink): socket(AF_NETLINK) failed with errno 24 [24]");
    assertThat(refused(() -> network.setUp("eth0", true))).hasMessageContaining("errno 24");
  }

  // -- the caller's mistakes ----------------------------------------------------------------------

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
