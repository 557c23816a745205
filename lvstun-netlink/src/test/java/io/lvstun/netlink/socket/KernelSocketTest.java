// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.NamespaceChangedException;
import io.lvstun.NetworkNamespace;
import io.lvstun.netlink.generic.GenericFamily;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import io.lvstun.spi.HeldNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

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
  void shortAnswerIsReceivedAndALongOneIsNoticed() {
    try (NetlinkSocket socket = source.open(SocketSource.GENERIC)) {
      byte[] request = new byte[64];
      MessageWriter writer = new MessageWriter(request);
      writer.begin(0x10, Netlink.NLM_F_REQUEST | Netlink.NLM_F_ACK, 3);
      writer.genericHeader(3, 1);
      writer.putString(2, "lvstunNone");
      writer.end();
      ByteBuffer datagram = ByteBuffer.allocateDirect(64).put(request, 0, writer.length());
      ByteBuffer into = ByteBuffer.allocateDirect(NetlinkSession.SMALL);
      socket.send(datagram);
      int length = socket.receiveShort(into);
      assertThat(length).isBetween(36, NetlinkSession.SMALL - 1);
      assertThat(socket.receiveShort(into)).isEqualTo(-11);

      socket.send(datagram);
      ByteBuffer exact = ByteBuffer.allocateDirect(length);
      assertThat(socket.receiveShort(exact)).isGreaterThan(length);
      assertThat(socket.receiveShort(exact)).isEqualTo(-11);
    }
  }

  /** All families, which take more than one datagram, of which the last one is the end. */
  private static ByteBuffer dumpOfFamilies(int sequence) {
    byte[] request = new byte[64];
    MessageWriter writer = new MessageWriter(request);
    writer.begin(0x10, Netlink.NLM_F_REQUEST | Netlink.NLM_F_DUMP, sequence);
    writer.genericHeader(3, 1);
    writer.end();
    return ByteBuffer.allocateDirect(64).put(request, 0, writer.length());
  }

  @Test
  void readingAheadKeepsOrderAndContent() {
    List<byte[]> one = new ArrayList<>();
    List<byte[]> ahead = new ArrayList<>();
    try (NetlinkSocket socket = source.open(SocketSource.GENERIC)) {
      ByteBuffer into = ByteBuffer.allocateDirect(NetlinkSession.SMALLEST);
      for (List<byte[]> datagrams : List.of(one, ahead, ahead)) {
        datagrams.clear();
        socket.send(dumpOfFamilies(7));
        MessageReader reader = new MessageReader();
        boolean end = false;
        while (!end) {
          int length = datagrams == one ? socket.receive(into) : socket.receiveAhead(into);
          assertThat(length).isPositive();
          byte[] bytes = new byte[length];
          into.duplicate().clear().get(0, bytes);
          // Each socket has its own port.
          datagrams.add(bytes);
          reader.reset(into, length);
          while (reader.next()) {
            end |= reader.type() == Netlink.NLMSG_DONE;
          }
        }
        assertThat(socket.receiveAhead(into)).isEqualTo(-11);
        assertThat(socket.receive(into)).isEqualTo(-11);
      }
    }
    assertThat(one).hasSizeGreaterThan(1);
    assertThat(ahead).usingElementComparator(Arrays::compare).containsExactlyElementsOf(one);
  }

  @Test
  void datagramThatWasReadAheadIsReceivedByEitherMethod() {
    try (NetlinkSocket socket = source.open(SocketSource.GENERIC)) {
      ByteBuffer into = ByteBuffer.allocateDirect(NetlinkSession.SMALL);
      socket.send(dumpOfFamilies(9));
      int first = socket.receiveAhead(into);
      assertThat(first).isPositive();
      // It may be longer than the next buffer, and is cut off then.
      ByteBuffer small = ByteBuffer.allocateDirect(4);
      assertThat(socket.receive(small)).isGreaterThan(4);
    }
  }

  @Test
  void datagramThatWasCutOffWhenItWasReadAheadStaysCutOff() {
    try (NetlinkSocket socket = source.open(SocketSource.GENERIC)) {
      socket.send(dumpOfFamilies(11));
      assertThat(socket.receiveAhead(ByteBuffer.allocateDirect(16))).isGreaterThan(16);
      ByteBuffer large = ByteBuffer.allocateDirect(NetlinkSession.LARGE);
      assertThat(socket.receive(large)).isGreaterThan(NetlinkSession.LARGE);
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
  void fileThatIsNoNamespaceIsNamedByItsError() {
    try (KernelSocketSource other =
        new KernelSocketSource(held(Path.of("/proc/self/status")), QUEUE)) {
      assertThatThrownBy(() -> other.open(SocketSource.GENERIC))
          .isInstanceOfSatisfying(
              SystemCallException.class, e -> assertThat(e.errno()).isIn(1, 22));
    }
  }

  private static HeldNamespace held(Path path) {
    return HeldNamespace.open(new NetworkNamespace(path), "netlink");
  }

  @Test
  void closedSourceOpensNothing(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("namespace"));
    KernelSocketSource other = new KernelSocketSource(held(file), QUEUE);
    other.close();
    other.close();
    assertThatThrownBy(() -> other.open(SocketSource.GENERIC))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file + " is closed");
  }

  @Test
  void nameThatStandsForAnotherFileIsToldBeforeAnythingIsOpened(@TempDir Path folder)
      throws IOException {
    Path file = Files.createFile(folder.resolve("namespace"));
    try (KernelSocketSource other = new KernelSocketSource(held(file), QUEUE)) {
      other.requireCurrent("read services", "");
      Files.delete(file);
      assertThatThrownBy(() -> other.requireCurrent("read services", ""))
          .isInstanceOf(NamespaceChangedException.class)
          .hasMessageContaining(file + " was deleted");
    }
  }
}
