// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.AddressState;
import io.lvstun.network.LinkAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Requests that make something have the form of the answers about it: one can be read as such. */
class AddressCodecTest {

  private static final Map<Integer, String> LINKS = Map.of(1, "lo", 2, "eth0");

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
  void addressesAreReadAsTheyAreWritten() {
    for (LinkAddress address :
        List.of(
            LinkAddress.parse("192.0.2.1/24"),
            LinkAddress.parse("192.0.2.1/32").label("eth0:vip").scope(LinkAddress.Scope.HOST),
            LinkAddress.parse("2001:db8::1/64").withoutDetection(),
            LinkAddress.parse("fe80::1/64").scope(LinkAddress.Scope.LINK))) {
      assertThat(AddressCodec.read(message(w -> AddressCodec.add(w, 0, 1, 2, address)), LINKS))
          .isEqualTo(new AddressState("eth0", address, false, false));
    }
  }
}
