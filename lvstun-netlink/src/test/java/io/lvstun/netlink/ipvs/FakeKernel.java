// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.Command;
import io.lvstun.Consistency;
import io.lvstun.LvsException;
import io.lvstun.ServiceKey;
import io.lvstun.memory.MemoryDriver;
import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.netlink.socket.NetlinkSocket;
import io.lvstun.netlink.socket.SocketSource;
import io.lvstun.netlink.socket.SystemCallException;
import io.lvstun.spi.Outcome;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A kernel behind the driver's sockets: the semantics of the memory driver, and of netlink what
 * af_netlink.c does with requests, acknowledgements, queues and dumps. Faults can be put in the way
 * of requests.
 */
final class FakeKernel implements SocketSource {

  private static final int EAGAIN = 11;
  private static final int ENOBUFS = 105;
  private static final int QUEUED = 768;
  private static final int PAGE_PIECE = 3776;
  private static final int LARGEST_PIECE = 32448;
  private static final int CTRL = 0x10;

  /** What is done to a request instead of answering it. */
  enum Fault {
    /** It is carried out, and nothing is answered. */
    NO_ANSWER,
    /** It is neither carried out nor answered. */
    IGNORED,
    /** It is carried out, its answer is lost, and the socket tells that something is. */
    ANSWER_LOST,
    /** It is not carried out; the loss of its error is told. */
    ERROR_LOST,
    /** Answers with another number, and to another socket, come first. */
    STRAY_ANSWERS,
    /** A dump has the flag that says it is inconsistent. */
    CHANGED,
    /** A dump runs already. */
    BUSY,
    /** Part of the answer is missing at the end of the datagram. */
    CUT_OFF,
    /** The answer is longer than any buffer. */
    TOO_LONG,
    /** The answer has another type of message. */
    WRONG_TYPE,
    /** A read is acknowledged without an answer. */
    EMPTY
  }

  private record Trap(IntPredicate commands, @Nullable Fault fault) {}

  final MemoryDriver tables = MemoryDriver.open();
  final List<FakeSocket> sockets = Collections.synchronizedList(new ArrayList<>());
  int sends;
  int mostInOneSend;
  int family = 28;
  int receiveQueue = 1024 * 1024;
  int queueInTruth = Integer.MAX_VALUE;
  int longestDatagram = 212_992 - 32;
  boolean familyPresent = true;
  boolean tunnelTypes = true;
  @Nullable String connections = "";
  int sendErrno;

  /** What all requests of the family IPVS are refused with; 0 if they are not. */
  int refusal;

  int openErrno;

  /** Called before each piece of a dump but the first, with its number. */
  Consumer<Integer> beforePiece = piece -> {};

  /** Called when a dump begins, with its command. */
  IntConsumer beforeDump = command -> {};

  private final Deque<Trap> traps = new ArrayDeque<>();

  /** The next request with this command gets a fault. */
  FakeKernel trap(int command, Fault fault) {
    synchronized (traps) {
      traps.add(new Trap(c -> c == command, fault));
    }
    return this;
  }

  /**
   * The request with this command that comes after {@code passed} others gets a fault, and
   * something is done before it is handled.
   */
  FakeKernel trap(int command, int passed, @Nullable Fault fault, Runnable action) {
    int[] left = {passed};
    synchronized (traps) {
      traps.add(
          new Trap(
              c -> {
                if (c != command || left[0]-- > 0) {
                  return false;
                }
                action.run();
                return true;
              },
              fault));
    }
    return this;
  }

  /** Loads the module again: an empty table, and another number. */
  void reload() {
    family++;
    change(new Command.Flush());
  }

  /** What another program does. */
  void change(Command... commands) {
    for (Outcome outcome : tables.execute(List.of(commands))) {
      if (outcome.error() != null) {
        throw new AssertionError(outcome.error());
      }
    }
  }

  int openSockets() {
    return (int) sockets.stream().filter(socket -> !socket.closed).count();
  }

  @Override
  public NetlinkSocket open(int protocol) {
    if (openErrno != 0) {
      throw new SystemCallException("socket(AF_NETLINK)", openErrno);
    }
    FakeSocket socket = new FakeSocket(1000 + sockets.size());
    sockets.add(socket);
    return socket;
  }

