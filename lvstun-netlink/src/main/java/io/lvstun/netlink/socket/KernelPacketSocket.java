// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.socket;

import io.lvstun.LvsException;
import io.lvstun.PermissionException;
import io.lvstun.spi.CapturedPacket;
import io.lvstun.spi.FilterInstruction;
import io.lvstun.spi.PacketSocket;
import java.lang.ref.Reference;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A real packet socket: an {@code AF_PACKET} socket of type {@code SOCK_DGRAM} to capture packets,
 * and raw IP sockets to send them; neither needs link headers.
 */
final class KernelPacketSocket implements PacketSocket {

  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ENETDOWN = 100;
  private static final int SOCKADDR_LL = 20;
  private static final int SOCKADDR_IN = 16;
  private static final int SOCKADDR_IN6 = 28;
  private static final int PACKET_OUTGOING = 4;
  private static final int ARPHRD_LOOPBACK = 772;
  private static final int RECEIVE_QUEUE_BYTES = 4 << 20;
  private static final int INTERFACE_NAME = 16;

  private final ByteBuffer scratch = ByteBuffer.allocateDirect(64).order(ByteOrder.nativeOrder());
  private final long scratchAddress = Libc.address(scratch);
  private final ByteBuffer packet;
  private final long packetAddress;
  private final int fd;
  private int ipv4 = -1;
  private int ipv6 = -1;
  private boolean closed;

