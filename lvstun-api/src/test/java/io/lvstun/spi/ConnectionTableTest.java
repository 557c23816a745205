// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.Protocol;
import io.lvstun.ProtocolException;
import io.lvstun.state.Connection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTableTest {

  private static final String HEADING =
      "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";
  private static final String LINE =
      "TCP 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED     899";

  @Test
  void readsAnIpv4Connection() {
    Connection connection = ConnectionTable.parse(LINE, "netlink");

    assertThat(connection)
        .isEqualTo(
            new Connection(
                Protocol.TCP,
                IpAddress.parse("10.0.0.100"),
                0xe5b2,
                IpAddress.parse("192.168.1.200"),
                80,
                IpAddress.parse("192.168.2.101"),
                80,
                "ESTABLISHED",
                Duration.ofSeconds(899),
                "",
                ""));
  }

  @Test
  void readsIpv6ConnectionsWithAndWithoutBracketsOnTheServer() {
    String client = "2001:0db8:0000:0000:0000:0000:0000:0001";
    String virtual = "2001:0db8:0000:0000:0000:0000:0000:0050";
    String server = "fd00:0000:0000:0000:0000:0000:0000:0011";
    for (String shown : List.of(server, '[' + server + ']')) {
      Connection connection =
          ConnectionTable.parse(
              "UDP " + client + " 8235 " + virtual + " 0035 " + shown + " 0035 UDP             299",
              "netlink");
      assertThat(connection.client()).isEqualTo(IpAddress.parse("2001:db8::1"));
      assertThat(connection.virtual()).isEqualTo(IpAddress.parse("2001:db8::50"));
      assertThat(connection.server()).isEqualTo(IpAddress.parse("fd00::11"));
      assertThat(connection.protocol()).isEqualTo(Protocol.UDP);
    }
  }

  @Test
  void readsAnIpv4ServerOfAnIpv6Service() {
    Connection connection =
        ConnectionTable.parse(
            "TCP 2001:0db8:0000:0000:0000:0000:0000:0001 8235"
                + " 2001:0db8:0000:0000:0000:0000:0000:0050 0050 C0A80265 0050 SYN_RECV         59",
            "netlink");
    assertThat(connection.server()).isEqualTo(IpAddress.parse("192.168.2.101"));
  }

  @Test
  void keepsAnIpv4MappedAddressAnIpv6One() {
    Connection connection =
        ConnectionTable.parse(
            "TCP 0000:0000:0000:0000:0000:ffff:0a00:0001 8235"
                + " 2001:0db8:0000:0000:0000:0000:0000:0050 0050 C0A80265 0050 SYN_RECV         59",
            "netlink");
    assertThat(connection.client()).isInstanceOf(Inet6Address.class);
  }

  @Test
  void readsEngineDataWithSpacesAndBytesBeyondAscii() {
    Connection connection =
        ConnectionTable.parse(
            "UDP 0A000064 0000 C0A801C8 13C4 C0A80265 13C4 NONE            358 sip a"
                + " b\u00e9\u0001c",
            "netlink");
    assertThat(connection.engine()).isEqualTo("sip");
    assertThat(connection.engineData()).isEqualTo("a b\u00e9\u0001c");
    assertThat(connection.state()).isEqualTo("NONE");
  }

  @Test
  void readsProtocolsWithoutANameOfTheirOwn() {
    assertThat(ConnectionTable.parse(LINE.replace("TCP", "IP"), "x").protocol())
        .isEqualTo(Protocol.of(0));
    assertThat(ConnectionTable.parse(LINE.replace("TCP", "IP_51"), "x").protocol())
        .isEqualTo(Protocol.of(51));
    assertThat(ConnectionTable.parse(LINE.replace("TCP", "ICMPv6"), "x").protocol())
        .isEqualTo(Protocol.of(58));
    assertThat(ConnectionTable.parse(LINE.replace("TCP", "SCTP"), "x").protocol())
        .isEqualTo(Protocol.SCTP);
  }

  @Test
  void streamsALongTableAndClosesTheFile() {
    int count = 5_000;
    String table =
        IntStream.range(0, count)
            .mapToObj(i -> LINE.replace("E5B2", String.format("%04X", i)) + "\n")
            .collect(Collectors.joining("", HEADING, ""));
    AtomicBoolean closed = new AtomicBoolean();
    InputStream input =
        new ByteArrayInputStream(table.getBytes(StandardCharsets.ISO_8859_1)) {
          @Override
          public void close() {
            closed.set(true);
          }
        };

    try (Stream<Connection> connections = ConnectionTable.read(input, "netlink")) {
      assertThat(connections.mapToInt(Connection::clientPort))
          .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
    }
    assertThat(closed).isTrue();
  }

  /** Reads byte by byte: nothing may depend on how much a read gives at once. */
  private abstract static class ByteByByte extends InputStream {
    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int value = length == 0 ? 0 : read();
      if (value < 0 || length == 0) {
        return value;
      }
      into[from] = (byte) value;
      return 1;
    }
  }

  @Test
  void readsNoMoreThanTheConsumerTakes() {
    InputStream endless =
        new ByteByByte() {
          private final byte[] line = (LINE + "\n").getBytes(StandardCharsets.ISO_8859_1);
          private int at;

          @Override
          public int read() {
            return line[at++ % line.length];
          }
        };
    try (Stream<Connection> connections = ConnectionTable.read(endless, "netlink")) {
      assertThat(connections.limit(3)).hasSize(3);
    }
  }

  @Test
  void readsATableWithoutConnectionsOrWithoutAHeading() {
    assertThat(read(HEADING)).isEmpty();
    assertThat(read("")).isEmpty();
    assertThat(read(LINE)).hasSize(1);
  }

  @Test
  void namesTheLineThatIsMalformed() {
    assertThatThrownBy(() -> read(HEADING + LINE + "\n" + LINE.replace("0050", "00x0") + "\n"))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("line 3 of the connection table")
        .hasMessageContaining("not hexadecimal");
  }

  @Test
  void aLineWithoutEndIsRefusedInsteadOfBeingHeld() {
    InputStream endless =
        new ByteByByte() {
          @Override
          public int read() {
            return 'A';
          }
        };
    try (Stream<Connection> connections = ConnectionTable.read(endless, "netlink")) {
      assertThatThrownBy(connections::toList)
          .isInstanceOf(ProtocolException.class)
          .hasMessageContaining("longer than 1024 bytes");
    }
  }

  @Test
  void aFailingFileIsAnLvsException() {
    InputStream broken =
        new ByteByByte() {
          @Override
          public int read() throws IOException {
            throw new IOException("gone");
          }
        };
    try (Stream<Connection> connections = ConnectionTable.read(broken, "netlink")) {
      assertThatThrownBy(connections::toList)
          .isInstanceOf(LvsException.class)
          .hasMessageContaining("gone");
    }
  }

  @Test
  void anInterruptedThreadStopsAndKeepsItsStatus() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> read(HEADING + LINE))
        .isInstanceOf(LvsException.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "TCP",
        "XYZ 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED 899",
        "IP_999 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED 899",
        "IP_1x 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED 899",
        "TCP 0A00006 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED 899",
        "TCP 0A000064 E5B C0A801C8 0050 C0A80265 0050 ESTABLISHED 899",
        "TCP 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED",
        "TCP 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED 8x9",
        "TCP 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTABLISHED 99999999999",
        "TCP 0A000064 E5B2 C0A801C8 0050 C0A80265 0050 ESTAB\u001bLISHED 899",
        "TCP 0A000064 E5B2 C0A801C8 0050 [C0A80265] 0050 ESTABLISHED 899",
        "TCP 20010db8:0000:0000:0000:0000:0000:0001: 0001 C0A801C8 0050 C0A80265 0050 NONE 1"
      })
  void refusesMalformedLines(String line) {
    assertThatThrownBy(() -> ConnectionTable.parse(line, "netlink"))
        .isInstanceOf(ProtocolException.class);
  }

  @Test
  void hostileLinesGiveAConnectionOrAProtocolException() {
    long seed = Long.getLong("lvstun.seed", System.nanoTime());
    Random random = new Random(seed);
    byte[] line = LINE.getBytes(StandardCharsets.ISO_8859_1);
    for (int round = 0; round < 50_000; round++) {
      byte[] mutated = line.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      String text =
          new String(mutated, 0, random.nextInt(line.length + 1), StandardCharsets.ISO_8859_1);
      try {
        assertThat(ConnectionTable.parse(text, "netlink")).isNotNull();
      } catch (ProtocolException expected) {
        assertThat(expected).hasMessageContaining("line 1");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", line \"" + text + '"', e);
      }
    }
  }

  private static List<Connection> read(String table) {
    InputStream input = new ByteArrayInputStream(table.getBytes(StandardCharsets.ISO_8859_1));
    try (Stream<Connection> connections = ConnectionTable.read(input, "netlink")) {
      return connections.toList();
    }
  }
}
