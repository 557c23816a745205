// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lvstun.ProtocolException;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One request and its answer, of which each datagram is written here. */
class ExchangeTest {

  private static final int PORT = 4711;
  private static final int RECORD = 0x20;
  private static final int EAGAIN = 11;
  private static final int ENOBUFS = 105;

  /** What receiving comes to: a datagram, or a negative error number. */
  private final Deque<Object> answers = new ArrayDeque<>();

  private final List<Integer> seen = new ArrayList<>();
  private int datagrams;

  private final NetlinkSocket socket =
      new NetlinkSocket() {
        @Override
        public int portId() {
          return PORT;
        }

        @Override
        public int receiveQueueBytes() {
          return 65536;
        }

        @Override
        public int longestDatagram() {
          return 65536;
        }

        @Override
        public void send(ByteBuffer datagram) {}

        @Override
        public int receive(ByteBuffer into) {
          Object answer = answers.isEmpty() ? Integer.valueOf(-EAGAIN) : answers.remove();
          if (answer instanceof byte[] bytes) {
            into.duplicate().clear().put(bytes);
            return bytes.length;
          }
          return (Integer) answer;
        }

        @Override
        public int receiveShort(ByteBuffer into) {
          return receive(into);
        }

        @Override
        public int receiveAhead(ByteBuffer into) {
          return receive(into);
        }

        @Override
        public boolean await(int milliseconds) {
          return true;
        }

        @Override
        public void close() {}
      };

  private final NetlinkSession session = new NetlinkSession(socket, 4096, NetlinkSession.SMALL);
  private final Exchange.Sink sink =
      new Exchange.Sink() {
        @Override
        public void message(MessageReader message) {
          seen.add(message.headerInt(0));
        }

        @Override
        public void datagramEnd(MessageReader datagram) {
          datagrams++;
        }
      };

  private record Message(int type, int flags, int sequence, int port, int value) {}

  private static Message message(int type, int flags, int sequence, int value) {
    return new Message(type, flags, sequence, PORT, value);
  }

  private void answer(Message... messages) {
    byte[] bytes = new byte[4096];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    MessageWriter writer = new MessageWriter(bytes);
    for (Message message : messages) {
      int at = writer.length();
      writer.begin(message.type, message.flags, message.sequence);
      writer.putRaw(message.value);
      if (message.type == Netlink.NLMSG_ERROR) {
        for (int i = 0; i < 4; i++) {
          writer.putRaw(0);
        }
      }
      writer.end();
      buffer.putInt(at + 12, message.port);
    }
    answers.add(Arrays.copyOf(bytes, writer.length()));
  }

  private void dump() {
    Exchange.dump(session, 5, Deadline.in(Duration.ofDays(1)), sink);
  }

  private NoAnswerException.Cause unanswered() {
    return catchThrowableOfType(NoAnswerException.class, this::dump).why();
  }

  @Test
  void recordsAreTakenUntilTheEndAndEachDatagramIsTold() {
    answer(message(RECORD, 2, 5, 1), message(RECORD, 2, 5, 2));
    answer(message(RECORD, 2, 5, 3));
    answer(message(Netlink.NLMSG_DONE, 2, 5, 0));
    dump();
    assertThat(seen).containsExactly(1, 2, 3);
    assertThat(datagrams).isEqualTo(3);
  }

  @Test
  void answersToOthersArePassedOver() {
    answer(message(RECORD, 2, 4, 1), message(Netlink.NLMSG_DONE, 2, 4, 0));
    answer(
        new Message(RECORD, 2, 5, PORT + 1, 2), new Message(Netlink.NLMSG_DONE, 2, 5, PORT + 1, 0));
    answer(
        message(RECORD, 2, 5, 3),
        message(Netlink.NLMSG_NOOP, 2, 5, 0),
        message(Netlink.NLMSG_DONE, 2, 5, 0));
    dump();
    assertThat(seen).containsExactly(3);
  }

  @Test
  void refusalHasItsNumber() {
    answer(message(Netlink.NLMSG_ERROR, 0, 5, -1));
    assertThatThrownBy(() -> Exchange.request(session, 5, Deadline.in(Duration.ofDays(1)), sink))
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.errno()).isEqualTo(1));
    answer(message(Netlink.NLMSG_DONE, 2, 5, -22));
    assertThatThrownBy(this::dump)
        .isInstanceOfSatisfying(
            RefusedException.class, refused -> assertThat(refused.errno()).isEqualTo(22));
  }

  @Test
  void whatARepetitionHealsIsToldFromARefusal() {
    answer(message(Netlink.NLMSG_ERROR, 0, 5, -16));
    assertThat(unanswered()).isEqualTo(NoAnswerException.Cause.BUSY);
    answer(message(RECORD, 2 | Netlink.NLM_F_DUMP_INTR, 5, 1));
    assertThat(unanswered()).isEqualTo(NoAnswerException.Cause.CHANGED);
    answers.add(-ENOBUFS);
    assertThat(unanswered()).isEqualTo(NoAnswerException.Cause.OVERRUN);
  }

  @Test
  void waitEndsWithTheDeadlineAndWithAnInterrupt() {
    assertThatThrownBy(() -> Exchange.dump(session, 5, Deadline.in(Duration.ZERO), sink))
        .isInstanceOfSatisfying(
            NoAnswerException.class,
            none -> assertThat(none.why()).isEqualTo(NoAnswerException.Cause.DEADLINE));
    Thread.currentThread().interrupt();
    try {
      assertThat(unanswered()).isEqualTo(NoAnswerException.Cause.INTERRUPTED);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void otherErrorsOfReceivingAndMalformedAnswersPassThrough() {
    answers.add(-9);
    assertThatThrownBy(this::dump)
        .isInstanceOfSatisfying(
            SystemCallException.class, failed -> assertThat(failed.errno()).isEqualTo(9));
    answers.add(new byte[] {60, 0, 0, 0, 1});
    assertThatThrownBy(this::dump).isInstanceOf(ProtocolException.class);
  }
}
