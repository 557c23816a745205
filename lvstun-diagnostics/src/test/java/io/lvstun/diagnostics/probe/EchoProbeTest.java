// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.DriverOptions;
import io.lvstun.IpAddress;
import io.lvstun.LvsException;
import io.lvstun.PermissionException;
import io.lvstun.cluster.Topology;
import io.lvstun.diagnostics.facts.Recorded;
import io.lvstun.diagnostics.facts.section.Section;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Clusters;
import io.lvstun.diagnostics.probe.TunnelEcho.Outcome;
import io.lvstun.diagnostics.probe.trace.TunnelPacket;
import io.lvstun.diagnostics.probe.trace.TunnelPacketTest;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.spi.CapturedPacket;
import io.lvstun.spi.PacketSocket;
import io.lvstun.spi.PacketSocketProvider;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Echoes through tunnels, with servers that a test plays. */
class EchoProbeTest {

  /** Three echoes, and for two services that are TCP the beginning of a connection and its end. */
  private static final int ONCE = 7;

  private static final InetAddress DIRECTOR = IpAddress.parse("192.168.1.100");
  private static final InetAddress VIP = IpAddress.parse("192.168.1.200");
  private static final InetAddress FIRST = IpAddress.parse("192.168.1.101");

  /** A host that is on this machine, or is not, and whose commands a test answers. */
  private record FakeHost(String name, boolean here, Function<HostCommand, CommandResult> commands)
      implements Host {

    @Override
    public String specification() {
      return "fake:" + name;
    }

    @Override
    public String label() {
      return name;
    }

    @Override
    public CommandResult run(HostCommand command) {
      return commands.apply(command);
    }

    @Override
    public Optional<DriverOptions> driverOptions() {
      return here ? Optional.of(DriverOptions.defaults()) : Optional.empty();
    }
  }

  private static CommandResult said(int exitCode, String output, String errors) {
    return new CommandResult(exitCode, output, errors, false, false, Duration.ZERO);
  }

  private static Cluster cluster(boolean here, Function<HostCommand, CommandResult> commands) {
    return Clusters.of(
        Topology.builder()
            .director("director", new FakeHost("director", here, commands))
            .realServer("rs", new FakeHost("rs", here, commands))
            .build(),
        Recorded.facts("json-director"),
        Recorded.facts("json-rs1"));
  }

  /** Gives back what servers make of what they are sent. */
  private static final class Network implements PacketSocketProvider {

    private final Function<byte[], List<byte[]>> servers;
    private final List<TunnelPacket> sent = new ArrayList<>();
    private boolean deaf;

    Network(Function<byte[], List<byte[]>> servers) {
      this.servers = servers;
    }

    @Override
    public PacketSocket open(
        Optional<io.lvstun.NetworkNamespace> namespace,
        List<io.lvstun.spi.FilterInstruction> filter,
        int kept) {
      Deque<CapturedPacket> waiting = new ArrayDeque<>();
      return new PacketSocket() {
        @Override
        public Optional<CapturedPacket> receive(Duration wait) {
          if (deaf) {
            throw new LvsException(
                new LvsException.Failure(
                    "receive", "", "", "the device is gone", OptionalInt.of(100), ""));
          }
          return Optional.ofNullable(waiting.poll());
        }

        @Override
        public void send(InetAddress destination, ByteBuffer packet) {
          byte[] bytes = new byte[packet.remaining()];
          packet.get(bytes);
          TunnelPacket read =
              TunnelPacket.of(TunnelPacketTest.captured(bytes), "", Set.of(6080)).orElseThrow();
          assertThat(read.destination()).isEqualTo(destination);
          sent.add(read);
          for (byte[] answer : servers.apply(bytes)) {
            if (FilterMachine.accepts(filter, answer)) {
              waiting.add(
                  new CapturedPacket(
                      Instant.EPOCH, 2, false, false, answer.length, ByteBuffer.wrap(answer)));
            }
          }
        }

        @Override
        public Optional<String> deviceName(int index) {
          return Optional.empty();
        }

        @Override
        public long lost() {
          return 0;
        }

        @Override
        public void close() {}
      };
    }
  }

  private static IpPacket outer(byte[] bytes) {
    return IpPacket.at(ByteBuffer.wrap(bytes), 0).orElseThrow();
  }

  private static IpPacket inner(byte[] bytes) {
    IpPacket outer = outer(bytes);
    return outer.within(outer.protocol() == IpPacket.UDP ? 12 : 0).orElseThrow();
  }

  /** The answer of a healthy server: an echo reply, or the second packet of a handshake. */
  private static List<byte[]> healthy(byte[] bytes, int tcpFlags) {
    IpPacket inner = inner(bytes);
    byte[] answer;
    if (inner.protocol() == IpPacket.ICMP) {
      byte[] data = new byte[8];
      answer =
          PacketMaker.echo(VIP, DIRECTOR, inner.unsignedShort(4), inner.unsignedShort(6), data);
      answer[20] = 0;
    } else {
      answer = PacketMaker.syn(VIP, inner.destinationPort(), DIRECTOR, inner.sourcePort(), 1);
      answer[33] = (byte) tcpFlags;
    }
    return List.of(answer);
  }

