// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Datagrams that were received before they were asked for, on whatever Linux the build runs on. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "netlink is Linux's")
class ReadAheadTest {

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
}
