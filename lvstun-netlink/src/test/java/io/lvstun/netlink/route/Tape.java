// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import io.lvstun.netlink.socket.NetlinkSocket;
import io.lvstun.netlink.socket.SocketSource;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What went over sockets, as lines: {@code = PROTOCOL PORT} opens one, {@code > N HEX} is a
 * datagram to the kernel on the Nth, {@code < N HEX} one from it. Records real sockets, and plays
 * them back: then every request must be the one that was recorded, byte by byte.
 */
final class Tape {

  private static final int EAGAIN = 11;

  private Tape() {}

  /** Sockets that are recorded. */
  static SocketSource recording(SocketSource real, List<String> lines) {
    return new Source() {
      @Override
      public NetlinkSocket open(int protocol) {
        NetlinkSocket socket = real.open(protocol);
        int number = sockets++;
        lines.add("= " + protocol + " " + socket.portId());
        return new Socket(socket.portId()) {
          @Override
          public void send(ByteBuffer datagram) {
            lines.add("> " + number + " " + hex(datagram, datagram.position()));
            socket.send(datagram);
          }

          @Override
          public int receive(ByteBuffer into) {
            int length = socket.receive(into);
            if (length >= 0) {
              lines.add("< " + number + " " + hex(into, length));
            }
            return length;
          }

          @Override
          public boolean await(int milliseconds) {
            return socket.await(milliseconds);
          }

          @Override
          public void close() {
            socket.close();
          }
        };
      }
    };
  }

  /** Sockets that are played back. */
  static SocketSource replaying(List<String> recorded) {
    List<String> lines = new ArrayList<>(recorded);
    lines.removeIf(line -> line.startsWith("#"));
    return new Source() {
      @Override
      public NetlinkSocket open(int protocol) {
        int number = sockets++;
        String[] opening = take("= " + protocol + " ").split(" ");
        return new Socket(Integer.parseInt(opening[2])) {
          @Override
          public void send(ByteBuffer datagram) {
            String expected = take("> " + number + " ");
            String sent = "> " + number + " " + hex(datagram, datagram.position());
            if (!expected.equals(sent)) {
              throw new AssertionError("expected " + expected + " but was " + sent);
            }
          }

          @Override
          public int receive(ByteBuffer into) {
            if (lines.isEmpty() || !lines.get(0).startsWith("< " + number + " ")) {
              return -EAGAIN;
            }
            byte[] bytes = HexFormat.of().parseHex(lines.remove(0).split(" ")[2]);
            into.duplicate().clear().put(bytes);
            return bytes.length;
          }
        };
      }

      private String take(String beginning) {
        if (lines.isEmpty() || !lines.get(0).startsWith(beginning)) {
          throw new AssertionError(
              "expected " + (lines.isEmpty() ? "the end" : lines.get(0)) + " but was " + beginning);
        }
        return lines.remove(0);
      }
    };
  }

  private static String hex(ByteBuffer buffer, int length) {
    byte[] bytes = new byte[length];
    buffer.duplicate().clear().get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private abstract static class Source implements SocketSource {
    int sockets;

    @Override
    public InputStream openProcNet(String name) {
      throw new AssertionError("reads no file");
    }
  }

  private abstract static class Socket implements NetlinkSocket {
    private final int portId;

    Socket(int portId) {
      this.portId = portId;
    }

    @Override
    public int portId() {
      return portId;
    }

    @Override
    public int receiveQueueBytes() {
      return 1024 * 1024;
    }

    @Override
    public int longestDatagram() {
      return 200_000;
    }

    @Override
    public boolean await(int milliseconds) {
      return true;
    }

    @Override
    public void close() {}
  }
}
