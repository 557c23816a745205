// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.time.Duration;
import java.util.Objects;

/**
 * How long IPVS keeps an idle connection. The kernel fixes the time-outs of all other states (60 s
 * for SYN_RECV, 120 s for TIME_WAIT, 15 minutes for SCTP).
 *
 * @param tcp established TCP connections; the kernel starts with 15 minutes
 * @param tcpFin TCP connections after a FIN; the kernel starts with 2 minutes
 * @param udp UDP "connections"; the kernel starts with 5 minutes
 * @since 0.1.0
 */
public record Timeouts(Duration tcp, Duration tcpFin, Duration udp) {

  /** Leaves each time-out as it is: a start for {@link #tcp(Duration)} and its siblings. */
  public static final Timeouts UNCHANGED =
      new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);

  /** INT_MAX / HZ of a kernel with 1000 ticks a second, so that every kernel takes it. */
  private static final long LONGEST = Integer.MAX_VALUE / 1000;

  /**
   * Checks the time-outs: whole seconds, 0 to 2147483. When they are set, 0 leaves one as it is;
   * what is read is never 0.
   *
   * @throws IllegalArgumentException if one is out of range or not whole seconds
   */
  public Timeouts {
    Objects.requireNonNull(tcp, "tcp");
    Objects.requireNonNull(tcpFin, "tcpFin");
    Objects.requireNonNull(udp, "udp");
    check("tcp timeout", tcp);
    check("tcpfin timeout", tcpFin);
    check("udp timeout", udp);
  }

  private static void check(String name, Duration value) {
    if (value.getNano() != 0 || value.isNegative() || value.getSeconds() > LONGEST) {
      throw new IllegalArgumentException(
          name + " must be 0 to " + LONGEST + " whole seconds, not " + value);
    }
  }

  /**
   * Returns what a driver read. Values beyond the range of this class, which some kernels take, are
   * cut to it.
   *
   * @param tcpSeconds established TCP connections
   * @param tcpFinSeconds TCP connections after a FIN
   * @param udpSeconds UDP
   * @return the time-outs
   */
  public static Timeouts ofSeconds(long tcpSeconds, long tcpFinSeconds, long udpSeconds) {
    return new Timeouts(seconds(tcpSeconds), seconds(tcpFinSeconds), seconds(udpSeconds));
  }

  private static Duration seconds(long value) {
    return Duration.ofSeconds(Math.min(LONGEST, Math.max(0, value)));
  }

  /**
   * Returns a copy with another time-out for established TCP connections.
   *
   * @param timeout 0 (leave as it is) to 2147483 seconds
   * @return a copy
   * @throws IllegalArgumentException if the time-out is out of range or not whole seconds
   */
  public Timeouts tcp(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return new Timeouts(timeout, tcpFin, udp);
  }

  /**
   * Returns a copy with another time-out for TCP connections after a FIN.
   *
   * @param timeout 0 (leave as it is) to 2147483 seconds
   * @return a copy
   * @throws IllegalArgumentException if the time-out is out of range or not whole seconds
   */
  public Timeouts tcpFin(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return new Timeouts(tcp, timeout, udp);
  }

  /**
   * Returns a copy with another time-out for UDP.
   *
   * @param timeout 0 (leave as it is) to 2147483 seconds
   * @return a copy
   * @throws IllegalArgumentException if the time-out is out of range or not whole seconds
   */
  public Timeouts udp(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    return new Timeouts(tcp, tcpFin, timeout);
  }

  /** Returns as {@code ipvsadm -L --timeout} does: {@code 900 120 300}. */
  @Override
  public String toString() {
    return tcp.getSeconds() + " " + tcpFin.getSeconds() + " " + udp.getSeconds();
  }
}
