// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.facts.machine;

import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.diagnostics.facts.section.Lines;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A socket that waits for clients, or a connection that is half open, from {@code /proc/net/tcp}
 * and its like.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param ipv6 whether it is a socket of IPv6, which may take IPv4 as well
 * @param local the local address; all zero for any
 * @param localPort 0 to 65535
 * @param remote the remote address; all zero for a socket that listens
 * @param remotePort 0 to 65535
 * @param state whether it listens
 * @param retransmissions how often a half-open connection's SYN-ACK was sent again; 0 if not known
 * @since 0.1.0
 */
public record SocketEntry(
    String protocol,
    boolean ipv6,
    InetAddress local,
    int localPort,
    InetAddress remote,
    int remotePort,
    State state,
    int retransmissions) {

  /**
   * What a socket waits for.
   *
   * @since 0.1.0
   */
  public enum State {
    /** Takes new connections or datagrams. */
    LISTEN,
    /** Has answered a SYN and waits for the client's acknowledgement. */
    SYN_RECEIVED
  }

  /** Reads what the host printed. */
  public static List<SocketEntry> parse(String text) {
    List<SocketEntry> sockets = new ArrayList<>();
    for (String line : Lines.of(text)) {
      List<String> words = Lines.words(line);
      if (words.size() < 4 || !words.get(0).startsWith("/proc/net/")) {
        continue;
      }
      String file = words.get(0).substring("/proc/net/".length());
      sockets.add(
          new SocketEntry(
              file.startsWith("tcp") ? "tcp" : "udp",
              file.endsWith("6"),
              address(words.get(1)),
              port(words.get(1)),
              address(words.get(2)),
              port(words.get(2)),
              words.get(3).equals("03") ? State.SYN_RECEIVED : State.LISTEN,
              words.size() > 4 && words.get(4).matches("[0-9A-Fa-f]{1,8}")
                  ? Integer.parseUnsignedInt(words.get(4), 16)
                  : 0));
    }
    return List.copyOf(sockets);
  }

  /**
   * Tells whether the socket takes what is sent to an address and port.
   *
   * @param address the address
   * @param port the port
   * @return true if it is bound to it, or to any address; a socket bound to {@code ::} is taken to
   *     serve IPv4 as well, which {@code IPV6_V6ONLY} may forbid
   */
  public boolean serves(InetAddress address, int port) {
    return state == State.LISTEN
        && localPort == port
        && (local.isAnyLocalAddress() || local.equals(address));
  }

  /** The kernel writes addresses as words of the machine's own byte order: here the little one. */
  private static InetAddress address(String text) {
    String hex = text.substring(0, Math.max(0, text.indexOf(':')));
    if (!hex.matches("[0-9A-Fa-f]{8}|[0-9A-Fa-f]{32}")) {
      throw new IllegalArgumentException("no address in " + ForeignText.printable(text));
    }
    ByteBuffer bytes = ByteBuffer.allocate(hex.length() / 2).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < hex.length(); at += 8) {
      bytes.putInt(Integer.parseUnsignedInt(hex, at, at + 8, 16));
    }
    byte[] address = bytes.array();
    return IpAddress.ofBytes(address);
  }

  private static int port(String text) {
    String hex = text.substring(text.indexOf(':') + 1);
    return hex.matches("[0-9A-Fa-f]{1,4}") ? Integer.parseInt(hex, 16) : 0;
  }
}
