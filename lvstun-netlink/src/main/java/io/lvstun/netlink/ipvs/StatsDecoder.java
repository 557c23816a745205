// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.netlink.message.AttributeReader;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;

/** The counters and rates of a record, however the kernel reports them. Not thread-safe. */
final class StatsDecoder {

  private final AttributeReader narrow = new AttributeReader();
  private final AttributeReader wide = new AttributeReader();
  private final long[] values = new long[Ipvs.IPVS_STATS_ATTR_OUTBPS + 1];
  private boolean sawNarrow;
  private boolean sawWide;

  /** Begins a record. */
  void clear() {
    sawNarrow = false;
    sawWide = false;
    for (int i = 0; i < values.length; i++) {
      values[i] = 0;
    }
  }

  /** Keeps the figures of before Linux 4.1; later kernels report them again with 64 bits each. */
  void narrow(AttributeReader attribute) {
    attribute.nested(narrow);
    sawNarrow = true;
  }

  void wide(AttributeReader attribute) {
    attribute.nested(wide);
    sawWide = true;
    while (wide.next()) {
      int type = wide.type();
      if (type >= Ipvs.IPVS_STATS_ATTR_CONNS && type <= Ipvs.IPVS_STATS_ATTR_OUTBPS) {
        values[type] = wide.u64();
      }
    }
  }

  /** Ends a record: narrow figures count if there are no others. Bytes have 64 bits there too. */
  void end() {
    if (!sawNarrow || sawWide) {
      return;
    }
    while (narrow.next()) {
      int type = narrow.type();
      if (type == Ipvs.IPVS_STATS_ATTR_INBYTES || type == Ipvs.IPVS_STATS_ATTR_OUTBYTES) {
        values[type] = narrow.u64();
      } else if (type >= Ipvs.IPVS_STATS_ATTR_CONNS && type <= Ipvs.IPVS_STATS_ATTR_OUTBPS) {
        values[type] = narrow.u32() & 0xffff_ffffL;
      }
    }
  }

  Counters counters() {
    return Counters.of(
        values[Ipvs.IPVS_STATS_ATTR_CONNS],
        values[Ipvs.IPVS_STATS_ATTR_INPKTS],
        values[Ipvs.IPVS_STATS_ATTR_OUTPKTS],
        values[Ipvs.IPVS_STATS_ATTR_INBYTES],
        values[Ipvs.IPVS_STATS_ATTR_OUTBYTES]);
  }

  Rates rates() {
    return Rates.of(
        values[Ipvs.IPVS_STATS_ATTR_CPS],
        values[Ipvs.IPVS_STATS_ATTR_INPPS],
        values[Ipvs.IPVS_STATS_ATTR_OUTPPS],
        values[Ipvs.IPVS_STATS_ATTR_INBPS],
        values[Ipvs.IPVS_STATS_ATTR_OUTBPS]);
  }
}
