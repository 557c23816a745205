// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import java.nio.ByteBuffer;
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
  void socketsHavePortsAndQueuesOfTheirOwn() {
    try (NetlinkSocket other = source.open(SocketSource.GENERIC)) {
      assertThat(other.portId()).isNotZero().isNotEqualTo(session.portId());
      assertThat(other.receiveQueueBytes()).isGreaterThanOrEqualTo(QUEUE);
      assertThat(other.longestDatagram()).isGreaterThan(1000);
    }
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
}
