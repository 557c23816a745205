// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Numbers in arrays are those that a buffer in the machine's order reads. */
class NativeOrderTest {

  private final byte[] bytes = new byte[32];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());

  @Test
  void numbersAreWhereABufferReadsThem() {
    Random random = new Random(7);
    for (int round = 0; round < 1000; round++) {
      int at = random.nextInt(16);
      int first = random.nextInt();
      int second = random.nextInt();
      NativeOrder.putInts(bytes, at, first, second);
      assertThat(buffer.getInt(at)).isEqualTo(first).isEqualTo(NativeOrder.intAt(bytes, at));
      assertThat(buffer.getInt(at + 4)).isEqualTo(second);
      assertThat(NativeOrder.longAt(bytes, at)).isEqualTo(buffer.getLong(at));
      NativeOrder.putShort(bytes, at + 9, first);
      assertThat(NativeOrder.shortAt(bytes, at + 9))
          .isEqualTo(first & 0xffff)
          .isEqualTo(buffer.getShort(at + 9) & 0xffff);
      NativeOrder.putInt(bytes, at, NativeOrder.shorts(first, second));
      assertThat(buffer.getShort(at)).isEqualTo((short) first);
      assertThat(buffer.getShort(at + 2)).isEqualTo((short) second);
    }
  }
}
