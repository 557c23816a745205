// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import io.lvstun.diagnostics.probe.FilterMachine;
import io.lvstun.diagnostics.probe.PacketFilter;
import io.lvstun.diagnostics.probe.PacketMaker;
import io.lvstun.spi.CapturedPacket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Packets of every tunnel are read and filtered; hostile ones do no harm. */
public class TunnelPacketTest {

  static final InetAddress DIRECTOR = IpAddress.parse("192.168.1.100");
  static final InetAddress SERVER = IpAddress.parse("192.168.2.101");
  static final InetAddress CLIENT = IpAddress.parse("10.0.0.100");
  static final InetAddress VIP = IpAddress.parse("192.168.1.200");
  static final InetAddress DIRECTOR6 = IpAddress.parse("fd00::1");
  static final InetAddress SERVER6 = IpAddress.parse("fd00::2");
  static final InetAddress CLIENT6 = IpAddress.parse("fd00::3");
  static final InetAddress VIP6 = IpAddress.parse("fd00::4");
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.123456Z");

  public static CapturedPacket captured(byte[] bytes) {
    return new CapturedPacket(TIME, 2, true, false, bytes.length, ByteBuffer.wrap(bytes));
  }

  private static Optional<TunnelPacket> read(byte[] bytes) {
    return TunnelPacket.of(captured(bytes), "eth0", Set.of(6080));
  }

  record Way(String kind, Encapsulation encapsulation, boolean outer6, boolean inner6) {
    byte[] packet() {
      byte[] inner =
          inner6
              ? PacketMaker.syn(CLIENT6, 40000, VIP6, 80, 7)
              : PacketMaker.syn(CLIENT, 40000, VIP, 80, 7);
      return PacketMaker.encapsulate(
          encapsulation, outer6 ? DIRECTOR6 : DIRECTOR, outer6 ? SERVER6 : SERVER, inner, 1);
    }
  }

