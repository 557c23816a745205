// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.Protocol;
import io.lvstun.ProtocolException;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.state.IpvsInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Cuts the lists of {@code ipvsadm -L -n} into rows. What does not look like a list of ipvsadm is a
 * {@link ProtocolException}.
 */
final class ListingParser {

  private static final String VERSION = "IP Virtual Server version ";
  private static final String TITLE = "Prot LocalAddress:Port";
  private static final String SUBTITLE = "  -> RemoteAddress:Port";
  private static final String SERVER = "  -> ";
  private static final int LONGEST_LINE = 1024;

  private final InputStream input;
  private final String operation;
  private final byte[] buffer = new byte[16 * 1024];
  private int position;
  private int limit;
  private int lineNumber;

  ListingParser(InputStream input, String operation) {
    this.input = input;
    this.operation = operation;
  }

  IpvsInfo info() {
    return info(line().orElseThrow(() -> malformed("the list is empty")));
  }

  List<ListingTable> tables() {
    List<ListingTable> tables = new ArrayList<>();
    Optional<String> first = line();
    while (first.isPresent()) {
      first = table(first.get(), tables);
    }
    return tables;
  }

  /** Reads the list that begins with a line; returns the first line of the next one. */
  private Optional<String> table(String firstLine, List<ListingTable> tables) {
    Optional<IpvsInfo> info = Optional.empty();
    String title = firstLine;
    if (title.startsWith(VERSION)) {
      info = Optional.of(info(title));
      title = line().orElseThrow(() -> malformed("the list ends before its title"));
    }
    if (!title.startsWith(TITLE)) {
      throw malformed("there is no title");
    }
    if (!line().orElse("").startsWith(SUBTITLE)) {
      throw malformed("there is no second title");
    }
    List<ListingTable.Row> services = new ArrayList<>();
    List<ListingTable.ServerRow> servers = new ArrayList<>();
    Optional<String> line = line();
    for (; line.isPresent(); line = line()) {
      String text = line.get();
      if (text.startsWith(VERSION) || text.startsWith(TITLE)) {
        break;
      }
      if (!text.startsWith(SERVER)) {
        servers = new ArrayList<>();
        services.add(service(text, servers));
      } else if (services.isEmpty()) {
        throw malformed("a real server stands before the first service");
      } else {
        servers.add(server(text));
      }
    }
    tables.add(new ListingTable(info, services));
    return line;
  }

  private IpvsInfo info(String line) {
    int size = line.indexOf(" (size=");
    if (!line.startsWith(VERSION) || size < 0 || !line.endsWith(")")) {
      throw malformed("the first line does not tell the version");
    }
    String[] parts = line.substring(VERSION.length(), size).split("\\.", -1);
    if (parts.length != 3) {
      throw malformed("the version has not three parts");
    }
    int version = 0;
    for (String part : parts) {
      version = version << 8 | (int) number(part, 255);
    }
    return new IpvsInfo(
        version, (int) number(line.substring(size + 7, line.length() - 1), Integer.MAX_VALUE));
  }

  private ListingTable.Row service(String line, List<ListingTable.ServerRow> servers) {
    int afterProtocol = wordEnd(line, 0);
    int name = wordStart(line, afterProtocol);
    int afterName = wordEnd(line, name);
    if (afterName == name) {
      throw malformed("a service has no name");
    }
    String protocol = line.substring(0, afterProtocol);
    String address = line.substring(name, afterName);
    if (protocol.equals("FWM")) {
      return markService(line, afterName, address, servers);
    }
    ServerKey endpoint = endpoint(address);
    ServiceKey key =
        new ServiceKey.Endpoint(
            switch (protocol) {
              case "TCP" -> Protocol.TCP;
              case "UDP" -> Protocol.UDP;
              case "SCTP" -> Protocol.SCTP;
              case "?" -> ListingTable.UNNAMED;
              default -> throw malformed("a service has an unknown protocol");
            },
            endpoint.address(),
            endpoint.port());
    return new ListingTable.Row(key, rest(line, afterName), servers);
  }