  /** Opens a socket in the calling thread's network namespace. */
  KernelPacketSocket(List<FilterInstruction> filter, int kept) {
    packet = ByteBuffer.allocateDirect(kept);
    packetAddress = Libc.address(packet);
    // Of no protocol: it sees nothing before the filter is in its place and it is bound.
    fd =
        checked(
            "socket(AF_PACKET)",
            Libc.socket(Libc.AF_PACKET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0));
    try {
      attach(filter);
      setReceiveQueue();
      scratch.clear();
      scratch.putShort((short) Libc.AF_PACKET).putShort(networkOrder(Libc.ETH_P_ALL));
      scratch.putInt(0).putLong(0).putInt(0);
      checked("bind(AF_PACKET)", Libc.bind(fd, scratchAddress, SOCKADDR_LL));
      ipv4 =
          checked(
              "socket(IPPROTO_RAW)",
              Libc.socket(Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, Libc.IPPROTO_RAW));
      // Absent where IPv6 is switched off, which is no fault until somebody sends by it.
      ipv6 = Libc.socket(Libc.AF_INET6, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, Libc.IPPROTO_RAW);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void attach(List<FilterInstruction> filter) {
    ByteBuffer program =
        ByteBuffer.allocateDirect(filter.size() * 8).order(ByteOrder.nativeOrder());
    for (FilterInstruction each : filter) {
      program.putShort((short) each.code());
      program.put((byte) each.jumpTrue()).put((byte) each.jumpFalse());
      program.putInt((int) each.operand());
    }
    try {
      // struct sock_fprog: the number, and a pointer at its alignment.
      scratch.clear();
      scratch.putShort(0, (short) filter.size()).putLong(8, Libc.address(program));
      checked(
          "setsockopt(SO_ATTACH_FILTER)",
          Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_ATTACH_FILTER, scratchAddress, 16));
    } finally {
      Reference.reachabilityFence(program);
    }
  }

  private void setReceiveQueue() {
    scratch.putInt(0, RECEIVE_QUEUE_BYTES);
    if (Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, scratchAddress, Integer.BYTES)
        != 0) {
      int unused =
          Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, scratchAddress, Integer.BYTES);
    }
  }

  private static short networkOrder(int value) {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? Short.reverseBytes((short) value)
        : (short) value;
  }

  private static int checked(String call, int result) {
    if (result < 0) {
      throw new SystemCallException(call, Libc.errno());
    }
    return result;
  }

  @Override
  public Optional<CapturedPacket> receive(Duration wait) {
    requireOpen();
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      Optional<CapturedPacket> received = receiveNow();
      if (received.isPresent()) {
        return received;
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return Optional.empty();
      }
      scratch.putInt(0, fd).putShort(4, (short) Libc.POLLIN).putShort(6, (short) 0);
      // A poll that fails counts as ready: receiving tells why.
      int unused = Libc.poll(scratchAddress, 1, (int) Math.min(left, Integer.MAX_VALUE));
    }
  }

  private Optional<CapturedPacket> receiveNow() {
    while (true) {
      scratch.putInt(32, SOCKADDR_LL);
      long length =
          Libc.recvfrom(
              fd,
              packetAddress,
              packet.capacity(),
              Libc.MSG_TRUNC | Libc.MSG_DONTWAIT,
              scratchAddress,
              scratchAddress + 32);
      if (length >= 0) {
        int device = scratch.getInt(4);
        boolean loopback = scratch.getShort(8) == ARPHRD_LOOPBACK;
        boolean outgoing = scratch.get(10) == PACKET_OUTGOING;
        int there = (int) Math.min(length, packet.capacity());
        byte[] bytes = new byte[there];
        packet.get(0, bytes);
        return Optional.of(
            new CapturedPacket(
                time(), device, outgoing, loopback, (int) length, ByteBuffer.wrap(bytes)));
      }
      int errno = Libc.errno();
      if (errno == EAGAIN) {
        return Optional.empty();
      }
      // A device that went down is an error that is told once; the others go on.
      if (errno != EINTR && errno != ENETDOWN) {
        throw failure("receive packets", "", errno, "");
      }
    }
  }

  /** When the kernel saw the packet that was received last. */
  private Instant time() {
    return Libc.ioctl(fd, Libc.SIOCGSTAMPNS, scratchAddress + 40) == 0
        ? Instant.ofEpochSecond(scratch.getLong(40), scratch.getLong(48))
        : Instant.now();
  }

  @Override
  public void send(InetAddress destination, ByteBuffer bytes) {
    requireOpen();
    ByteBuffer direct = ByteBuffer.allocateDirect(Math.max(1, bytes.remaining()));
    direct.put(bytes.duplicate());
    boolean four = destination instanceof Inet4Address;
    byte[] address = destination.getAddress();
    scratch.clear();
    scratch.putShort(0, (short) (four ? Libc.AF_INET : Libc.AF_INET6)).putShort(2, (short) 0);
    scratch.putLong(4, 0).putLong(12, 0).putLong(20, 0);
    scratch.put(four ? 4 : 8, address);
    int socket = four ? ipv4 : ipv6;
    String target = io.lvstun.IpAddress.format(destination);
    if (socket < 0) {
      throw failure("send a packet", target, 97, "IPv6 is switched off on this host.");
    }
    while (Libc.sendto(
            socket,
            Libc.address(direct),
            direct.position(),
            0,
            scratchAddress,
            four ? SOCKADDR_IN : SOCKADDR_IN6)
        < 0) {
      int errno = Libc.errno();
      if (errno == 1) {
        throw new PermissionException(
            new LvsException.Failure(
                "send a packet",
                target,
                NAME,
                "this host's own packet filter drops it on its way out",
                OptionalInt.of(errno),
                "Let the OUTPUT chain accept the tunnel's packets."));
      }
      if (errno != EINTR) {
        throw failure("send a packet", target, errno, "");
      }
    }
  }

  private static final String NAME = "packet socket";

  private static LvsException failure(String operation, String target, int errno, String hint) {
    String reason =
        switch (errno) {
          case 90 -> "it is longer than the device takes (EMSGSIZE)";
          case 97 -> "the host has no such address family (EAFNOSUPPORT)";
          case 101 -> "there is no route to it (ENETUNREACH)";
          case 113 -> "the host is not on the link (EHOSTUNREACH)";
          default -> "errno " + errno;
        };
    return new LvsException(
        new LvsException.Failure(operation, target, NAME, reason, OptionalInt.of(errno), hint));
  }

  @Override
  public Optional<String> deviceName(int index) {
    requireOpen();
    scratch.clear();
    scratch.putLong(0, 0).putLong(8, 0).putInt(INTERFACE_NAME, index);
    if (Libc.ioctl(fd, Libc.SIOCGIFNAME, scratchAddress) != 0) {
      return Optional.empty();
    }
    byte[] name = new byte[INTERFACE_NAME];
    scratch.get(0, name);
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    return Optional.of(new String(name, 0, length, StandardCharsets.UTF_8));
  }

  @Override
  public long lost() {
    requireOpen();
    scratch.putInt(8, 8);
    if (Libc.getsockopt(
            fd, Libc.SOL_PACKET, Libc.PACKET_STATISTICS, scratchAddress, scratchAddress + 8)
        != 0) {
      return 0;
    }
    return Integer.toUnsignedLong(scratch.getInt(4));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the packet socket is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Libc.close(fd);
      if (ipv4 >= 0) {
        Libc.close(ipv4);
      }
      if (ipv6 >= 0) {
        Libc.close(ipv6);
      }
    }
  }
}
