// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.AddressFamily;
import io.lvstun.netlink.message.MessageReader;
import io.lvstun.netlink.message.MessageWriter;
import io.lvstun.state.ServerState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Reads a datagram of a dump: 80 real servers with every attribute that Linux 6.1 reports. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBenchmark {

  static final int SERVERS = 80;

  private static final int BYTES = 32 * 1024;
  private static final int FAMILY = 28;
  private static final int TUNNEL = 2;
  private static final int AF_INET = 2;
  private static final int FIRST_ADDRESS = 0xac100001;

  private final ByteBuffer datagram = ByteBuffer.allocateDirect(BYTES);
  private final int length;
  private final MessageReader reader = new MessageReader();
  private final Decoder decoder = new Decoder(new TunnelSupport("6.1.0"));

  /** Makes the datagram. */
  public DecodeBenchmark() {
    byte[] bytes = new byte[BYTES];
    MessageWriter writer = new MessageWriter(bytes);
    for (int i = 0; i < SERVERS; i++) {
      writer.begin(FAMILY, 0, 1);
      writer.genericHeader(Ipvs.IPVS_CMD_NEW_DEST, Ipvs.IPVS_GENL_VERSION);
      int nest = writer.beginNest(Ipvs.IPVS_CMD_ATTR_DEST);
      writer.putBe32(Ipvs.IPVS_DEST_ATTR_ADDR, FIRST_ADDRESS + i, Ipvs.ADDRESS_BYTES);
      writer.putBe16(Ipvs.IPVS_DEST_ATTR_PORT, 80);
      writer.putU32(Ipvs.IPVS_DEST_ATTR_FWD_METHOD, TUNNEL);
      writer.putU32(Ipvs.IPVS_DEST_ATTR_WEIGHT, 1);
      writer.putU8(Ipvs.IPVS_DEST_ATTR_TUN_TYPE, 0);
      writer.putBe16(Ipvs.IPVS_DEST_ATTR_TUN_PORT, 0);
      writer.putU16(Ipvs.IPVS_DEST_ATTR_TUN_FLAGS, 0);
      writer.putU32(Ipvs.IPVS_DEST_ATTR_U_THRESH, 0);
      writer.putU32(Ipvs.IPVS_DEST_ATTR_L_THRESH, 0);
      writer.putU32(Ipvs.IPVS_DEST_ATTR_ACTIVE_CONNS, 3);
      writer.putU32(Ipvs.IPVS_DEST_ATTR_INACT_CONNS, 4);
      writer.putU32(Ipvs.IPVS_DEST_ATTR_PERSIST_CONNS, 0);
      writer.putU16(Ipvs.IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
      figures(writer, Ipvs.IPVS_DEST_ATTR_STATS, false);
      figures(writer, Ipvs.IPVS_DEST_ATTR_STATS64, true);
      writer.endNest(nest);
      writer.end();
    }
    length = writer.length();
    datagram.put(bytes);
  }

  private static void figures(MessageWriter writer, int type, boolean wide) {
    int nest = writer.beginNest(type);
    for (int i = Ipvs.IPVS_STATS_ATTR_CONNS; i <= Ipvs.IPVS_STATS_ATTR_OUTBPS; i++) {
      boolean bytes = i == Ipvs.IPVS_STATS_ATTR_INBYTES || i == Ipvs.IPVS_STATS_ATTR_OUTBYTES;
      if (wide || bytes) {
        writer.putU32Pair(i, 0, 0);
      } else {
        writer.putU32(i, 0);
      }
    }
    writer.endNest(nest);
  }

  /** Reads the servers. */
  @Benchmark
  @OperationsPerInvocation(SERVERS)
  public List<ServerState> servers() {
    List<ServerState> states = new ArrayList<>(SERVERS);
    reader.reset(datagram, length);
    while (reader.next()) {
      states.add(decoder.server(reader, AddressFamily.IPV4));
    }
    return states;
  }
}
