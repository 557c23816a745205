// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.Encapsulation;
import io.lvstun.IpAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoAttemptTest {

  private static final InetAddress DIRECTOR = IpAddress.parse("192.0.2.1");
  private static final InetAddress SERVER = IpAddress.parse("192.0.2.2");
  private static final InetAddress VIP = IpAddress.parse("192.0.2.200");
  private static final InetAddress ROUTER = IpAddress.parse("192.0.2.254");

  private static EchoAttempt attempt(int port) {
    return new EchoAttempt(
        new EchoProbe.Tunnel(SERVER, VIP, Encapsulation.ipip(), port),
        DIRECTOR,
        DIRECTOR,
        7,
        3,
        20000);
  }

  private static ByteBuffer reply(int identifier, int sequence) {
    byte[] echo = PacketMaker.echo(VIP, DIRECTOR, identifier, sequence, new byte[4]);
    echo[20] = 0;
    return ByteBuffer.wrap(echo);
  }

  private static ByteBuffer tcp(int port, int flags) {
    byte[] segment = PacketMaker.syn(VIP, 80, DIRECTOR, port, 1);
    segment[33] = (byte) flags;
    return ByteBuffer.wrap(segment);
  }

  private static ByteBuffer unreachable(InetAddress from, int code, byte[] about) {
    ByteBuffer message = ByteBuffer.allocate(8 + 28);
    message.put((byte) 3).put((byte) code).put(new byte[6]).put(about, 0, 28);
    return ByteBuffer.wrap(PacketMaker.ip(from, DIRECTOR, IpPacket.ICMP, message.array()));
  }

  private static TunnelEcho judge(int port, ByteBuffer... received) {
    return attempt(port).judge(PacketExchange.Problem.NONE, List.of(received));
  }

  private static byte[] sent() {
    return attempt(0).echo().packet().array();
  }

  @Test
  void replyToItsOwnNumberIsTheAnswer() {
    assertThat(judge(0, reply(7, 3)).outcome()).isEqualTo(TunnelEcho.Outcome.ANSWERED);
    assertThat(judge(0, reply(7, 4)).outcome()).isEqualTo(TunnelEcho.Outcome.SILENT);
    assertThat(judge(0, reply(8, 3)).outcome()).isEqualTo(TunnelEcho.Outcome.SILENT);
    assertThat(judge(0, ByteBuffer.wrap(new byte[3])).outcome())
        .isEqualTo(TunnelEcho.Outcome.SILENT);
  }

  @Test
  void portIsOpenClosedOrSilent() {
    assertThat(judge(80, tcp(20000, 0x12)).tcp()).isEqualTo("open");
    assertThat(judge(80, tcp(20000, 0x14)).tcp()).isEqualTo("closed");
    assertThat(judge(80, tcp(20001, 0x12)).tcp()).isEqualTo("silent");
    assertThat(judge(80, tcp(20000, 0x14)).outcome()).isEqualTo(TunnelEcho.Outcome.ANSWERED);
    assertThat(judge(0, tcp(20000, 0x12)).tcp()).isEqualTo("-");
  }

  @ParameterizedTest
  @CsvSource({
    "2,UNREACHABLE,NO_WAY",
    "3,UNREACHABLE,NO_WAY",
    "13,REJECTED,REJECTED",
    "10,REJECTED,REJECTED",
    "1,NO_WAY,NO_WAY",
    "0,NO_WAY,NO_WAY"
  })
  void codeAndSenderTellWhoRefuses(
      int code, TunnelEcho.Outcome fromServer, TunnelEcho.Outcome fromRouter) {
    assertThat(judge(0, unreachable(SERVER, code, sent())).outcome()).isEqualTo(fromServer);
    assertThat(judge(0, unreachable(ROUTER, code, sent())).outcome()).isEqualTo(fromRouter);
  }

  @Test
  void refusalOfWhatIsInsideOrOfOthersIsToldApart() {
    byte[] inner = PacketMaker.echo(DIRECTOR, VIP, 7, 3, new byte[0]);
    assertThat(judge(0, unreachable(SERVER, 3, inner)).detail())
        .contains("about the packet inside");
    byte[] others = PacketMaker.ip(ROUTER, SERVER, 4, new byte[20]);
    assertThat(judge(0, unreachable(SERVER, 3, others)).outcome())
        .isEqualTo(TunnelEcho.Outcome.SILENT);
  }

  @Test
  void problemOfSendingIsToldWhereNothingCame() {
    PacketExchange.Problem filtered = new PacketExchange.Problem(true, "dropped");
    assertThat(attempt(0).judge(filtered, List.of()).outcome())
        .isEqualTo(TunnelEcho.Outcome.BLOCKED);
    assertThat(attempt(0).judge(new PacketExchange.Problem(false, "x"), List.of()).outcome())
        .isEqualTo(TunnelEcho.Outcome.NOT_SENT);
    assertThat(attempt(0).judge(filtered, List.of(reply(7, 3))).outcome())
        .isEqualTo(TunnelEcho.Outcome.ANSWERED);
  }

  @Test
  void waitingEndsWhenEchoAndPortHaveAnswered() {
    assertThat(attempt(0).settled(List.of(reply(7, 3)))).isTrue();
    assertThat(attempt(80).settled(List.of(reply(7, 3)))).isFalse();
    assertThat(attempt(80).settled(List.of(reply(7, 3), tcp(20000, 0x12)))).isTrue();
    assertThat(attempt(0).syn()).isEmpty();
    assertThat(attempt(0).reset()).isEmpty();
    assertThat(attempt(80).reset()).isPresent();
  }
}
