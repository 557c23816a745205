// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.Tunnel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Requests that make something have the form of the answers about it: one can be read as such. */
class TunnelCodecTest {

  private static MessageReader message(Consumer<MessageWriter> request) {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    MessageWriter writer = new MessageWriter(buffer.array());
    request.accept(writer);
    MessageReader reader = new MessageReader();
    reader.reset(buffer, writer.length());
    assertThat(reader.next()).isTrue();
    return reader;
  }

  @Test
  void tunnelsAreReadAsTheyAreWritten() {
    for (Tunnel.Kind kind : Tunnel.Kind.values()) {
      boolean v4 = kind.outer() == AddressFamily.IPV4;
      Tunnel plain = Tunnel.of("tun1", kind);
      for (Tunnel tunnel :
          List.of(
              plain,
              plain.ttl(7).payload(Tunnel.Payload.ANY),
              plain.local(v4 ? "192.0.2.1" : "2001:db8::1"),
              plain
                  .remote(v4 ? "192.0.2.2" : "2001:db8::2")
                  .local(v4 ? "192.0.2.1" : "2001:db8::1"),
              kind == Tunnel.Kind.SIT ? plain : plain.asExternal(),
              kind == Tunnel.Kind.GRE ? plain.withInputChecksum() : plain)) {
        assertThat(LinkCodec.read(message(w -> LinkCodec.create(w, 0, 1, tunnel))).tunnel())
            .contains(tunnel);
      }
    }
  }
}
