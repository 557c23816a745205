// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

/**
 * A flag that a virtual service hands to its scheduler. The kernel has three; what they mean
 * depends on the scheduler.
 *
 * @since 0.1.0
 */
public enum SchedulerFlag {
  /** The first flag; {@link #SH_FALLBACK} and {@link #MH_FALLBACK}. */
  FLAG_1(0x08),
  /** The second flag; {@link #SH_PORT} and {@link #MH_PORT}. */
  FLAG_2(0x10),
  /** The third flag; no scheduler of the kernel uses it yet. */
  FLAG_3(0x20);

  /** {@code sh}: take another server if the hashed one is unavailable. */
  public static final SchedulerFlag SH_FALLBACK = FLAG_1;

  /** {@code sh}: hash the source port too. */
  public static final SchedulerFlag SH_PORT = FLAG_2;

  /** {@code mh}: take another server if the hashed one is unavailable. */
  public static final SchedulerFlag MH_FALLBACK = FLAG_1;

  /** {@code mh}: hash the source port too. */
  public static final SchedulerFlag MH_PORT = FLAG_2;

  private final int bit;

  SchedulerFlag(int bit) {
    this.bit = bit;
  }

  /**
   * Returns the flag's bit, {@code IP_VS_SVC_F_SCHED1} to {@code IP_VS_SVC_F_SCHED3} of {@code
   * linux/ip_vs.h}.
   *
   * @return 0x08, 0x10 or 0x20
   */
  public int bit() {
    return bit;
  }
}
