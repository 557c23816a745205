// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Receives two datagrams in one call, and keeps the second one. The way into the C library and back
 * takes as long as decoding some records, and the dump of a service with few servers has two
 * datagrams. Not thread-safe.
 */
final class ReadAhead {

  /** The longest buffer that is read with: what is kept is copied later. */
  static final int MOST = NetlinkSession.SMALL;

  private static final int EPERM = 1;
  private static final int EINTR = 4;
  private static final int ENOSYS = 38;
  private static final int EMPTY = -1;

  // struct mmsghdr, with 64-bit pointers.
  private static final int MESSAGE = 64;
  private static final int MESSAGE_VECTOR = 16;
  private static final int MESSAGE_VECTOR_LENGTH = 24;
  private static final int MESSAGE_LENGTH = 56;

  // struct iovec, two of them behind the messages.
  private static final int VECTOR = 16;
  private static final int VECTORS = 2 * MESSAGE;
  private static final int VECTOR_LENGTH = 8;

  private final int fd;
  private final ByteBuffer headers =
      ByteBuffer.allocateDirect(2 * (MESSAGE + VECTOR)).order(ByteOrder.nativeOrder());
  private final long address = Libc.address(headers);
  private final ByteBuffer second = ByteBuffer.allocateDirect(MOST);
  private int secondLength = EMPTY;
  private boolean possible = true;
  private long bufferAddress;
  private int bufferLength;

  ReadAhead(int fd) {
    this.fd = fd;
    for (int i = 0; i < 2; i++) {
      headers.putLong(i * MESSAGE + MESSAGE_VECTOR, address + VECTORS + (long) i * VECTOR);
      headers.putLong(i * MESSAGE + MESSAGE_VECTOR_LENGTH, 1);
    }
    headers.putLong(VECTORS + VECTOR, Libc.address(second));
  }

  /** False once the system has refused: sandboxes may not know the call. */
  boolean isPossible() {
    return possible;
  }

  /** Whether a datagram is kept. */
  boolean isFull() {
    return secondLength != EMPTY;
  }

  /**
   * Hands out the datagram that was kept; returns its length, like {@code recv}. One that was cut
   * off when it was received stays so: it does not fit, however large the buffer is now.
   */
  int take(ByteBuffer into) {
    int length = secondLength;
    secondLength = EMPTY;
    int kept = Math.min(length, bufferLength);
    into.duplicate().clear().put(0, second, 0, Math.min(kept, into.capacity()));
    return kept < length ? Math.max(length, into.capacity() + 1) : length;
  }

  /**
   * Receives up to two datagrams.
   *
   * @param buffer where the first one goes
   * @param length how long it may be; the second one may be as long
   * @return the first one's length, or a negative error number
   */
  int receive(long buffer, int length) {
    if (buffer != bufferAddress || length != bufferLength) {
      headers.putLong(VECTORS, buffer);
      headers.putLong(VECTORS + VECTOR_LENGTH, length);
      // No longer than the first: the kernel makes the pieces of dumps as long as buffers are.
      headers.putLong(VECTORS + VECTOR + VECTOR_LENGTH, length);
      bufferAddress = buffer;
      bufferLength = length;
    }
    while (true) {
      int count = Libc.recvmmsg(fd, address, 2, Libc.MSG_TRUNC | Libc.MSG_DONTWAIT, 0);
      if (count > 0) {
        secondLength = count == 1 ? EMPTY : headers.getInt(MESSAGE + MESSAGE_LENGTH);
        return headers.getInt(MESSAGE_LENGTH);
      }
      int errno = Libc.errno();
      if (errno == ENOSYS || errno == EPERM) {
        possible = false;
        long alone = Libc.recv(fd, buffer, length, Libc.MSG_TRUNC | Libc.MSG_DONTWAIT);
        return alone >= 0 ? (int) alone : -Libc.errno();
      }
      if (errno != EINTR) {
        return -errno;
      }
    }
  }
}
