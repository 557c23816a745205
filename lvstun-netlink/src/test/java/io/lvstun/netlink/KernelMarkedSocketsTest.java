// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lvstun.LvsException;
import io.lvstun.spi.MarkedSocket;
import io.lvstun.spi.MarkedSocketProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Natively opened connections on the loopback; marks are proved in the lab. */
class KernelMarkedSocketsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();

  private static MarkedSocketProvider.Request to(int port) {
    return new MarkedSocketProvider.Request(
        new InetSocketAddress(HERE, port), Optional.of(HERE), 0, "", 0);
  }

  @Test
  void bytesGoBothWays() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 5, HERE);
        MarkedSocket socket =
            new KernelMarkedSockets().connect(to(server.getLocalPort()), PATIENCE);
        Socket peer = server.accept()) {
      assertThat(peer.getInetAddress()).isEqualTo(HERE);
      socket.write(ByteBuffer.wrap("ping".getBytes(StandardCharsets.US_ASCII)), PATIENCE);
      assertThat(peer.getInputStream().readNBytes(4)).asString().isEqualTo("ping");
      ByteBuffer buffer = ByteBuffer.allocateDirect(10);
      assertThat(socket.read(buffer, Duration.ofMillis(1))).isZero();
      peer.getOutputStream().write("pong".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.read(buffer, PATIENCE)).isEqualTo(4);
      assertThat(StandardCharsets.US_ASCII.decode(buffer.flip()).toString()).isEqualTo("pong");
      peer.close();
      assertThat(socket.read(buffer.clear(), PATIENCE)).isEqualTo(-1);
    }
  }

  @Test
  void refusalHasItsNumber() throws IOException {
    int port;
    try (ServerSocket server = new ServerSocket(0, 5, HERE)) {
      port = server.getLocalPort();
    }
    assertThatExceptionOfType(LvsException.class)
        .isThrownBy(() -> new KernelMarkedSockets().connect(to(port), PATIENCE))
        .satisfies(e -> assertThat(e.code()).isEqualTo(OptionalInt.of(111)));
  }
}