  private ListingTable.Row markService(
      String line, int afterName, String name, List<ListingTable.ServerRow> servers) {
    long mark = signed(name) & 0xffff_ffffL;
    if (mark == 0) {
      throw malformed("a firewall mark is 0");
    }
    int next = wordStart(line, afterName);
    int afterNext = wordEnd(line, next);
    boolean v6 = line.substring(next, afterNext).equals("IPv6");
    return new ListingTable.Row(
        new ServiceKey.Mark(mark, v6 ? AddressFamily.IPV6 : AddressFamily.IPV4),
        rest(line, v6 ? afterNext : afterName),
        servers);
  }

  private ListingTable.ServerRow server(String line) {
    int name = SERVER.length();
    int afterName = wordEnd(line, name);
    return new ListingTable.ServerRow(
        endpoint(line.substring(name, afterName)), rest(line, afterName));
  }

  private static int wordStart(String line, int from) {
    int start = from;
    while (start < line.length() && line.charAt(start) == ' ') {
      start++;
    }
    return start;
  }

  private static int wordEnd(String line, int from) {
    int end = line.indexOf(' ', from);
    return end < 0 ? line.length() : end;
  }

  private String rest(String line, int from) {
    String rest = line.substring(from).strip();
    if (rest.isEmpty()) {
      throw malformed("nothing follows a name");
    }
    return rest;
  }

  private ServerKey endpoint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw malformed("an address has no port");
    }
    int port = (int) number(text.substring(colon + 1), 65535);
    String literal = text.substring(0, colon);
    InetAddress address;
    try {
      address = IpAddress.parse(literal);
    } catch (IllegalArgumentException e) {
      throw malformed("an address is malformed", e);
    }
    boolean bracketed = literal.startsWith("[");
    if (bracketed != literal.indexOf(':') >= 0) {
      throw malformed("an address is malformed");
    }
    return new ServerKey(
        bracketed && address instanceof Inet4Address mapped ? unmapped(mapped) : address, port);
  }

  /** Java turns an IPv4-mapped address into an IPv4 one, the kernel does not. */
  private static InetAddress unmapped(Inet4Address address) {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    System.arraycopy(address.getAddress(), 0, bytes, 12, 4);
    try {
      return Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError("16 bytes are an address", e);
    }
  }

  private long number(String text, long most) {
    return ListingTable.number(text, most).orElseThrow(() -> malformed("a number is malformed"));
  }

  private long signed(String text) {
    return text.startsWith("-")
        ? -number(text.substring(1), 1L << 31)
        : number(text, Integer.MAX_VALUE);
  }

  /** The next line without its end; empty at the end of the list. */
  private Optional<String> line() {
    StringBuilder line = new StringBuilder();
    lineNumber++;
    while (true) {
      int c = read();
      if (c < 0) {
        if (line.length() > 0) {
          throw malformed("the list is cut off");
        }
        return Optional.empty();
      }
      if (c == '\n') {
        return Optional.of(line.toString());
      }
      if (c < ' ' || c > '~') {
        throw malformed("there is a character that ipvsadm does not print");
      }
      if (line.length() == LONGEST_LINE) {
        throw malformed("a line is longer than " + LONGEST_LINE + " characters");
      }
      line.append((char) c);
    }
  }

  private int read() {
    if (position < limit) {
      return buffer[position++] & 0xff;
    }
    try {
      limit = input.read(buffer, 0, buffer.length);
      position = 1;
      return limit < 0 ? -1 : buffer[0] & 0xff;
    } catch (IOException e) {
      throw malformed("the list cannot be read", e);
    }
  }

  private ProtocolException malformed(String what) {
    return new ProtocolException(failure(what));
  }

  private ProtocolException malformed(String what, Throwable cause) {
    return new ProtocolException(failure(what), cause);
  }

  private LvsException.Failure failure(String what) {
    return new LvsException.Failure(
        operation,
        "",
        "ipvsadm",
        "line " + lineNumber + " of what ipvsadm printed: " + what,
        OptionalInt.empty(),
        "Check that the program is ipvsadm 1.28 to 1.31 (ipvsadm --version)");
  }
}
