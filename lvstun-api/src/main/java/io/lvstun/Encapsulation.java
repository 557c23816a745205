// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

/**
 * The outer header that the director adds to packets for a real server in tunnel mode.
 *
 * <p>Immutable; a real server needs the matching decapsulation. Source of the rules: {@code
 * ipvsadm(8)}, {@code linux/ip_vs.h}.
 *
 * @param type {@code IP_VS_CONN_F_TUNNEL_TYPE_*}: {@link #TYPE_IPIP}, {@link #TYPE_GUE}, {@link
 *     #TYPE_GRE}; other values occur only in what a driver reports
 * @param port UDP port of GUE, else 0
 * @param flags {@link #FLAG_CHECKSUM}, {@link #FLAG_REMOTE_CHECKSUM}, or 0
 * @since 0.1.0
 */
public record Encapsulation(int type, int port, int flags) {

  /** IP in IP: protocol 4 (41 for IPv6 inside); RFC 2003, RFC 2473. */
  public static final int TYPE_IPIP = 0;

  /** Generic UDP Encapsulation. */
  public static final int TYPE_GUE = 1;

  /** Generic Routing Encapsulation: protocol 47; RFC 2784. */
  public static final int TYPE_GRE = 2;

  /** The outer header carries a checksum. */
  public static final int FLAG_CHECKSUM = 1;

  /** GUE remote checksum offload. */
  public static final int FLAG_REMOTE_CHECKSUM = 2;

  private static final Encapsulation IPIP = new Encapsulation(TYPE_IPIP, 0, 0);
  private static final Encapsulation GRE = new Encapsulation(TYPE_GRE, 0, 0);

  /**
   * Checks that each number fits its field in the kernel.
   *
   * @throws IllegalArgumentException if the type is outside 0 to 255, or the port or the flags are
   *     outside 0 to 65535
   */
  public Encapsulation {
    ServiceArgument.range("tunnel type", type, 0, 255);
    ServiceArgument.range("tunnel port", port, 0, ServiceArgument.MAX_PORT);
    ServiceArgument.range("tunnel flags", flags, 0, 0xffff);
  }

  /**
   * Returns IP in IP, the default.
   *
   * @return the encapsulation
   */
  public static Encapsulation ipip() {
    return IPIP;
  }

  /**
   * Returns GUE without checksum (Linux 5.2).
   *
   * @param port UDP port that the real server listens on, 1 to 65535
   * @return the encapsulation
   * @throws IllegalArgumentException if the port is out of range
   */
  public static Encapsulation gue(int port) {
    return new Encapsulation(
        TYPE_GUE, ServiceArgument.range("GUE port", port, 1, ServiceArgument.MAX_PORT), 0);
  }

  /**
   * Returns GRE without checksum (Linux 5.3).
   *
   * @return the encapsulation
   */
  public static Encapsulation gre() {
    return GRE;
  }

  /**
   * Returns a copy whose outer header carries a checksum. For GUE and GRE (Linux 5.3).
   *
   * @return a copy
   * @throws IllegalArgumentException for IP in IP, whose header has no such checksum
   */
  public Encapsulation checksum() {
    if (type == TYPE_IPIP) {
      throw new IllegalArgumentException("checksum needs gue or gre: an ipip header has none");
    }
    return new Encapsulation(type, port, FLAG_CHECKSUM);
  }

  /**
   * Returns a copy with remote checksum offload. For GUE (Linux 5.3).
   *
   * @return a copy
   * @throws IllegalArgumentException for anything but GUE
   */
  public Encapsulation remoteChecksum() {
    if (type != TYPE_GUE) {
      throw new IllegalArgumentException("remote checksum offload needs gue, not " + this);
    }
    return new Encapsulation(type, port, FLAG_REMOTE_CHECKSUM);
  }

  /** Throws unless the encapsulation is one that this class can make by its factories. */
  void requireKnown() {
    boolean known =
        switch (type) {
          case TYPE_IPIP -> port == 0 && flags == 0;
          case TYPE_GUE -> port != 0 && flags <= FLAG_REMOTE_CHECKSUM;
          case TYPE_GRE -> port == 0 && flags <= FLAG_CHECKSUM;
          default -> false;
        };
    if (!known) {
      throw new IllegalArgumentException(
          "encapsulation must be ipip, gue (with a port) or gre, not " + this);
    }
  }

  /**
   * Returns as {@code ipvsadm --tun-info} does: {@code ipip}, {@code gue:6080:+c}, {@code gre:-c}.
   */
  @Override
  public String toString() {
    String checksum =
        switch (flags) {
          case 0 -> "-c";
          case FLAG_CHECKSUM -> "+c";
          case FLAG_REMOTE_CHECKSUM -> "r+c";
          default -> "flags-" + flags;
        };
    return switch (type) {
      case TYPE_IPIP -> port == 0 && flags == 0 ? "ipip" : "ipip:" + port + ':' + checksum;
      case TYPE_GUE -> "gue:" + port + ':' + checksum;
      case TYPE_GRE -> "gre:" + checksum;
      default -> "type-" + type + ':' + port + ':' + checksum;
    };
  }
}
