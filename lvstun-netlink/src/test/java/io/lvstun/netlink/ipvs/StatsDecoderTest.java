// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Figures as kernels before 4.1 report them, as later ones do, and as both. */
class StatsDecoderTest {

  private static final int NARROW = 1;
  private static final int WIDE = 2;

  private final byte[] bytes = new byte[1024];
  private final StatsDecoder decoder = new StatsDecoder();

  /** The ten figures: each has a value of its own. */
  private static void figures(MessageWriter writer, int nestType, long base, boolean wide) {
    int nest = writer.beginNest(nestType);
    for (int type = Ipvs.IPVS_STATS_ATTR_CONNS; type <= Ipvs.IPVS_STATS_ATTR_OUTBPS; type++) {
      boolean ofBytes =
          type == Ipvs.IPVS_STATS_ATTR_INBYTES || type == Ipvs.IPVS_STATS_ATTR_OUTBYTES;
      long value = base + type;
      if (wide || ofBytes) {
        boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        writer.putU32Pair(
            type, (int) (little ? value : value >>> 32), (int) (little ? value >>> 32 : value));
      } else {
        writer.putU32(type, (int) value);
      }
    }
    writer.endNest(nest);
  }

  private void decode(MessageWriter from) {
    from.end();
    MessageReader reader = new MessageReader();
    reader.reset(ByteBuffer.wrap(bytes), from.length());
    assertThat(reader.next()).isTrue();
    AttributeReader attributes = new AttributeReader();
    reader.attributes(4, attributes);
    decoder.clear();
    while (attributes.next()) {
      if (attributes.type() == NARROW) {
        decoder.narrow(attributes);
      } else {
        decoder.wide(attributes);
      }
    }
    decoder.end();
  }

  private MessageWriter begin() {
    MessageWriter begun = new MessageWriter(bytes);
    begun.begin(28, 0, 1);
    begun.genericHeader(1, 1);
    return begun;
  }

  private void expect(long base) {
    assertThat(decoder.counters())
        .isEqualTo(Counters.of(base + 1, base + 2, base + 3, base + 4, base + 5));
    assertThat(decoder.rates())
        .isEqualTo(Rates.of(base + 6, base + 7, base + 8, base + 9, base + 10));
  }

  @Test
  void narrowFiguresCountWhereThereAreNoOthers() {
    MessageWriter message = begin();
    figures(message, NARROW, 0xffff_0000L, false);
    decode(message);
    expect(0xffff_0000L);
  }

  @Test
  void wideFiguresCountWhereverTheyStand() {
    MessageWriter before = begin();
    figures(before, NARROW, 100, false);
    figures(before, WIDE, 1L << 40, true);
    decode(before);
    expect(1L << 40);
    MessageWriter behind = begin();
    figures(behind, WIDE, 1L << 41, true);
    figures(behind, NARROW, 100, false);
    decode(behind);
    expect(1L << 41);
  }

  @Test
  void recordWithoutFiguresHasNoneOfTheRecordBefore() {
    MessageWriter some = begin();
    figures(some, WIDE, 5, true);
    decode(some);
    decode(begin());
    assertThat(decoder.counters()).isSameAs(Counters.ZERO);
  }
}
