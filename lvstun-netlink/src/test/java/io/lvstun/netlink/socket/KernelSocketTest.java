// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.netlink.generic.GenericFamily;
import io.lvstun.netlink.message.MessageWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The system calls, on whatever Linux the build runs on: generic netlink needs no privilege. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "netlink is Linux's")
class KernelSocketTest {

  private static final int QUEUE = 64 * 1024;

  private final KernelSocketSource source = new KernelSocketSource(null, QUEUE);
  private NetlinkSession session;

  @BeforeEach
  void open() {
    KernelSocketSource.load();
    session = new NetlinkSession(source.open(SocketSource.GENERIC), 4096, NetlinkSession.SMALL);
  }

  @AfterEach
  void close() {
    session.close();
    session.close();
  }

  @Test
  void controllerOfGenericNetlinkIsFound() {
    assertThat(GenericFamily.lookUp(session, "nlctrl", Deadline.in(Duration.ofSeconds(5))))
        .isEqualTo(0x10);
  }

  @Test
  void unknownFamilyIsRefused() {
    assertThatThrownBy(
            () -> GenericFamily.lookUp(session, "lvstunNone", Deadline.in(Duration.ofSeconds(5))))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.errno()).isEqualTo(2));
    // The session is good for more.
    assertThat(GenericFamily.lookUp(session, "nlctrl", Deadline.in(Duration.ofSeconds(5))))
        .isEqualTo(0x10);
  }

  @Test
  void socketsHavePortsAndQueuesOfTheirOwn() {
    try (NetlinkSocket other = source.open(SocketSource.GENERIC)) {
      assertThat(other.portId()).isNotZero().isNotEqualTo(session.portId());
      assertThat(other.receiveQueueBytes()).isGreaterThanOrEqualTo(QUEUE);
      assertThat(other.longestDatagram()).isGreaterThan(1000);
    }
  }

  @Test
  void silenceLastsUntilTheDeadline() {
    long start = System.nanoTime();
    assertThat(session.receive(Deadline.in(Duration.ofMillis(30))))
        .isEqualTo(NetlinkSession.Event.SILENCE);
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
    assertThat(session.receive(null)).isEqualTo(NetlinkSession.Event.SILENCE);
  }

  @Test
  void interruptEndsTheWaitAndStays() {
    Thread.currentThread().interrupt();
    assertThat(session.receive(Deadline.in(Duration.ofMinutes(1))))
        .isEqualTo(NetlinkSession.Event.INTERRUPTED);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void datagramThatIsTooLongIsRefusedWithItsNumber() {
    try (NetlinkSocket socket = source.open(SocketSource.GENERIC)) {
      int bytes = socket.longestDatagram() + 64;
      ByteBuffer large = ByteBuffer.allocateDirect(bytes);
      large.position(bytes);
      assertThatThrownBy(() -> socket.send(large))
          .isInstanceOfSatisfying(
              SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(90));
    }
  }

  @Test
  void answerThatDoesNotFitIsReportedWithItsWholeLength() {
    try (NetlinkSocket socket = source.open(SocketSource.GENERIC)) {
      byte[] request = new byte[64];
      MessageWriter writer = new MessageWriter(request);
      writer.begin(0x10, 1, 1);
      writer.genericHeader(3, 1);
      writer.putString(2, "nlctrl");
      writer.end();
      socket.send(ByteBuffer.allocateDirect(64).put(request, 0, writer.length()));
      assertThat(socket.await(1000)).isTrue();
      ByteBuffer small = ByteBuffer.allocateDirect(20);
      assertThat(socket.receive(small)).isGreaterThan(20);
      assertThat(socket.receive(small)).isEqualTo(-11);
      assertThat(socket.await(1)).isFalse();
    }
  }

  @Test
  void filesOfTheNamespaceAreRead() throws IOException {
    try (InputStream file = source.openProcNet("dev")) {
      assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8)).contains("lo:");
    }
    assertThatThrownBy(() -> source.openProcNet("no_such_file"))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void namespaceThatIsMissingOrNoneIsNamedByItsError() {
    assertThatThrownBy(() -> new KernelSocketSource(Path.of("/no/such/file"), QUEUE).enter())
        .isInstanceOfSatisfying(SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(2));
    assertThatThrownBy(
            () ->
                new KernelSocketSource(Path.of("/proc/self/status"), QUEUE)
                    .open(SocketSource.GENERIC))
        .isInstanceOfSatisfying(SystemCallException.class, e -> assertThat(e.errno()).isIn(1, 22));
  }
}
