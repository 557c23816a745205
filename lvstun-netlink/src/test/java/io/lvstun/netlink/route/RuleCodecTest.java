// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.network.MarkRule;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Requests that make something have the form of the answers about it: one can be read as such. */
class RuleCodecTest {

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
  void rulesAreReadAsTheyAreWritten() {
    for (MarkRule rule :
        List.of(
            MarkRule.of(7, 100),
            MarkRule.of(0, 70_000).mask(1).priority(9),
            MarkRule.of(0xffff_ffffL, 0xffff_ffffL).family(AddressFamily.IPV6))) {
      assertThat(
              RuleCodec.read(message(w -> RuleCodec.change(w, Rtnetlink.RTM_NEWRULE, 0, 1, rule))))
          .isEqualTo(rule);
    }
  }
}
