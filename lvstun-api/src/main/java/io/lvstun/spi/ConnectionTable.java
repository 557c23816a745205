// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.Protocol;
import io.lvstun.ProtocolException;
import io.lvstun.state.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads the connection table in the form of {@code /proc/net/ip_vs_conn}: a heading, then one line
 * a connection with protocol, three endpoints in hexadecimal, state, seconds to live and, for a
 * persistence engine, its name and data. Source: {@code net/netfilter/ipvs/ip_vs_conn.c}.
 *
 * @since 0.1.0
 */
public final class ConnectionTable {

  /** The kernel writes at most 160 bytes of fields and 272 of engine name and data. */
  private static final int LONGEST_LINE = 1024;

  private static final int CHUNK = 64 * 1024;
  private static final String HEADING = "Pro ";

  private ConnectionTable() {}

  /**
   * Reads connections as the stream is consumed, one buffer of 64 KiB at a time.
   *
   * @param input the file, which closing the stream closes
   * @param driver name of the driver, for error messages
   * @return a stream in the file's order, which must be closed. Consuming it throws {@link
   *     ProtocolException} for a malformed line, and {@link LvsException} if the file cannot be
   *     read or the thread is interrupted
   */
  public static Stream<Connection> read(InputStream input, String driver) {
    Stream<Connection> stream = StreamSupport.stream(new Lines(input, driver), false);
    return stream.onClose(
        () -> {
          try {
            input.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /**
   * Reads one line.
   *
   * @param line a line without its end; engine data as ISO 8859-1
   * @param driver name of the driver, for error messages
   * @return the connection
   * @throws ProtocolException if the line is malformed
   */
  public static Connection parse(String line, String driver) {
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    return new LineParser(driver).parse(bytes, 0, bytes.length, 1);
  }

  /** Cuts the file into lines, none of which may be longer than {@link #LONGEST_LINE}. */
  private static final class Lines extends AbstractSpliterator<Connection> {

    private final InputStream input;
    private final String driver;
    private final LineParser parser;
    private final byte[] buffer = new byte[CHUNK];
    private int position;
    private int limit;
    private long lineNumber;

    Lines(InputStream input, String driver) {
      super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
      this.input = input;
      this.driver = driver;
      this.parser = new LineParser(driver);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Connection> action) {
      while (true) {
        int end = lineEnd();
        if (end < 0) {
          return false;
        }
        int start = position;
        position = Math.min(end + 1, limit);
        lineNumber++;
        if (end > start && !(lineNumber == 1 && isHeading(start, end))) {
          action.accept(parser.parse(buffer, start, end, lineNumber));
          return true;
        }
      }
    }

    private boolean isHeading(int start, int end) {
      return end - start >= HEADING.length()
          && new String(buffer, start, HEADING.length(), StandardCharsets.ISO_8859_1)
              .equals(HEADING);
    }

    /** Where the line at the position ends, reading on as needed; -1 at the end of the file. */
    private int lineEnd() {
      int scanned = position;
      while (true) {
        for (int i = scanned; i < limit; i++) {
          if (buffer[i] == '\n') {
            return i;
          }
        }
        if (limit - position > LONGEST_LINE) {
          throw malformed(driver, lineNumber + 1, "is longer than " + LONGEST_LINE + " bytes");
        }
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        limit -= position;
        position = 0;
        scanned = limit;
        int count = readSome();
        if (count < 0) {
          return limit > 0 ? limit : -1;
        }
        limit += count;
      }
    }

    private int readSome() {
      if (Thread.currentThread().isInterrupted()) {
        throw failed("interrupted", null);
      }
      try {
        return input.read(buffer, limit, buffer.length - limit);
      } catch (IOException e) {
        throw failed("the connection table cannot be read: " + e.getMessage(), e);
      }
    }

    private LvsException failed(String reason, @Nullable Throwable cause) {
      LvsException.Failure failure =
          new LvsException.Failure("read connections", "", driver, reason, OptionalInt.empty(), "");
      return cause == null ? new LvsException(failure) : new LvsException(failure, cause);
    }
  }

  /** Reads the fields of a line from left to right. Remembers the last names: most lines repeat. */
  private static final class LineParser {

    private final String driver;
    private byte[] bytes = {};
    private int position;
    private int end;
    private long lineNumber;
    private String lastState = "";
    private String lastEngine = "";

    LineParser(String driver) {
      this.driver = driver;
    }

    Connection parse(byte[] line, int from, int to, long number) {
      bytes = line;
      position = from;
      end = to;
      lineNumber = number;
      if (to - from > LONGEST_LINE) {
        throw malformed("is longer than " + LONGEST_LINE + " bytes");
      }
      Protocol protocol = protocol();
      InetAddress client = address();
      int clientPort = port();
      InetAddress virtual = address();
      int virtualPort = port();
      InetAddress server = address();
      int serverPort = port();
      lastState = name(lastState, "state");
      Duration expires = Duration.ofSeconds(seconds());
      String engine = "";
      String engineData = "";
      if (position < end) {
        position++;
        engine = name(lastEngine, "engine");
        lastEngine = engine;
        // What the engine recognised came from a client: any byte but the end of the line.
        if (position < end) {
          position++;
          engineData = new String(bytes, position, end - position, StandardCharsets.ISO_8859_1);
        }
      }
      return new Connection(
          protocol,
          client,
          clientPort,
          virtual,
          virtualPort,
          server,
          serverPort,
          lastState,
          expires,
          engine,
          engineData);
    }

    private Protocol protocol() {
      int start = word("protocol");
      if (matches(start, "TCP")) {
        return Protocol.TCP;
      }
      if (matches(start, "UDP")) {
        return Protocol.UDP;
      }
      if (matches(start, "SCTP")) {
        return Protocol.SCTP;
      }
      if (matches(start, "IP")) {
        return Protocol.of(0);
      }
      if (matches(start, "ICMP")) {
        return Protocol.of(1);
      }
      if (matches(start, "ICMPv6")) {
        return Protocol.of(58);
      }
      if (position - start > 3 && position - start <= 6 && matchesHead(start, "IP_")) {
        int number = 0;
        for (int i = start + 3; i < position; i++) {
          if (bytes[i] < '0' || bytes[i] > '9') {
            throw malformed("has an unknown protocol");
          }
          number = number * 10 + bytes[i] - '0';
        }
        if (number <= 255) {
          return Protocol.of(number);
        }
      }
      throw malformed("has an unknown protocol");
    }

    private InetAddress address() {
      int start = word("address");
      int length = position - start;
      if (length == 8) {
        int bits = hex(start, 8);
        return IpAddress.ofBytes(
            new byte[] {
              (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
            });
      }
      if (length == 41 && bytes[start] == '[' && bytes[position - 1] == ']') {
        return addressV6(start + 1);
      }
      if (length == 39) {
        return addressV6(start);
      }
      throw malformed("has an address of " + length + " characters");
    }

    /** Eight groups of four digits, as the kernel's %pI6 writes. */
    private InetAddress addressV6(int start) {
      byte[] address = new byte[16];
      for (int group = 0; group < 8; group++) {
        int at = start + 5 * group;
        int value = hex(at, 4);
        if (group < 7 && bytes[at + 4] != ':') {
          throw malformed("has a malformed IPv6 address");
        }
        address[2 * group] = (byte) (value >>> 8);
        address[2 * group + 1] = (byte) value;
      }
      try {
        // Unlike InetAddress.getByAddress, keeps an IPv4-mapped address an IPv6 one.
        return Inet6Address.getByAddress(null, address, -1);
      } catch (UnknownHostException e) {
        throw new AssertionError("16 bytes are an address", e);
      }
    }

    private int port() {
      int start = word("port");
      if (position - start != 4) {
        throw malformed("has a port that is not 4 hexadecimal digits");
      }
      return hex(start, 4);
    }

    private int hex(int start, int digits) {
      int value = 0;
      for (int i = start; i < start + digits; i++) {
        int digit = Character.digit(bytes[i], 16);
        if (digit < 0) {
          throw malformed("has an address or a port that is not hexadecimal");
        }
        value = value << 4 | digit;
      }
      return value;
    }

    private String name(String last, String what) {
      int start = word(what);
      for (int i = start; i < position; i++) {
        if (bytes[i] < '!' || bytes[i] > '~') {
          throw malformed("has unprintable characters in its " + what);
        }
      }
      return matches(start, last)
          ? last
          : new String(bytes, start, position - start, StandardCharsets.ISO_8859_1);
    }

    private long seconds() {
      int start = word("expiry");
      if (position - start > 10) {
        throw malformed("has an expiry that is out of range");
      }
      long value = 0;
      for (int i = start; i < position; i++) {
        if (bytes[i] < '0' || bytes[i] > '9') {
          throw malformed("has an expiry that is not a number");
        }
        value = value * 10 + bytes[i] - '0';
      }
      return value;
    }

    /** Moves behind the next word; returns where it begins. */
    private int word(String what) {
      while (position < end && bytes[position] == ' ') {
        position++;
      }
      int start = position;
      while (position < end && bytes[position] != ' ') {
        position++;
      }
      if (start == position) {
        throw malformed("ends before its " + what);
      }
      return start;
    }

    private boolean matches(int start, String text) {
      return position - start == text.length() && matchesHead(start, text);
    }

    private boolean matchesHead(int start, String text) {
      for (int i = 0; i < text.length(); i++) {
        if (bytes[start + i] != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    private ProtocolException malformed(String what) {
      return ConnectionTable.malformed(driver, lineNumber, what);
    }
  }

  private static ProtocolException malformed(String driver, long line, String what) {
    return new ProtocolException(
        new LvsException.Failure(
            "read connections",
            "",
            driver,
            "line " + line + " of the connection table " + what,
            OptionalInt.empty(),
            ""));
  }
}
