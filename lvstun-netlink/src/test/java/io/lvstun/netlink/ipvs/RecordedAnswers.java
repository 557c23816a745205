// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.netlink.message.MessageReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Consumer;

/** The answers in a file of messages that were captured from a real kernel. */
final class RecordedAnswers {

  private RecordedAnswers() {}

  static void each(String file, Consumer<MessageReader> consumer) throws IOException {
    try (InputStream stream = RecordedAnswers.class.getResourceAsStream(file)) {
      assertThat(stream).isNotNull();
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().filter(l -> l.startsWith("<")).toList()) {
        byte[] bytes = HexFormat.of().parseHex(line.substring(1).strip());
        MessageReader reader = new MessageReader();
        reader.reset(ByteBuffer.wrap(bytes), bytes.length);
        while (reader.next()) {
          if (reader.type() > 0x10) {
            consumer.accept(reader);
          }
        }
      }
    }
  }
}
