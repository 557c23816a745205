// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Numbers in the machine's byte order within arrays, which compiled code reads and writes with
 * fewer instructions than direct buffers.
 */
final class NativeOrder {

  static final boolean BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private NativeOrder() {}

  static int shortAt(byte[] bytes, int at) {
    return (short) SHORT.get(bytes, at) & 0xffff;
  }

  static int intAt(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static long longAt(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static void putShort(byte[] bytes, int at, int value) {
    SHORT.set(bytes, at, (short) value);
  }

  static void putInt(byte[] bytes, int at, int value) {
    INT.set(bytes, at, value);
  }

  /** Two numbers of 4 bytes, one behind the other. */
  static void putInts(byte[] bytes, int at, int first, int second) {
    long high = BIG_ENDIAN ? first : second;
    long low = BIG_ENDIAN ? second : first;
    LONG.set(bytes, at, high << 32 | low & 0xffff_ffffL);
  }

  /** Two numbers of 2 bytes, one behind the other, as one of 4. */
  static int shorts(int first, int second) {
    return BIG_ENDIAN ? first << 16 | second & 0xffff : second << 16 | first & 0xffff;
  }
}
