// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvstun.Encapsulation;
import io.lvstun.diagnostics.probe.PacketMaker;
import io.lvstun.host.CommandResult;
import io.lvstun.host.Host;
import io.lvstun.host.HostCommand;
import io.lvstun.host.HostException;
import io.lvstun.spi.CapturedPacket;
import io.lvstun.spi.PacketSocket;
import io.lvstun.spi.PacketSocketProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces with packets that a test made up, on a host of this machine and on another. */
class PacketTraceTest {

  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  private static CapturedPacket packet(int port) {
    return packet(
        PacketMaker.encapsulate(
            Encapsulation.ipip(),
            TunnelPacketTest.DIRECTOR,
            TunnelPacketTest.SERVER,
            PacketMaker.syn(TunnelPacketTest.CLIENT, port, TunnelPacketTest.VIP, 80, 7),
            1));
  }

  private static CapturedPacket packet(byte[] bytes) {
    return new CapturedPacket(TIME, 2, true, false, bytes.length, ByteBuffer.wrap(bytes));
  }

  /** Gives packets, and then says that there are no more. */
  static PacketSocketProvider giving(CapturedPacket... packets) {
    Deque<CapturedPacket> left = new ArrayDeque<>(List.of(packets));
    return (namespace, filter, kept) ->
        new PacketSocket() {
          @Override
          public Optional<CapturedPacket> receive(Duration wait) {
            return Optional.ofNullable(left.poll());
          }

          @Override
          public void send(InetAddress destination, ByteBuffer packet) {
            throw new AssertionError("a trace sends nothing");
          }

          @Override
          public Optional<String> deviceName(int index) {
            return index == 2 ? Optional.of("eth0") : Optional.empty();
          }

          @Override
          public long lost() {
            return 3;
          }

          @Override
          public void close() {}
        };
  }

  private static List<String> lines(PacketTrace trace) {
    List<String> lines = new ArrayList<>();
    PacketTrace.Summary summary = trace.run(packet -> lines.add(packet.toString()));
    assertThat(summary.packets()).isEqualTo(lines.size());
    return lines;
  }

  @Test
  void endsWithTheNumberThatWasAskedFor() {
    PacketTrace trace =
        PacketTrace.on(Host.local()).count(2).using(giving(packet(1), packet(2), packet(3)));
    assertThat(lines(trace))
        .hasSize(2)
        .allMatch(line -> line.contains(" eth0 Out ipip 192.168.1.100 > 192.168.2.101: "));
  }

  @Test
  void endsWithTheTime() {
    PacketTrace trace =
        PacketTrace.on(Host.local()).duration(Duration.ofSeconds(1)).using(giving(packet(1)));
    assertThat(trace.run(packet -> {})).isEqualTo(new PacketTrace.Summary(1, 3, ""));
  }

  @Test
  void showsOnlyWhatConcernsAnAddress() {
    byte[] other =
        PacketMaker.encapsulate(
            Encapsulation.ipip(),
            TunnelPacketTest.DIRECTOR,
            TunnelPacketTest.SERVER,
            PacketMaker.syn(
                TunnelPacketTest.CLIENT, 1, io.lvstun.IpAddress.parse("192.0.2.1"), 80, 7),
            1);
    PacketTrace trace =
        PacketTrace.on(Host.local())
            .concerning(TunnelPacketTest.VIP)
            .count(1)
            .using(giving(packet(other), packet(5)));
    assertThat(lines(trace)).singleElement().asString().contains("10.0.0.100:5 >");
  }

  @Test
  void writesAFileThatOnlyItsOwnerMayRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("trace.pcap");
    PacketTrace trace =
        PacketTrace.on(Host.local()).count(2).pcap(file).using(giving(packet(1), packet(2)));
    assertThat(lines(trace)).hasSize(2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Pcap.read(Files.readAllBytes(file)))
        .extracting(CapturedPacket::bytes)
        .containsExactly(packet(1).bytes(), packet(2).bytes());
  }

  @Test
  void overwritesNoFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("precious"), "data");
    PacketTrace trace = PacketTrace.on(Host.local()).pcap(file).using(giving());
    assertThatThrownBy(() -> trace.run(packet -> {}))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("exists already");
    assertThat(Files.readString(file)).isEqualTo("data");
  }

  @Test
  void limitsAreChecked() {
    PacketTrace trace = PacketTrace.on(Host.local());
    assertThatIllegalArgumentException().isThrownBy(() -> trace.count(0));
    assertThatIllegalArgumentException().isThrownBy(() -> trace.duration(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> trace.duration(Duration.ofDays(2)));
    assertThatIllegalArgumentException().isThrownBy(() -> trace.guePort(0));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> {
              for (int port = 1; port < 100; port++) {
                trace.guePort(port);
              }
            });
  }

  /** A host elsewhere whose script ends in some way. */
  private static Host remote(int exitCode, String output, String errors, boolean truncated) {
    return new Host() {
      @Override
      public String specification() {
        return "ssh://root@rs1";
      }

      @Override
      public String label() {
        return "rs1";
      }

      @Override
      public CommandResult run(HostCommand command) {
        assertThat(command.arguments().get(4)).matches("\\d+");
        assertThat(command.arguments().get(6)).contains("ip proto 4").contains("dst port 6080");
        return new CommandResult(exitCode, output, errors, false, truncated, Duration.ZERO);
      }
    };
  }

  private static String capture(CapturedPacket... packets) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(Pcap.fileHeader());
    for (CapturedPacket packet : packets) {
      all.writeBytes(Pcap.record(packet));
    }
    return Base64.getMimeEncoder().encodeToString(all.toByteArray());
  }

  @Test
  void readsWhatTheTcpdumpOfAHostWrote() {
    assertThat(lines(PacketTrace.on(remote(0, capture(packet(1), packet(2)), "", false))))
        .hasSize(2)
        .allMatch(line -> line.contains("ipip 192.168.1.100 > 192.168.2.101"));
  }

  @Test
  void saysThatThereWasMore() {
    String cut = capture(packet(1), packet(2));
    Host host = remote(-1, cut.substring(0, cut.length() - 7), "", true);
    PacketTrace.Summary summary = PacketTrace.on(host).run(packet -> {});
    assertThat(summary.packets()).isEqualTo(1);
    assertThat(summary.remark()).contains("more packets");
  }

  @Test
  void saysWhyAHostCannotCapture() {
    Host host = remote(127, "", "tcpdump is not installed\n", false);
    assertThatThrownBy(() -> PacketTrace.on(host).run(packet -> {}))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("tcpdump is not installed");
    assertThatThrownBy(
            () -> PacketTrace.on(remote(0, "bm90IGEgY2FwdHVyZQ==", "", false)).run(packet -> {}))
        .isInstanceOf(HostException.class)
        .hasMessageContaining("cannot be read");
  }
}