  public static Stream<Way> ways() {
    return Stream.of(
        new Way("ipip", Encapsulation.ipip(), false, false),
        new Way("sit", Encapsulation.ipip(), false, true),
        new Way("ipip6", Encapsulation.ipip(), true, false),
        new Way("ip6ip6", Encapsulation.ipip(), true, true),
        new Way("gue", Encapsulation.gue(6080), false, false),
        new Way("gue", Encapsulation.gue(6080), true, true),
        new Way("gre", Encapsulation.gre(), false, false),
        new Way("gre", Encapsulation.gre(), true, true),
        new Way("gre", Encapsulation.gre().checksum(), false, true));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void everyTunnelIsReadAndPassesTheFilter(Way way) {
    byte[] bytes = way.packet();
    TunnelPacket packet = read(bytes).orElseThrow();
    assertThat(packet.kind()).isEqualTo(way.kind());
    assertThat(packet.destination()).isEqualTo(way.outer6() ? SERVER6 : SERVER);
    TunnelPacket.Inner inner = packet.inner().orElseThrow();
    assertThat(inner.toString())
        .isEqualTo(
            way.inner6()
                ? "[fd00::3]:40000 > [fd00::4]:80 tcp [S] length 60"
                : "10.0.0.100:40000 > 192.168.1.200:80 tcp [S] length 40");
    assertThat(packet.concerns(way.inner6() ? VIP6 : VIP)).isTrue();
    assertThat(packet.concerns(SERVER)).isFalse();
    assertThat(packet.toString()).contains(" eth0 Out " + way.kind() + " ");
    assertThat(FilterMachine.accepts(PacketFilter.tunnels(Set.of(6080)), bytes)).isTrue();
  }

  /** With the options that TCP has in practice. */
  @Test
  void packetWithTcpOptionsIsRead() {
    byte[] bytes =
        HexFormat.of()
            .parseHex(
                "4500005039e640003f047b90c0a80164c0a80265"
                    + "4500003c39e640003e0631180a000064c0a801c8"
                    + "9c40005068d2a0f300000000a002faf0c9d90000"
                    + "020405b40402080a3c6f1c3d0000000001030307");
    assertThat(read(bytes).orElseThrow().toString())
        .endsWith(
            "eth0 Out ipip 192.168.1.100 > 192.168.2.101: 10.0.0.100:40000 > 192.168.1.200:80 tcp"
                + " [S] length 60");
  }

  @Test
  void otherPacketsAreNone() {
    byte[] plain = PacketMaker.syn(CLIENT, 40000, VIP, 80, 7);
    byte[] otherPort = PacketMaker.encapsulate(Encapsulation.gue(6081), DIRECTOR, SERVER, plain, 1);
    for (byte[] bytes : List.of(plain, otherPort, PacketMaker.echo(CLIENT, VIP, 1, 1, plain))) {
      assertThat(read(bytes)).isEmpty();
      assertThat(FilterMachine.accepts(PacketFilter.tunnels(Set.of(6080)), bytes)).isFalse();
    }
    assertThat(FilterMachine.accepts(PacketFilter.tunnels(Set.of()), otherPort)).isFalse();
  }

  @Test
  void limitOfEncapsulationIsStridden() {
    byte[] inner = PacketMaker.syn(CLIENT, 40000, VIP, 80, 7);
    // Next header 4, length 0, option 4 (tunnel encapsulation limit), padding.
    byte[] options = HexFormat.of().parseHex("0400040104010100");
    byte[] content = Arrays.copyOf(options, options.length + inner.length);
    System.arraycopy(inner, 0, content, options.length, inner.length);
    byte[] bytes = PacketMaker.ip(DIRECTOR6, SERVER6, 60, content);
    assertThat(read(bytes).orElseThrow().kind()).isEqualTo("ipip6");
    assertThat(read(bytes).orElseThrow().inner()).isPresent();
    assertThat(FilterMachine.accepts(PacketFilter.tunnels(Set.of()), bytes)).isTrue();
  }

  @Test
  void laterFragmentsAreTold() {
    byte[] bytes =
        PacketMaker.encapsulate(
            Encapsulation.ipip(), DIRECTOR, SERVER, PacketMaker.syn(CLIENT, 40000, VIP, 80, 7), 1);
    bytes[7] = 10;
    TunnelPacket packet = read(bytes).orElseThrow();
    assertThat(packet.inner()).isEmpty();
    assertThat(packet.note()).isEqualTo("later fragment");
    assertThat(packet.toString()).endsWith(": length 60 (later fragment)");
  }

  @Test
  void packetWithinThatIsCutOffIsTold() {
    byte[] bytes =
        Arrays.copyOf(
            PacketMaker.encapsulate(
                Encapsulation.ipip(),
                DIRECTOR,
                SERVER,
                PacketMaker.syn(CLIENT, 40000, VIP, 80, 7),
                1),
            30);
    assertThat(read(bytes).orElseThrow().note()).isEqualTo("no readable packet inside");
  }

  @Test
  void answersPassTheirFilter() {
    var filter = PacketFilter.answers(Set.of(50000));
    assertThat(FilterMachine.accepts(filter, PacketMaker.echo(VIP, DIRECTOR, 1, 1, new byte[8])))
        .isTrue();
    assertThat(FilterMachine.accepts(filter, PacketMaker.echo(VIP6, DIRECTOR6, 1, 1, new byte[8])))
        .isTrue();
    assertThat(FilterMachine.accepts(filter, PacketMaker.syn(VIP, 80, DIRECTOR, 50000, 1)))
        .isTrue();
    assertThat(FilterMachine.accepts(filter, PacketMaker.syn(VIP6, 80, DIRECTOR6, 50000, 1)))
        .isTrue();
    assertThat(FilterMachine.accepts(filter, PacketMaker.syn(VIP, 80, DIRECTOR, 50001, 1)))
        .isFalse();
    assertThat(
            FilterMachine.accepts(
                PacketFilter.answers(Set.of()), PacketMaker.syn(VIP, 80, DIRECTOR, 50001, 1)))
        .isFalse();
  }

  /** Every cut and many damages of every kind of packet: a packet or none, never an exception. */
  @Test
  void hostilePacketsDoNoHarm() {
    long seed = Long.getLong("lvstun.seed", System.nanoTime());
    Random random = new Random(seed);
    int readable = 0;
    for (Way way : ways().toList()) {
      byte[] whole = way.packet();
      for (int length = 0; length <= whole.length; length++) {
        readable +=
            read(Arrays.copyOf(whole, length)).map(TunnelPacket::toString).isPresent() ? 1 : 0;
      }
      for (int i = 0; i < 3000; i++) {
        byte[] damaged = Arrays.copyOf(whole, random.nextInt(whole.length + 40));
        for (int n = random.nextInt(6); n > 0 && damaged.length > 0; n--) {
          damaged[random.nextInt(Math.min(damaged.length, 64))] = (byte) random.nextInt();
        }
        readable += read(damaged).map(TunnelPacket::toString).isPresent() ? 1 : 0;
      }
    }
    assertThat(readable).as("packets that were readable, seed %d", seed).isPositive();
  }
}
