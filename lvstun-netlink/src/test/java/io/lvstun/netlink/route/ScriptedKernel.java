// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.message.Netlink;
import io.lvstun.netlink.socket.NetlinkSocket;
import io.lvstun.netlink.socket.SocketSource;
import io.lvstun.netlink.socket.SystemCallException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sockets whose answers a test has written down: each request takes the next answer; when there are
 * none left, it is acknowledged.
 */
final class ScriptedKernel implements SocketSource {

  private static final int EAGAIN = 11;
  private static final int ENOBUFS = 105;

  /** What a socket is given for a request. */
  interface Answer {
    void to(MessageReader request, FakeSocket socket);
  }

  final List<Integer> requests = new ArrayList<>();
  private final Deque<Answer> script = new ArrayDeque<>();
  int opened;
  int closed;
  int openErrno;

  ScriptedKernel then(Answer answer) {
    script.add(answer);
    return this;
  }

  void forget() {
    script.clear();
  }

  // -- answers ------------------------------------------------------------------------------------

  static Answer silence() {
    return (request, socket) -> {};
  }

  static Answer overflow() {
    return (request, socket) -> socket.queue.add(-ENOBUFS);
  }

  static Answer bytes(byte... bytes) {
    return (request, socket) -> socket.queue.add(bytes);
  }

  static Answer ack() {
    return error(0, "");
  }

  static Answer error(int errno, String text) {
    return (request, socket) ->
        socket.message(
            request,
            Netlink.NLMSG_ERROR,
            text.isEmpty() ? 0 : Netlink.NLM_F_CAPPED | Netlink.NLM_F_ACK_TLVS,
            writer -> {
              writer.putRaw(-errno);
              writer.putRaw(0);
              writer.putRaw(0);
              writer.putRaw(0);
              writer.putRaw(0);
              if (!text.isEmpty()) {
                writer.putString(Netlink.NLMSGERR_ATTR_MSG, text);
              }
            });
  }

  /** One thing, acknowledged. */
  static Answer one(int type, Consumer<MessageWriter> payload) {
    return (request, socket) -> {
      socket.message(request, type, 0, payload);
      ack().to(request, socket);
    };
  }

  /** A dump of as many messages as there are payloads. */
  @SafeVarargs
  static Answer dump(int type, int flags, Consumer<MessageWriter>... payloads) {
    return (request, socket) -> {
      for (Consumer<MessageWriter> payload : payloads) {
        socket.message(request, type, Netlink.NLM_F_MULTI | flags, payload);
      }
      socket.message(
          request, Netlink.NLMSG_DONE, Netlink.NLM_F_MULTI | flags, writer -> writer.putRaw(0));
    };
  }

  /** A link without anything but its name. */
  static Consumer<MessageWriter> link(int index, String name, int flags) {
    return writer -> {
      writer.putRaw(0);
      writer.putRaw(index);
      writer.putRaw(flags);
      writer.putRaw(0);
      writer.putString(Rtnetlink.IFLA_IFNAME, name);
      writer.putU32(Rtnetlink.IFLA_MTU, 1500);
    };
  }

  // -- sockets ------------------------------------------------------------------------------------

  @Override
  public NetlinkSocket open(int protocol) {
    if (openErrno != 0) {
      throw new SystemCallException("socket(AF_NETLINK)", openErrno);
    }
    opened++;
    return new FakeSocket(opened);
  }

  @Override
  public InputStream openProcNet(String name) {
    throw new AssertionError("reads no file");
  }

  final class FakeSocket implements NetlinkSocket {

    private final int portId;

    /** Datagrams, and negative error numbers. */
    private final Deque<Object> queue = new ArrayDeque<>();

    FakeSocket(int portId) {
      this.portId = portId;
    }

    void message(MessageReader request, int type, int flags, Consumer<MessageWriter> payload) {
      ByteBuffer buffer = ByteBuffer.allocate(4096).order(ByteOrder.nativeOrder());
      MessageWriter writer = new MessageWriter(buffer.array());
      writer.begin(type, flags, request.sequence());
      payload.accept(writer);
      writer.end();
      buffer.putInt(12, portId);
      byte[] bytes = new byte[writer.length()];
      buffer.get(0, bytes);
      queue.add(bytes);
    }

    @Override
    public int portId() {
      return portId;
    }

    @Override
    public int receiveQueueBytes() {
      return 64 * 1024;
    }

    @Override
    public int longestDatagram() {
      return 4096;
    }

    @Override
    public void send(ByteBuffer datagram) {
      MessageReader request = new MessageReader();
      int length = datagram.position();
      request.reset(datagram.duplicate(), length);
      if (!request.next()) {
        throw new AssertionError("an empty datagram");
      }
      requests.add(request.type());
      Answer answer = script.poll();
      (answer == null ? ack() : answer).to(request, this);
    }

    @Override
    public int receive(ByteBuffer into) {
      Object next = queue.poll();
      if (next == null) {
        return -EAGAIN;
      }
      if (next instanceof Integer errno) {
        return errno;
      }
      byte[] bytes = (byte[]) next;
      into.duplicate().clear().put(bytes);
      return bytes.length;
    }

    @Override
    public boolean await(int milliseconds) {
      return !queue.isEmpty();
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
