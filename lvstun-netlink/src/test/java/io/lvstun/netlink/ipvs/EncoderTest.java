// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.RealServer;
import io.lvstun.ServiceKey;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.spi.Command;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EncoderTest {

  private static final ServiceKey V4 = ServiceKey.tcp("192.0.2.1", 80);
  private static final ServiceKey V6 = ServiceKey.udp("2001:db8::1", 53);
  private static final ServiceKey MARK = ServiceKey.fwmark6(7);

  private static byte[] encoded(Encoder encoder, Command command, int room) {
    byte[] bytes = new byte[room];
    Arrays.fill(bytes, (byte) 0x55);
    MessageWriter writer = new MessageWriter(bytes);
    encoder.command(writer, 28, 1, 5, command);
    return Arrays.copyOf(bytes, writer.length());
  }

  @Test
  void whatAnEncoderWroteBeforeDoesNotShowInWhatItWrites() {
    Encoder used = new Encoder();
    RealServer server = RealServer.tunnel("192.0.2.11").port(80);
    for (ServiceKey key : List.of(V4, V4, V6, V6, V4, MARK, MARK, V6, MARK, V4)) {
      for (Command command :
          List.of(
              new Command.AddServer(key, server),
              new Command.RemoveServer(key, server.key()),
              new Command.RemoveService(key))) {
        assertThat(encoded(used, command, Encoder.LONGEST_MESSAGE))
            .isEqualTo(encoded(new Encoder(), command, Encoder.LONGEST_MESSAGE));
      }
    }
  }

  @Test
  void equalKeysAreWrittenAlike() {
    Encoder used = new Encoder();
    byte[] first = encoded(used, new Command.RemoveService(V4), Encoder.LONGEST_MESSAGE);
    assertThat(
            encoded(
                used,
                new Command.RemoveService(ServiceKey.tcp("192.0.2.1", 80)),
                Encoder.LONGEST_MESSAGE))
        .isEqualTo(first);
  }
}