  @Override
  public InputStream openProcNet(String name) throws IOException {
    String text = connections;
    if (text == null) {
      throw new NoSuchFileException(name);
    }
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private @Nullable Fault trapped(int command) {
    synchronized (traps) {
      for (Trap trap : traps) {
        if (trap.commands().test(command)) {
          traps.remove(trap);
          return trap.fault();
        }
      }
      return null;
    }
  }

  /** One dump, which remembers only how many records it has handed out. */
  private final class Dump {
    final int command;
    final @Nullable ServiceKey service;
    final int sequence;
    final boolean changed;
    int position;
    int pieces;

    Dump(int command, @Nullable ServiceKey service, int sequence, boolean changed) {
      this.command = command;
      this.service = service;
      this.sequence = sequence;
      this.changed = changed;
    }

    List<Consumer<MessageWriter>> records() {
      List<Consumer<MessageWriter>> records = new ArrayList<>();
      if (command == Ipvs.IPVS_CMD_GET_SERVICE) {
        for (ServiceState state : tables.services(Consistency.VERIFIED)) {
          records.add(writer -> KernelCodec.service(writer, state));
        }
      } else if (command == Ipvs.IPVS_CMD_GET_DEST) {
        // A service that is missing has no servers, says the kernel.
        List<ServerState> servers =
            service == null
                ? List.of()
                : tables.service(service).map(ServiceState::servers).orElse(List.of());
        for (ServerState server : servers) {
          records.add(writer -> KernelCodec.server(writer, server, tunnelTypes));
        }
      } else {
        tables
            .syncDaemons()
            .forEach(daemon -> records.add(writer -> KernelCodec.daemon(writer, daemon)));
      }
      return records;
    }

    int answerCommand() {
      return switch (command) {
        case Ipvs.IPVS_CMD_GET_SERVICE -> Ipvs.IPVS_CMD_NEW_SERVICE;
        case Ipvs.IPVS_CMD_GET_DEST -> Ipvs.IPVS_CMD_NEW_DEST;
        default -> Ipvs.IPVS_CMD_NEW_DAEMON;
      };
    }
  }

  final class FakeSocket implements NetlinkSocket {
    private final int portId;
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private int queuedBytes;
    private boolean overrun;
    private boolean congested;
    private int largestReceive;
    private @Nullable Dump dump;
    boolean closed;

    FakeSocket(int portId) {
      this.portId = portId;
    }

    @Override
    public int portId() {
      return portId;
    }

    @Override
    public int receiveQueueBytes() {
      return receiveQueue;
    }

    @Override
    public int longestDatagram() {
      return longestDatagram;
    }

    @Override
    public synchronized void send(ByteBuffer datagram) {
      requireOpen();
      if (sendErrno != 0) {
        throw new SystemCallException("send", sendErrno);
      }
      if (datagram.position() > longestDatagram) {
        throw new SystemCallException("send", 90);
      }
      ByteBuffer copy = ByteBuffer.allocate(datagram.position()).order(ByteOrder.nativeOrder());
      ByteBuffer source = datagram.duplicate();
      source.flip();
      copy.put(source);
      MessageReader reader = new MessageReader();
      reader.reset(copy, copy.capacity());
      int count = 0;
      while (reader.next()) {
        count++;
        handle(reader);
      }
      synchronized (FakeKernel.this) {
        sends++;
        mostInOneSend = Math.max(mostInOneSend, count);
      }
    }

    private void handle(MessageReader request) {
      if (request.type() == CTRL) {
        lookUp(request);
      } else if (!familyPresent || request.type() != family) {
        error(request, 2);
      } else if (refusal != 0) {
        error(request, refusal);
      } else if ((request.flags() & 0x300) == 0x300) {
        dump(request);
      } else {
        single(request);
      }
    }

    private void lookUp(MessageReader request) {
      AttributeReader attributes = new AttributeReader();
      request.attributes(4, attributes);
      boolean wanted = attributes.next() && attributes.type() == 2 && attributes.is("IPVS");
      if (!familyPresent || !wanted) {
        error(request, 2);
        return;
      }
      answer(
          CTRL,
          0,
          request.sequence(),
          portId,
          1,
          writer -> {
            writer.putString(2, "IPVS");
            writer.putU16(1, family);
            writer.putU32(3, 1);
          });
      acknowledge(request);
    }

    private void single(MessageReader request) {
      int command = request.genericCommand();
      Fault fault = trapped(command);
      if (fault == Fault.IGNORED) {
        return;
      }
      if (fault == Fault.ERROR_LOST) {
        lose();
        return;
      }
      int sequence = request.sequence();
      if (fault == Fault.STRAY_ANSWERS) {
        answer(2, 0, sequence - 7, portId, -1, writer -> writer.putRaw(-22));
        answer(2, 0, sequence, portId + 1, -1, writer -> writer.putRaw(-22));
        answer(2, 0, sequence + 100_000, portId, -1, writer -> writer.putRaw(-22));
      }
      int errno;
      try {
        errno =
            switch (command) {
              case Ipvs.IPVS_CMD_GET_SERVICE -> one(request, fault);
              case Ipvs.IPVS_CMD_GET_CONFIG -> config(request, fault);
              case Ipvs.IPVS_CMD_GET_INFO -> info(request, fault);
              default -> execute(KernelCodec.command(request));
            };
      } catch (KernelCodec.Invalid e) {
        errno = e.errno;
      }
      if (fault == Fault.NO_ANSWER) {
        return;
      }
      if (fault == Fault.ANSWER_LOST) {
        lose();
      } else if (fault == Fault.CUT_OFF) {
        queue(new byte[] {36, 0, 0, 0, 2, 0, 0, 0, 0});
      } else if (fault == Fault.WRONG_TYPE) {
        answer(family + 1, 0, sequence, portId, 1, writer -> {});
      } else if (errno != 0) {
        error(request, errno);
      } else {
        acknowledge(request);
      }
    }

    private int execute(Command command) {
      LvsException error = tables.execute(List.of(command)).get(0).error();
      return error == null ? 0 : error.code().orElseThrow();
    }

    private int one(MessageReader request, @Nullable Fault fault) {
      ServiceState state = KernelCodec.serviceOf(request).flatMap(tables::service).orElse(null);
      if (state == null) {
        return 3;
      }
      reply(
          request, fault, Ipvs.IPVS_CMD_NEW_SERVICE, writer -> KernelCodec.service(writer, state));
      return 0;
    }

    private int config(MessageReader request, @Nullable Fault fault) {
      reply(
          request,
          fault,
          Ipvs.IPVS_CMD_SET_CONFIG,
          writer -> {
            writer.putU32(4, (int) tables.timeouts().tcp().getSeconds());
            writer.putU32(5, (int) tables.timeouts().tcpFin().getSeconds());
            writer.putU32(6, (int) tables.timeouts().udp().getSeconds());
          });
      return 0;
    }

    private int info(MessageReader request, @Nullable Fault fault) {
      reply(
          request,
          fault,
          Ipvs.IPVS_CMD_SET_INFO,
          writer -> {
            writer.putU32(1, tables.info().version());
            writer.putU32(2, tables.info().connectionTableSize());
          });
      return 0;
    }

    private void reply(
        MessageReader request,
        @Nullable Fault fault,
        int command,
        Consumer<MessageWriter> attributes) {
      if (fault == Fault.EMPTY || fault == Fault.NO_ANSWER || fault == Fault.ANSWER_LOST) {
        return;
      }
      if (fault == Fault.TOO_LONG) {
        queue(new byte[100_000]);
        return;
      }
      answer(family, 0, request.sequence(), portId, command, attributes);
    }

    private void dump(MessageReader request) {
      int command = request.genericCommand();
      Fault fault = trapped(command);
      if (fault == Fault.BUSY || dump != null) {
        error(request, 16);
        return;
      }
      if (fault == Fault.IGNORED || fault == Fault.NO_ANSWER) {
        return;
      }
      if (fault == Fault.ANSWER_LOST) {
        lose();
        return;
      }
      if (fault == Fault.STRAY_ANSWERS) {
        answer(family, 0, request.sequence() - 1, portId, 5, writer -> {});
      }
      if (fault == Fault.CUT_OFF) {
        queue(new byte[] {60, 0, 0, 0, 28, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        return;
      }
      beforeDump.accept(command);
      dump =
          new Dump(
              command,
              KernelCodec.serviceOf(request).orElse(null),
              request.sequence(),
              fault == Fault.CHANGED);
      nextPiece();
    }

    /** As netlink_dump() does: one datagram of records, or the end. */
    private void nextPiece() {
      Dump running = dump;
      if (running == null) {
        return;
      }
      if (running.pieces++ > 0) {
        beforePiece.accept(running.pieces);
      }
      int room = Math.max(PAGE_PIECE, Math.min(LARGEST_PIECE, largestReceive));
      List<Consumer<MessageWriter>> records = running.records();
      ByteBuffer piece = ByteBuffer.allocate(0);
      int flags = 2 | (running.changed ? 0x10 : 0);
      int used = 0;
      for (int i = running.position; i < records.size(); i++) {
        byte[] message =
            message(
                family, flags, running.sequence, portId, running.answerCommand(), records.get(i));
        if (used + message.length > room) {
          break;
        }
        ByteBuffer longer = ByteBuffer.allocate(used + message.length);
        longer.put(piece.array()).put(message);
        piece = longer;
        used += message.length;
        running.position++;
      }
      if (used > 0) {
        enqueue(piece.array());
      } else {
        enqueue(message(3, flags, running.sequence, portId, -1, w -> w.putRaw(0)));
        dump = null;
      }
    }

    private void acknowledge(MessageReader request) {
      if ((request.flags() & 4) != 0) {
        error(request, 0);
      }
    }

    private void error(MessageReader request, int errno) {
      answer(
          2,
          errno == 0 ? 0x100 : 0x300,
          request.sequence(),
          portId,
          -1,
          writer -> {
            writer.putRaw(-errno);
            for (int i = 0; i < 4; i++) {
              writer.putRaw(i == 0 ? 16 : 0);
            }
            if (errno == 22) {
              writer.putString(1, "said the kernel");
            }
          });
    }

    private void answer(
        int type,
        int flags,
        int sequence,
        int port,
        int command,
        Consumer<MessageWriter> attributes) {
      queue(message(type, flags, sequence, port, command, attributes));
    }

    private byte[] message(
        int type,
        int flags,
        int sequence,
        int port,
        int command,
        Consumer<MessageWriter> attributes) {
      ByteBuffer buffer = ByteBuffer.allocate(2048).order(ByteOrder.nativeOrder());
      MessageWriter writer = new MessageWriter(buffer.array());
      writer.begin(type, flags, sequence);
      if (command >= 0) {
        writer.genericHeader(command, 1);
      }
      attributes.accept(writer);
      writer.end();
      buffer.putInt(12, port);
      byte[] bytes = new byte[writer.length()];
      buffer.limit(writer.length());
      buffer.get(bytes);
      return bytes;
    }

    private void queue(byte[] datagram) {
      int size = QUEUED + (datagram.length > 100 ? datagram.length : 0);
      if (congested || queuedBytes + size > Math.min(receiveQueue, queueInTruth)) {
        lose();
      } else {
        enqueue(datagram);
      }
    }

    /** The kernel makes a piece of a dump only when there is room. */
    private void enqueue(byte[] datagram) {
      queue.add(datagram);
      queuedBytes += QUEUED + (datagram.length > 100 ? datagram.length : 0);
    }

    private void lose() {
      if (!congested) {
        congested = true;
        overrun = true;
      }
    }

    @Override
    public synchronized int receive(ByteBuffer into) {
      requireOpen();
      if (overrun) {
        overrun = false;
        return -ENOBUFS;
      }
      byte[] datagram = queue.poll();
      if (datagram == null) {
        congested = false;
        return -EAGAIN;
      }
      if (queue.isEmpty()) {
        queuedBytes = 0;
        congested = false;
      }
      largestReceive = Math.max(largestReceive, into.capacity());
      ByteBuffer target = into.duplicate();
      target.clear();
      target.put(datagram, 0, Math.min(datagram.length, into.capacity()));
      nextPiece();
      return datagram.length;
    }

    @Override
    public boolean await(int milliseconds) {
      requireOpen();
      try {
        Thread.sleep(Math.min(milliseconds, 2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return !queue.isEmpty();
    }

    private void requireOpen() {
      if (closed) {
        throw new AssertionError("the socket is used after it was closed");
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
