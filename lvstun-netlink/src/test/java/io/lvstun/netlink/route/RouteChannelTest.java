// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static io.lvstun.netlink.route.ScriptedKernel.ack;
import static io.lvstun.netlink.route.ScriptedKernel.bytes;
import static io.lvstun.netlink.route.ScriptedKernel.dump;
import static io.lvstun.netlink.route.ScriptedKernel.error;
import static io.lvstun.netlink.route.ScriptedKernel.link;
import static io.lvstun.netlink.route.ScriptedKernel.overflow;
import static io.lvstun.netlink.route.ScriptedKernel.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.LvsException;
import io.lvstun.ProtocolException;
import io.lvstun.TimeoutException;
import io.lvstun.netlink.message.Netlink;
import io.lvstun.network.Link;
import io.lvstun.network.MarkRule;
import io.lvstun.network.Route;
import io.lvstun.network.Tunnel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests when the kernel is busy, silent, or talks nonsense, and when other threads ask too. */
class RouteChannelTest {

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

  private void request(String what) {
    switch (what) {
      case "link" -> network.setUp("eth0", true);
      case "create" -> network.createTunnel(TUNNEL);
      case "route" -> network.addRoute(Route.via("192.0.2.0/24", "198.51.100.1"));
      case "rule" -> network.removeMarkRule(MarkRule.of(7, 100));
      default -> throw new IllegalArgumentException(what);
    }
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
  void socketThatCannotBeOpenedIsReported() {
    kernel.openErrno = 24;
    assertThat(refused(network::links))
        .hasMessage(
            "cannot read links (netlink): this process is out of file descriptors"
                + " (socket(AF_NETLINK) failed with errno 24) [24]. Close directors and files that"
                + " are not used, or raise the process's limit (ulimit -n, LimitNOFILE= of a"
                + " systemd unit)");
    assertThat(refused(() -> network.setUp("eth0", true))).hasMessageContaining("errno 24");
  }
}
