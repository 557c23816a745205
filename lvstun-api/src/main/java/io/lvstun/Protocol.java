// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

/**
 * A transport protocol of a virtual service, by its IP protocol number.
 *
 * <p>{@link #TCP}, {@link #UDP} and {@link #SCTP} are the ones IPVS balances. Other numbers occur
 * only in what a driver reports, because the kernel stores whatever another program wrote.
 *
 * @param number IP protocol number, 1 to 255 (IANA "Assigned Internet Protocol Numbers")
 * @since 0.1.0
 */
public record Protocol(int number) {

  /** Transmission Control Protocol, number 6. */
  public static final Protocol TCP = new Protocol(6);

  /** User Datagram Protocol, number 17. */
  public static final Protocol UDP = new Protocol(17);

  /** Stream Control Transmission Protocol, number 132. */
  public static final Protocol SCTP = new Protocol(132);

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if the number is outside 0 to 65535
   */
  public Protocol {
    ServiceArgument.range("protocol", number, 0, 65535);
  }

  /**
   * Returns the protocol with a number, the constant where there is one.
   *
   * @param number IP protocol number, 0 to 65535 (the width of the kernel's field)
   * @return the protocol
   */
  public static Protocol of(int number) {
    return switch (number) {
      case 6 -> TCP;
      case 17 -> UDP;
      case 132 -> SCTP;
      default -> new Protocol(number);
    };
  }

  /** Returns {@code TCP}, {@code UDP}, {@code SCTP}, or {@code proto-N} for any other number. */
  @Override
  public String toString() {
    return switch (number) {
      case 6 -> "TCP";
      case 17 -> "UDP";
      case 132 -> "SCTP";
      default -> "proto-" + number;
    };
  }
}
