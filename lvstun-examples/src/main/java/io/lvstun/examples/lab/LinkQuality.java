// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

import com.google.errorprone.annotations.CheckReturnValue;
import java.time.Duration;
import java.util.Locale;

/**
 * How good the cable of a host is. Loss and delay hold for each direction on its own: a delay of 10
 * ms makes a round trip 20 ms longer. Immutable.
 *
 * @param mtu largest packet in bytes, 68 (IPv6: 1280) to 65535; default 1500
 * @param lossPercent share of packets that are lost, 0 to 100; default 0
 * @param delay how long each packet takes, to the microsecond; default none
 * @since 0.1.0
 */
@CheckReturnValue
public record LinkQuality(int mtu, double lossPercent, Duration delay) {
  /** An Ethernet cable without faults. */
  public static final LinkQuality PERFECT = new LinkQuality(1500, 0, Duration.ZERO);

  /** Checks the ranges. */
  public LinkQuality {
    if (mtu < 68 || mtu > 65535) {
      throw new IllegalArgumentException("mtu: " + mtu + " is not within 68 to 65535");
    }
    if (!(lossPercent >= 0 && lossPercent <= 100)) {
      throw new IllegalArgumentException("lossPercent: " + lossPercent + " is not within 0 to 100");
    }
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: " + delay + " is negative");
    }
  }

  /** A copy with this MTU. */
  public LinkQuality withMtu(int bytes) {
    return new LinkQuality(bytes, lossPercent, delay);
  }

  /** A copy with this loss, in percent. */
  public LinkQuality withLoss(double percent) {
    return new LinkQuality(mtu, percent, delay);
  }

  /** A copy with this delay. */
  public LinkQuality withDelay(Duration time) {
    return new LinkQuality(mtu, lossPercent, time);
  }

  boolean needsNetem() {
    return lossPercent > 0 || !delay.isZero();
  }

  String netem() {
    return String.format(
        Locale.ROOT,
        "netem delay %dus loss %.4f%% limit 100000",
        delay.toNanos() / 1000,
        lossPercent);
  }
}
