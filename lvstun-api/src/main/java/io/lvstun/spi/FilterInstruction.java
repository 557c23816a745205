// SPDX-License-Identifier: Apache-2.0
package io.lvstun.spi;

/**
 * One instruction of a classic BPF program, which the kernel runs for each packet to decide whether
 * a {@link PacketSocket} gets it. Whether a program is sound, the kernel decides when it gets it.
 *
 * @param code what to do, 0 to 65535: {@code BPF_LD | BPF_B | BPF_ABS} and the like
 * @param jumpTrue instructions to leave out if a comparison holds, 0 to 255
 * @param jumpFalse instructions to leave out if it does not, 0 to 255
 * @param operand the number, offset or result, 0 to 2^32 - 1
 * @since 0.1.0
 */
public record FilterInstruction(int code, int jumpTrue, int jumpFalse, long operand) {

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a number is out of its range
   */
  public FilterInstruction {
    if (code < 0 || code > 0xffff) {
      throw new IllegalArgumentException("code must be 0 to 65535, not " + code);
    }
    if (jumpTrue < 0 || jumpTrue > 255 || jumpFalse < 0 || jumpFalse > 255) {
      throw new IllegalArgumentException(
          "jumps must be 0 to 255, not " + jumpTrue + " and " + jumpFalse);
    }
    if (operand < 0 || operand > 0xffff_ffffL) {
      throw new IllegalArgumentException("operand must be 0 to 2^32 - 1, not " + operand);
    }
  }
}
