// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** A real netlink socket. */
final class KernelSocket implements NetlinkSocket {

  private static final int EINTR = 4;

  /** The kernel keeps this much of the send buffer for itself (af_netlink.c, netlink_sendmsg). */
  private static final int SEND_OVERHEAD = 32;

  private static final int SOCKADDR_NL = 12;

  private final int fd;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder());
  private final long scratchAddress = Libc.address(scratch);
  private final int portId;
  private final int receiveQueueBytes;
  private final int longestDatagram;
  private boolean closed;

  // Asking JNA for a buffer's address makes an object: once a buffer is enough.
  private ByteBuffer sendBuffer = scratch;
  private long sendAddress = scratchAddress;
  private ByteBuffer receiveBuffer = scratch;
  private long receiveAddress = scratchAddress;
  private @Nullable ReadAhead ahead;

  /** Opens a socket in the calling thread's network namespace. */
  KernelSocket(int protocol, int receiveQueueBytes) {
    fd =
        checked(
            "socket(AF_NETLINK)",
            Libc.socket(
                Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, protocol));
    try {
      // Errors come without a copy of the request (Linux 4.3), and with text (Linux 4.12).
      setOption(Libc.SOL_NETLINK, Libc.NETLINK_CAP_ACK, 1);
      setOption(Libc.SOL_NETLINK, Libc.NETLINK_EXT_ACK, 1);
      if (setOption(Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, receiveQueueBytes) != 0) {
        setOption(Libc.SOL_SOCKET, Libc.SO_RCVBUF, receiveQueueBytes);
      }
      // A connected socket takes datagrams from the kernel only, whoever else sends some.
      scratch.putShort(0, (short) Libc.AF_NETLINK).putShort(2, (short) 0);
      scratch.putInt(4, 0).putInt(8, 0);
      checked("connect(AF_NETLINK)", Libc.connect(fd, scratchAddress, SOCKADDR_NL));
      scratch.putInt(12, SOCKADDR_NL);
      checked("getsockname", Libc.getsockname(fd, scratchAddress, scratchAddress + 12));
      portId = scratch.getInt(4);
      this.receiveQueueBytes = option(Libc.SOL_SOCKET, Libc.SO_RCVBUF);
      longestDatagram = option(Libc.SOL_SOCKET, Libc.SO_SNDBUF) - SEND_OVERHEAD;
    } catch (RuntimeException e) {
      Libc.close(fd);
      throw e;
    }
  }

  private int setOption(int level, int name, int value) {
    scratch.putInt(0, value);
    return Libc.setsockopt(fd, level, name, scratchAddress, Integer.BYTES);
  }

  private int option(int level, int name) {
    scratch.putInt(4, Integer.BYTES);
    checked("getsockopt", Libc.getsockopt(fd, level, name, scratchAddress, scratchAddress + 4));
    return scratch.getInt(0);
  }

  private static int checked(String call, int result) {
    if (result < 0) {
      throw new SystemCallException(call, Libc.errno());
    }
    return result;
  }

  @Override
  public int portId() {
    return portId;
  }

  @Override
  public int receiveQueueBytes() {
    return receiveQueueBytes;
  }

  @Override
  public int longestDatagram() {
    return longestDatagram;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // the address is that of this very buffer
  public void send(ByteBuffer datagram) {
    if (datagram != sendBuffer) {
      sendAddress = Libc.address(datagram);
      sendBuffer = datagram;
    }
    // Each argument costs: write() is send() without flags.
    while (Libc.write(fd, sendAddress, datagram.position()) < 0) {
      int errno = Libc.errno();
      if (errno != EINTR) {
        throw new SystemCallException("write", errno);
      }
    }
  }

  @Override
  public int receive(ByteBuffer into) {
    if (ahead != null && ahead.isFull()) {
      return ahead.take(into);
    }
    long address = receiveAddress(into);
    while (true) {
      long length = Libc.recv(fd, address, into.capacity(), Libc.MSG_TRUNC | Libc.MSG_DONTWAIT);
      if (length >= 0) {
        return (int) length;
      }
      int errno = Libc.errno();
      if (errno != EINTR) {
        return -errno;
      }
    }
  }

  @Override
  public int receiveShort(ByteBuffer into) {
    if (ahead != null && ahead.isFull()) {
      return ahead.take(into);
    }
    int capacity = into.capacity();
    long address = receiveAddress(into);
    while (true) {
      // Each argument costs: read() is recv() without flags, and does not tell what was cut off.
      long length = Libc.read(fd, address, capacity);
      if (length >= 0) {
        return length < capacity ? (int) length : capacity + 1;
      }
      int errno = Libc.errno();
      if (errno != EINTR) {
        return -errno;
      }
    }
  }

  @Override
  public int receiveAhead(ByteBuffer into) {
    if (into.capacity() > ReadAhead.MOST) {
      return receive(into);
    }
    if (ahead == null) {
      ahead = new ReadAhead(fd);
    }
    if (ahead.isFull() || !ahead.isPossible()) {
      return receive(into);
    }
    return ahead.receive(receiveAddress(into), into.capacity());
  }

  @SuppressWarnings("ReferenceEquality") // the address is that of this very buffer
  private long receiveAddress(ByteBuffer into) {
    if (into != receiveBuffer) {
      receiveAddress = Libc.address(into);
      receiveBuffer = into;
    }
    return receiveAddress;
  }

  @Override
  public boolean await(int milliseconds) {
    scratch.putInt(0, fd).putShort(4, (short) Libc.POLLIN).putShort(6, (short) 0);
    // A failed or interrupted poll counts as ready: receiving tells what there is.
    return Libc.poll(scratchAddress, 1, milliseconds) != 0;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.close(fd);
    }
  }
}
