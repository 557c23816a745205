// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe.trace;

import io.lvstun.spi.CapturedPacket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The file format of tcpdump: pcap, with times in microseconds (or nanoseconds, when read). */
final class Pcap {

  private static final int MICROSECONDS = 0xa1b2c3d4;
  private static final int NANOSECONDS = 0xa1b23c4d;
  private static final int ETHERNET = 1;
  private static final int RAW = 101;
  private static final int COOKED = 113;
  private static final int COOKED_2 = 276;
  private static final int IPV4_ALONE = 228;
  private static final int IPV6_ALONE = 229;
  private static final int LONGEST = 1 << 18;
  private static final int OUTGOING = 4;
  private static final int LOOPBACK = 772;

  private Pcap() {}

  /** The beginning of a file of packets that begin with the IP header. */
  static byte[] fileHeader() {
    return buffer(24)
        .putInt(MICROSECONDS)
        .putShort((short) 2)
        .putShort((short) 4)
        .putInt(0)
        .putInt(0)
        .putInt(LONGEST)
        .putInt(RAW)
        .array();
  }

  static byte[] record(CapturedPacket packet) {
    ByteBuffer bytes = packet.bytes().duplicate();
    int there = bytes.remaining();
    Instant time = packet.time();
    return buffer(16 + there)
        .putInt((int) time.getEpochSecond())
        .putInt(time.getNano() / 1000)
        .putInt(there)
        .putInt(Math.max(there, packet.length()))
        .put(bytes)
        .array();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads a file, as far as it goes: the end may be cut off.
   *
   * @throws IllegalArgumentException if it is not such a file, or its link layer is not known
   */
  static List<CapturedPacket> read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < 24) {
      throw new IllegalArgumentException("a capture of " + file.length + " bytes is none");
    }
    int magic = in.getInt(0);
    if (magic != MICROSECONDS && magic != NANOSECONDS) {
      in.order(ByteOrder.BIG_ENDIAN);
      magic = in.getInt(0);
    }
    if (magic != MICROSECONDS && magic != NANOSECONDS) {
      throw new IllegalArgumentException("it is not a capture in the format pcap");
    }
    int link = in.getInt(20) & 0xffff;
    if (link != ETHERNET
        && link != RAW
        && link != COOKED
        && link != COOKED_2
        && link != IPV4_ALONE
        && link != IPV6_ALONE) {
      throw new IllegalArgumentException("captures of link type " + link + " are not known");
    }
    int unit = magic == NANOSECONDS ? 1 : 1000;
    List<CapturedPacket> packets = new ArrayList<>();
    int at = 24;
    while (file.length - at >= 16) {
      long seconds = in.getInt(at) & 0xffff_ffffL;
      long fraction = in.getInt(at + 4) & 0xffff_ffffL;
      int kept = in.getInt(at + 8);
      int length = in.getInt(at + 12);
      if (kept < 0 || kept > LONGEST || kept > file.length - at - 16 || length < 0) {
        break;
      }
      add(
          packets,
          Instant.ofEpochSecond(seconds, fraction * unit),
          length,
          link,
          file,
          at + 16,
          kept);
      at += 16 + kept;
    }
    return packets;
  }

  /** Adds what follows the link's header. */
  private static void add(
      List<CapturedPacket> packets,
      Instant time,
      int length,
      int link,
      byte[] file,
      int at,
      int kept) {
    ByteBuffer header = ByteBuffer.wrap(file, at, kept).slice();
    int size;
    int device = 0;
    boolean outgoing = false;
    boolean loopback = false;
    switch (link) {
      case ETHERNET -> {
        size = 14;
        // Tags of VLANs, each four bytes before the type.
        while (size <= 22 && kept >= size && isVlan(header.getShort(size - 2))) {
          size += 4;
        }
      }
      case COOKED -> {
        size = 16;
        if (kept >= size) {
          outgoing = header.getShort(0) == OUTGOING;
          loopback = header.getShort(2) == LOOPBACK;
        }
      }
      case COOKED_2 -> {
        size = 20;
        if (kept >= size) {
          device = header.getInt(4);
          loopback = header.getShort(8) == LOOPBACK;
          outgoing = header.get(10) == OUTGOING;
        }
      }
      default -> size = 0;
    }
    if (kept > size) {
      packets.add(
          new CapturedPacket(
              time,
              device,
              outgoing,
              loopback,
              Math.max(length - size, kept - size),
              header.slice(size, kept - size)));
    }
  }

  private static boolean isVlan(short type) {
    return type == (short) 0x8100 || type == (short) 0x88a8;
  }
}
