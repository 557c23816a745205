// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A socket with its buffers and its count of requests. Not thread-safe: one thread at a time owns a
 * session. After an incomplete answer a session is closed and never reused: a late answer or a
 * running dump dies with its socket.
 */
public final class NetlinkSession implements AutoCloseable {

  /**
   * A buffer for answers of a few records: two pages less the kernel's overhead. No other answer
   * than a dump is larger.
   *
   * <p>The kernel makes each piece of a dump as large as the largest buffer that the socket has
   * been read with so far (at least a page, at most 32 KiB), and many kernels clear that memory
   * first: large buffers make small dumps slow.
   */
  public static final int SMALL = 2 * 4096 - 320;

  /** A buffer for the smallest pieces of dumps: a page less the kernel's overhead. */
  public static final int SMALLEST = 4096 - 320;

  /** A buffer for the largest pieces of dumps. */
  public static final int LARGE = 64 * 1024;

  /** The least and the most that the kernel makes a piece, rounded down: overheads differ. */
  private static final int LEAST_PIECE = 3200;

  private static final int MOST_PIECE = 31 * 1024;

  private static final int EAGAIN = 11;
  private static final int ENOBUFS = 105;

  /** How long an interrupt may go unnoticed. */
  private static final int SLICE_MILLIS = 20;

  private final NetlinkSocket socket;
  private final byte[] requests;
  private final ByteBuffer sendBuffer;
  private final ByteBuffer receiveBuffer;
  private final MessageWriter writer;
  private final MessageReader reader = new MessageReader();
  private int sequence;
  private ByteBuffer into;
  private int largestReceive;

  private enum Expected {
    ANYTHING,
    SHORT,
    PIECE
  }

  /** The result of receiving. */
  public enum Event {
    /** A datagram is in {@link #reader()}. */
    DATAGRAM,
    /** Nothing came. */
    SILENCE,
    /** The kernel had answers that did not fit its queue: some are lost. */
    OVERRUN,
    /** The thread was interrupted; its status is kept. */
    INTERRUPTED
  }

  /**
   * Makes a session.
   *
   * @param socket the socket, which the session closes
   * @param sendBytes size of the buffer for requests; what the socket takes if that is less
   * @param receiveBytes size of the buffer for answers, see {@link #receiveWith}
   */
  public NetlinkSession(NetlinkSocket socket, int sendBytes, int receiveBytes) {
    this.socket = socket;
    requests = new byte[Math.min(sendBytes, socket.longestDatagram())];
    sendBuffer = ByteBuffer.allocateDirect(requests.length).order(ByteOrder.nativeOrder());
    receiveBuffer = ByteBuffer.allocateDirect(LARGE).order(ByteOrder.nativeOrder());
    into = receiveBuffer;
    receiveWith(receiveBytes);
    writer = new MessageWriter(requests);
    // Any start does; not 0, which is what notifications carry.
    sequence = 1;
  }

  /**
   * Returns the writer of requests.
   *
   * @return the writer, which {@link #send()} empties
   */
  public MessageWriter writer() {
    return writer;
  }

  /**
   * Returns the reader of the datagram that was received last.
   *
   * @return the reader
   */
  public MessageReader reader() {
    return reader;
  }

  /**
   * Returns the socket's port id, which answers carry.
   *
   * @return the port id
   */
  public int portId() {
    return socket.portId();
  }

  /**
   * Returns how many bytes of answers the kernel queues.
   *
   * @return SO_RCVBUF
   */
  public int receiveQueueBytes() {
    return socket.receiveQueueBytes();
  }

  /**
   * Receives with a buffer of this size from now on.
   *
   * @param bytes at most {@link #LARGE}
   */
  public void receiveWith(int bytes) {
    receiveBuffer.clear().limit(bytes);
    into = bytes == LARGE ? receiveBuffer : receiveBuffer.slice().order(ByteOrder.nativeOrder());
  }

  /**
   * Returns how much the kernel puts into the next piece of a dump.
   *
   * @return bytes, a few hundred less than the kernel's real limit
   */
  public int pieceBytes() {
    return Math.max(LEAST_PIECE, Math.min(MOST_PIECE, largestReceive));
  }

  /**
   * Tells whether the session has been read with buffers that make small dumps slow.
   *
   * @return true if it has
   */
  public boolean isLarge() {
    return largestReceive > SMALL;
  }

  /**
   * Sets numbers for requests aside.
   *
   * @param count how many
   * @return the first of them
   */
  public int takeSequence(int count) {
    int first = sequence;
    sequence += count;
    return first;
  }

  /**
   * Sends what has been written.
   *
   * @throws SystemCallException if the kernel does not take it; then none of it was carried out
   */
  public void send() {
    try {
      socket.send(sendBuffer.clear().put(requests, 0, writer.length()));
    } finally {
      writer.clear();
    }
  }

  /**
   * Receives the next datagram.
   *
   * @param deadline until when to wait; null not to wait
   * @return what came
   * @throws SystemCallException if the system refuses
   * @throws io.lvstun.ProtocolException if the datagram is longer than any the kernel sends
   */
  public Event receive(@Nullable Deadline deadline) {
    return receive(deadline, Expected.ANYTHING);
  }

  /**
   * Receives the next datagram, which is an acknowledgement or an error.
   *
   * @param deadline until when to wait; null not to wait
   * @return what came
   * @throws SystemCallException if the system refuses
   * @throws io.lvstun.ProtocolException if the datagram is longer than any the kernel sends
   */
  public Event receiveShort(@Nullable Deadline deadline) {
    return receive(deadline, Expected.SHORT);
  }

  /**
   * Receives the next datagram of a dump, of which more are expected.
   *
   * @param deadline until when to wait
   * @return what came
   * @throws SystemCallException if the system refuses
   * @throws io.lvstun.ProtocolException if the datagram is longer than any the kernel sends
   */
  public Event receivePiece(Deadline deadline) {
    return receive(deadline, Expected.PIECE);
  }

  private Event receive(@Nullable Deadline deadline, Expected expected) {
    while (true) {
      int length =
          switch (expected) {
            case ANYTHING -> socket.receive(into);
            case SHORT -> socket.receiveShort(into);
            case PIECE -> socket.receiveAhead(into);
          };
      largestReceive = Math.max(largestReceive, length < 0 ? 0 : into.capacity());
      if (length >= 0) {
        reader.reset(into, length);
        return Event.DATAGRAM;
      }
      if (length == -ENOBUFS) {
        return Event.OVERRUN;
      }
      if (length != -EAGAIN) {
        throw new SystemCallException("recv", -length);
      }
      if (deadline == null) {
        return Event.SILENCE;
      }
      do {
        // Looked at only when there is nothing to receive: what is done is done.
        if (Thread.currentThread().isInterrupted()) {
          return Event.INTERRUPTED;
        }
        int remaining = deadline.remainingMillis();
        if (remaining == 0) {
          return Event.SILENCE;
        }
        if (socket.await(Math.min(remaining, SLICE_MILLIS))) {
          break;
        }
      } while (true);
    }
  }

  /** Closes the socket. */
  @Override
  public void close() {
    socket.close();
  }
}
