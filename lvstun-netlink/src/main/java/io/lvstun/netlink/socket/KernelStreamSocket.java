// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import io.lvstun.LvsException;
import io.lvstun.PermissionException;
import io.lvstun.spi.MarkedSocket;
import io.lvstun.spi.MarkedSocketProvider;
import java.lang.ref.Reference;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;

/** A TCP connection opened natively: with a firewall mark, or bound to a device. */
public final class KernelStreamSocket implements MarkedSocket {

  private static final int SOCK_STREAM = 1;
  private static final int SO_REUSEADDR = 2;
  private static final int SO_ERROR = 4;
  private static final int SO_BINDTODEVICE = 25;
  private static final int SO_MARK = 36;
  private static final int POLLOUT = 4;
  private static final int EPERM = 1;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ETIMEDOUT = 110;
  private static final int EINPROGRESS = 115;
  private static final int SOCKADDR_IN = 16;
  private static final int SOCKADDR_IN6 = 28;

  private final ByteBuffer scratch = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
  private final long scratchAddress = Libc.address(scratch);
  private final String target;
  private final int fd;
  private boolean closed;

  /**
   * Connects in the calling thread's network namespace.
   *
   * @param request the connection
   * @param deadline how long it may take
   * @throws PermissionException if the system does not permit the mark or the device
   * @throws LvsException with the error's number if there is no connection
   */
  public KernelStreamSocket(MarkedSocketProvider.Request request, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    InetSocketAddress to = request.target();
    target = io.lvstun.IpAddress.format(to.getAddress(), to.getPort());
    boolean four = to.getAddress() instanceof Inet4Address;
    fd =
        checked(
            "socket",
            Libc.socket(
                four ? Libc.AF_INET : Libc.AF_INET6,
                SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC,
                0));
    try {
      if (request.mark() != 0) {
        scratch.putInt(0, (int) request.mark());
        option("SO_MARK", SO_MARK, Integer.BYTES);
      }
      if (!request.device().isEmpty()) {
        byte[] name = request.device().getBytes(StandardCharsets.UTF_8);
        scratch.put(0, name).put(name.length, (byte) 0);
        option("SO_BINDTODEVICE", SO_BINDTODEVICE, name.length + 1);
      }
      if (request.source().isPresent() || request.sourcePort() != 0) {
        scratch.putInt(0, 1);
        option("SO_REUSEADDR", SO_REUSEADDR, Integer.BYTES);
        int length = address(four, request.source().orElse(null), request.sourcePort());
        int unused = checked("bind", Libc.bind(fd, scratchAddress, length));
      }
      int length = address(four, to.getAddress(), to.getPort());
      if (Libc.connect(fd, scratchAddress, length) != 0) {
        int errno = Libc.errno();
        if (errno != EINPROGRESS) {
          throw failure("connect", errno);
        }
        await("connect", POLLOUT, end);
        scratch.putInt(0, 0).putInt(4, Integer.BYTES);
        int unused =
            checked(
                "getsockopt",
                Libc.getsockopt(fd, Libc.SOL_SOCKET, SO_ERROR, scratchAddress, scratchAddress + 4));
        if (scratch.getInt(0) != 0) {
          throw failure("connect", scratch.getInt(0));
        }
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void option(String name, int option, int length) {
    int unused =
        checked(
            "setsockopt(" + name + ")",
            Libc.setsockopt(fd, Libc.SOL_SOCKET, option, scratchAddress, length));
  }

  /** Writes a socket address into the scratch memory. */
  private int address(
      boolean four, @org.jspecify.annotations.Nullable InetAddress address, int port) {
    scratch.putLong(0, 0).putLong(8, 0).putLong(16, 0).putLong(24, 0);
    scratch.putShort(0, (short) (four ? Libc.AF_INET : Libc.AF_INET6));
    scratch.put(2, (byte) (port >> 8)).put(3, (byte) port);
    if (address != null) {
      scratch.put(four ? 4 : 8, address.getAddress());
    }
    return four ? SOCKADDR_IN : SOCKADDR_IN6;
  }

  private void await(String operation, int events, long end) {
    if (!ready(events, end)) {
      throw failure(operation, ETIMEDOUT);
    }
  }

  private boolean ready(int events, long end) {
    while (true) {
      long left = (end - System.nanoTime() + 999_999) / 1_000_000;
      scratch.putInt(32, fd).putShort(36, (short) events).putShort(38, (short) 0);
      int count =
          Libc.poll(scratchAddress + 32, 1, (int) Math.max(0, Math.min(left, Integer.MAX_VALUE)));
      if (count > 0) {
        return true;
      }
      if (count == 0 && left <= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
    }
  }

  @Override
  public int read(ByteBuffer buffer, Duration wait) {
    requireOpen();
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("buffer must be direct");
    }
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      long count;
      try {
        count = Libc.recv(fd, Libc.address(buffer) + buffer.position(), buffer.remaining(), 0);
      } finally {
        Reference.reachabilityFence(buffer);
      }
      if (count > 0) {
        buffer.position(buffer.position() + (int) count);
        return (int) count;
      }
      if (count == 0) {
        return -1;
      }
      int errno = Libc.errno();
      if (errno == EAGAIN) {
        if (!ready(Libc.POLLIN, end)) {
          return 0;
        }
      } else if (errno != EINTR) {
        throw failure("read", errno);
      }
    }
  }

  @Override
  public void write(ByteBuffer buffer, Duration wait) {
    requireOpen();
    long end = System.nanoTime() + wait.toNanos();
    ByteBuffer direct = ByteBuffer.allocateDirect(Math.max(1, buffer.remaining()));
    int length = buffer.remaining();
    direct.put(buffer);
    try {
      write(direct, length, end);
    } finally {
      Reference.reachabilityFence(direct);
    }
  }

  private void write(ByteBuffer direct, int length, long end) {
    int sent = 0;
    while (sent < length) {
      // MSG_NOSIGNAL: a connection that is gone is an error, not the end of the process.
      long count = Libc.sendto(fd, Libc.address(direct) + sent, length - sent, 0x4000, 0, 0);
      if (count >= 0) {
        sent += (int) count;
        continue;
      }
      int errno = Libc.errno();
      if (errno == EAGAIN) {
        await("write", POLLOUT, end);
      } else if (errno != EINTR) {
        throw failure("write", errno);
      }
    }
  }

  private int checked(String call, int result) {
    if (result < 0) {
      throw failure(call, Libc.errno());
    }
    return result;
  }

  private LvsException failure(String operation, int errno) {
    boolean permission = errno == EPERM;
    String reason =
        switch (errno) {
          case EPERM -> "not permitted (EPERM)";
          case 19 -> "there is no such device (ENODEV)";
          case 99 -> "the source is no address of this host (EADDRNOTAVAIL)";
          case 101 -> "there is no route to it (ENETUNREACH)";
          case 104 -> "the connection was reset (ECONNRESET)";
          case ETIMEDOUT -> "it took too long (ETIMEDOUT)";
          case 111 -> "connection refused (ECONNREFUSED)";
          case 113 -> "the host is not on the link (EHOSTUNREACH)";
          default -> "errno " + errno;
        };
    LvsException.Failure failure =
        new LvsException.Failure(
            operation,
            target,
            "marked socket",
            reason,
            OptionalInt.of(errno),
            permission ? "It needs CAP_NET_ADMIN, or CAP_NET_RAW for a device: run as root." : "");
    return permission ? new PermissionException(failure) : new LvsException(failure);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the connection is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.close(fd);
    }
  }
}
