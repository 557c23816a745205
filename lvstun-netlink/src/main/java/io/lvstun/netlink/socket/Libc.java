// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The C library's functions for sockets, mapped directly: only numbers cross over, memory goes by
 * its address. {@code size_t}, {@code ssize_t} and pointers are {@code long}: 64-bit machines only.
 * A failed call returns -1; {@link #errno()} then tells why. Numbers are Linux's, as on x86-64,
 * arm64, ppc64, s390x and riscv64.
 */
final class Libc {

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  static final int AF_NETLINK = 16;
  static final int AF_PACKET = 17;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_RAW = 3;
  static final int SOCK_NONBLOCK = 0x800;
  static final int SOCK_CLOEXEC = 0x80000;

  static final int SOL_SOCKET = 1;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_ATTACH_FILTER = 26;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;

  static final int SOL_PACKET = 263;
  static final int PACKET_STATISTICS = 6;
  static final int ETH_P_ALL = 3;
  static final int IPPROTO_RAW = 255;
  static final int SIOCGSTAMPNS = 0x8907;
  static final int SIOCGIFNAME = 0x8910;

  static final int SOL_NETLINK = 270;
  static final int NETLINK_CAP_ACK = 10;
  static final int NETLINK_EXT_ACK = 11;
  static final int NETLINK_GET_STRICT_CHK = 12;

  static final int MSG_TRUNC = 0x20;
  static final int MSG_DONTWAIT = 0x40;

  static final int POLLIN = 1;

  static final int O_RDONLY = 0;
  static final int O_CLOEXEC = 0x80000;
  static final int CLONE_NEWNET = 0x40000000;

  static {
    // The process has the C library loaded under whatever name it goes by here (glibc, musl).
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  private Libc() {}

  static native int socket(int domain, int type, int protocol);

  static native int bind(int fd, long address, int length);

  static native int connect(int fd, long address, int length);

  static native int getsockname(int fd, long address, long length);

  static native int setsockopt(int fd, int level, int name, long value, int length);

  static native int getsockopt(int fd, int level, int name, long value, long length);

  static native long write(int fd, long buffer, long length);

  static native long read(int fd, long buffer, long length);

  static native long recv(int fd, long buffer, long length, int flags);

  /** Linux has it since 2.6.33, glibc since 2.12, musl since 0.9. */
  static native int recvmmsg(int fd, long messages, int count, int flags, long timeout);

  static native long sendto(
      int fd, long buffer, long length, int flags, long address, int addressLength);

  static native long recvfrom(
      int fd, long buffer, long length, int flags, long address, long addressLength);

  /** The third argument is that of a variadic function, which goes like others on Linux. */
  static native int ioctl(int fd, long request, long argument);

  static native int poll(long fds, long count, int timeout);

  static native int open(long path, int flags);

  static native int setns(int fd, int type);

  static native int close(int fd);

  /** Makes the class load, and the native library with it. */
  static void load() {
    if (Native.POINTER_SIZE != Long.BYTES) {
      throw new UnsatisfiedLinkError("the netlink driver needs a 64-bit JVM");
    }
  }

  /** The error number of this thread's last failed call. */
  static int errno() {
    return Native.getLastError();
  }

  /** Where a direct buffer begins. */
  static long address(ByteBuffer direct) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
  }

  /** A NUL-terminated copy of a text. */
  static ByteBuffer text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length + 1);
    direct.put(bytes).put((byte) 0);
    return direct;
  }
}
