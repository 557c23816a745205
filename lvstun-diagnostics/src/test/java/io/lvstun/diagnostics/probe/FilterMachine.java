// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.probe;

import io.lvstun.spi.FilterInstruction;
import java.nio.ByteBuffer;
import java.util.List;

/** Runs a classic BPF program as the kernel does: a load beyond the packet rejects it. */
public final class FilterMachine {

  private FilterMachine() {}

  public static boolean accepts(List<FilterInstruction> program, byte[] packet) {
    ByteBuffer bytes = ByteBuffer.wrap(packet);
    long a = 0;
    int x = 0;
    int pc = 0;
    while (true) {
      FilterInstruction each = program.get(pc++);
      int k = (int) each.operand();
      switch (each.code()) {
        case PacketFilter.LOAD_BYTE -> {
          if (k >= packet.length) {
            return false;
          }
          a = packet[k] & 0xff;
        }
        case PacketFilter.LOAD_SHORT -> {
          if (k + 2 > packet.length) {
            return false;
          }
          a = bytes.getShort(k) & 0xffff;
        }
        case PacketFilter.LOAD_SHORT_INDEXED -> {
          if (x + k + 2 > packet.length) {
            return false;
          }
          a = bytes.getShort(x + k) & 0xffff;
        }
        case PacketFilter.INDEX_IPV4_HEADER -> {
          if (k >= packet.length) {
            return false;
          }
          x = (packet[k] & 15) * 4;
        }
        case PacketFilter.SHIFT_RIGHT -> a >>>= k;
        case PacketFilter.JUMP_EQUAL -> pc += a == k ? each.jumpTrue() : each.jumpFalse();
        case PacketFilter.JUMP_ANY_BIT -> pc += (a & k) != 0 ? each.jumpTrue() : each.jumpFalse();
        case PacketFilter.JUMP -> pc += k;
        case PacketFilter.RETURN -> {
          return k != 0;
        }
        default -> throw new AssertionError("instruction " + each);
      }
    }
  }
}