  /** An ICMP message about a packet. */
  private static byte[] unreachable(InetAddress from, int code, byte[] about) {
    ByteBuffer message = ByteBuffer.allocate(8 + Math.min(about.length, 60));
    message.put((byte) 3).put((byte) code).putShort((short) 0).putInt(0);
    message.put(about, 0, Math.min(about.length, 60));
    return PacketMaker.ip(from, DIRECTOR, IpPacket.ICMP, message.array());
  }

  private static List<TunnelEcho> echoes(List<Observation> observations) {
    Section section =
        observations.stream()
            .filter(each -> each.host().equals("director"))
            .map(Observation::section)
            .filter(each -> each.name().equals(EchoProbe.ECHO))
            .findFirst()
            .orElseThrow();
    return TunnelEcho.parse(section.text());
  }

  private static List<Observation> probe(Network network) {
    return new EchoProbe(Duration.ofMillis(50), () -> network)
        .observe(cluster(true, command -> said(0, "/proc/uptime:1.0 1.0\n", "")));
  }

  private static List<Outcome> outcomes(Network network) {
    return echoes(probe(network)).stream().map(TunnelEcho::outcome).toList();
  }

  @Test
  void healthyServersAnswerAndConnectionsAreReset() {
    Network network = new Network(bytes -> healthy(bytes, 0x12));
    List<TunnelEcho> echoes = echoes(probe(network));
    assertThat(echoes)
        .extracting(TunnelEcho::tunnel)
        .containsExactlyInAnyOrder("ipip", "ipip", "gue:6080:+c");
    assertThat(echoes).extracting(TunnelEcho::outcome).containsOnly(Outcome.ANSWERED);
    assertThat(echoes).extracting(TunnelEcho::tcp).containsExactlyInAnyOrder("open", "open", "-");
    assertThat(network.sent)
        .extracting(packet -> packet.inner().orElseThrow().flags())
        .containsExactlyInAnyOrder("", "S", "", "S", "", "R", "R");
    assertThat(network.sent).allMatch(packet -> packet.source().equals(DIRECTOR));
  }

  @Test
  void connectionsAreEndedAlsoWhenReceivingFails() {
    Network network = new Network(bytes -> List.of());
    network.deaf = true;
    assertThat(probe(network))
        .extracting(each -> each.section().problem())
        .containsExactly("the device is gone");
    assertThat(network.sent)
        .extracting(packet -> packet.inner().orElseThrow().flags())
        .containsExactlyInAnyOrder("", "S", "", "S", "", "R", "R");
  }

  @Test
  void portThatNobodyListensOnIsTold() {
    Network network = new Network(bytes -> healthy(bytes, 0x14));
    assertThat(echoes(probe(network)))
        .extracting(TunnelEcho::tcp)
        .containsExactlyInAnyOrder("closed", "closed", "-");
    assertThat(network.sent).hasSize(ONCE);
  }

  @Test
  void serverThatTakesNothingOutIsToldApart() {
    Network network =
        new Network(bytes -> List.of(unreachable(outer(bytes).destination(), 3, bytes)));
    assertThat(outcomes(network)).containsOnly(Outcome.UNREACHABLE);
    assertThat(echoes(probe(network)))
        .extracting(TunnelEcho::detail)
        .contains("ICMP unreachable, code 3, from 192.168.1.101");
  }

  @Test
  void filterThatRefusesIsToldApart() {
    assertThat(
            outcomes(
                new Network(bytes -> List.of(unreachable(outer(bytes).destination(), 13, bytes)))))
        .containsOnly(Outcome.REJECTED);
    assertThat(
            outcomes(
                new Network(
                    bytes -> {
                      IpPacket inner = inner(bytes);
                      byte[] about =
                          java.util.Arrays.copyOfRange(
                              bytes, inner.start() - 20, inner.start() + 8);
                      return List.of(unreachable(VIP, 3, about));
                    })))
        .containsOnly(Outcome.REJECTED);
  }

  @Test
  void routerThatKnowsNoWayIsToldApart() {
    assertThat(
            outcomes(
                new Network(
                    bytes -> List.of(unreachable(IpAddress.parse("192.168.1.1"), 1, bytes)))))
        .containsOnly(Outcome.NO_WAY);
  }

  @Test
  void answersToOthersAreNotCounted() {
    assertThat(
            outcomes(
                new Network(
                    bytes ->
                        List.of(
                            PacketMaker.echo(VIP, DIRECTOR, 1, 1, new byte[8]),
                            PacketMaker.syn(VIP, 80, DIRECTOR, 19999, 1),
                            new byte[] {0x45, 1, 2},
                            unreachable(FIRST, 3, new byte[0]),
                            unreachable(FIRST, 3, PacketMaker.syn(VIP, 1, DIRECTOR, 2, 3))))))
        .containsOnly(Outcome.SILENT);
  }

  @Test
  void silentServersGetMoreAndTheirCountersAreRead() {
    Network network = new Network(bytes -> List.of());
    List<Observation> observations = probe(network);
    assertThat(echoes(observations)).extracting(TunnelEcho::outcome).containsOnly(Outcome.SILENT);
    assertThat(observations)
        .filteredOn(each -> each.host().equals("rs"))
        .extracting(each -> each.section().name())
        .containsExactly(EchoProbe.BEFORE, EchoProbe.AFTER);
    assertThat(network.sent).hasSize(ONCE + 3 * EchoProbe.AGAIN);
  }

  @Test
  void ownFilterOfTheDirectorIsToldApart() {
    LvsException.Failure failure =
        new LvsException.Failure("send", "", "", "the filter drops it", OptionalInt.of(1), "");
    assertThat(
            outcomes(
                new Network(
                    bytes -> {
                      throw new PermissionException(failure);
                    })))
        .containsOnly(Outcome.BLOCKED);
    assertThat(
            outcomes(
                new Network(
                    bytes -> {
                      throw new LvsException(failure);
                    })))
        .containsOnly(Outcome.NOT_SENT);
  }

  @Test
  void directorThatCannotSendIsAnUnreadableNote() {
    List<Observation> observations =
        new EchoProbe(
                Duration.ofMillis(50),
                () -> {
                  throw new LvsException(
                      new LvsException.Failure(
                          "open", "", "", "not permitted", OptionalInt.of(1), "Run as root."));
                })
            .observe(cluster(true, command -> said(0, "", "")));
    assertThat(observations).hasSize(1);
    assertThat(observations.get(0).section().problem()).isEqualTo("not permitted. Run as root.");
  }

  @Test
  void hostsElsewhereSendWithPerlOrPython() {
    List<String> arguments = new ArrayList<>();
    Cluster cluster =
        cluster(
            false,
            command -> {
              if (!command.input().contains("lvstun_perl")) {
                return said(0, "", "");
              }
              arguments.addAll(command.arguments());
              StringBuilder output = new StringBuilder("tool=perl\n");
              int packets = (command.arguments().size() - 7) / 2 - 2;
              for (int i = 0; i < packets; i++) {
                output.append("sent ").append(i).append(" 0\n");
                byte[] packet = HexFormat.of().parseHex(command.arguments().get(8 + 2 * i));
                output.append("got ");
                output.append(HexFormat.of().formatHex(healthy(packet, 0x12).get(0)));
                output.append('\n');
              }
              return said(0, output.toString(), "");
            });
    EchoProbe probe =
        new EchoProbe(
            Duration.ofMillis(50),
            () -> {
              throw new AssertionError("sockets of this process are not the host's");
            });
    assertThat(echoes(probe.observe(cluster)))
        .extracting(TunnelEcho::outcome)
        .containsOnly(Outcome.ANSWERED);
    assertThat(arguments.get(4)).isEqualTo("50");
    assertThat(arguments.get(5)).matches("(\\d+,\\d+,\\d+,\\d+;)+\\d+,\\d+,\\d+,\\d+");
    assertThat(arguments.get(6)).as("packets that are sent last").isEqualTo("2");
    assertThat(arguments.get(7)).isEqualTo("192.168.1.101");
  }

  @Test
  void hostsElsewhereSayWhyNot() {
    Cluster cluster =
        cluster(false, command -> said(127, "", "perl and python are not installed\n"));
    List<Observation> observations =
        new EchoProbe(Duration.ofMillis(50), PacketSockets::provider).observe(cluster);
    assertThat(observations.get(0).section().problem())
        .contains("perl and python are not installed")
        .contains("run the doctor on the host");
  }

  @Test
  void outputOfHostsElsewhereIsBounded() {
    PacketExchange.Result result =
        PacketExchange.parse("sent 0 1\nsent 1 101\nsent 2 x\ngot zz\ngot 45\nnoise\n", 4);
    assertThat(result.problems())
        .extracting(PacketExchange.Problem::filtered)
        .containsExactly(true, false, false, false);
    assertThat(result.received()).hasSize(1);
    assertThat(PacketExchange.parse("got 45\n".repeat(5000), 0).received()).hasSize(1000);
  }

  @Test
  void notesAreReadAsTheyAreWritten() {
    TunnelEcho echo =
        new TunnelEcho(
            "192.168.1.101", "192.168.1.200", "ipip", Outcome.UNREACHABLE, 80, "silent", "a b=c");
    assertThat(TunnelEcho.parse("tool=x\n" + echo.line())).containsExactly(echo);
  }
}
