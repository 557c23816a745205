// SPDX-License-Identifier: Apache-2.0
package io.lvstun;

import java.util.Objects;

/**
 * How the director forwards a packet to a real server.
 *
 * @since 0.1.0
 */
public sealed interface Forwarding {

  /** Network address translation, {@code ipvsadm -m}: answers pass the director too. */
  Forwarding MASQUERADE = new Masquerade();

  /** Direct routing, {@code ipvsadm -g}: server and director share a network segment. */
  Forwarding DIRECT_ROUTING = new DirectRouting();

  /** Tunnel with IP in IP, {@code ipvsadm -i}. */
  Forwarding TUNNEL = new Tunnel(Encapsulation.ipip());

  /**
   * Tunnelling: the packet is encapsulated, and the server answers the client directly.
   *
   * @param encapsulation the wrapping
   * @since 0.1.0
   */
  record Tunnel(Encapsulation encapsulation) implements Forwarding {
    /** Checks that there is an encapsulation. */
    public Tunnel {
      Objects.requireNonNull(encapsulation, "encapsulation");
    }

    @Override
    public int code() {
      return 2;
    }

    /** Returns {@code Tunnel}, the word of {@code ipvsadm -L}. */
    @Override
    public String toString() {
      return "Tunnel";
    }
  }

  /**
   * Direct routing: only the link-layer address changes.
   *
   * @since 0.1.0
   */
  record DirectRouting() implements Forwarding {
    @Override
    public int code() {
      return 3;
    }

    /** Returns {@code Route}, the word of {@code ipvsadm -L}. */
    @Override
    public String toString() {
      return "Route";
    }
  }

  /**
   * Masquerading: the destination is rewritten.
   *
   * @since 0.1.0
   */
  record Masquerade() implements Forwarding {
    @Override
    public int code() {
      return 0;
    }

    /** Returns {@code Masq}, the word of {@code ipvsadm -L}. */
    @Override
    public String toString() {
      return "Masq";
    }
  }

  /**
   * A method that only other programs write: local node (1), bypass (4), or a number without
   * meaning (5 to 7). Occurs only in what a driver reports.
   *
   * @param code 1, 4, 5, 6 or 7
   * @since 0.1.0
   */
  record Other(int code) implements Forwarding {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if the number is that of another method or outside 0 to 7
     */
    public Other {
      if (code != 1 && (code < 4 || code > 7)) {
        throw new IllegalArgumentException("forwarding code must be 1, 4, 5, 6 or 7, not " + code);
      }
    }

    /** Returns {@code Local} or {@code Bypass}, the words of {@code ipvsadm -L}, or the number. */
    @Override
    public String toString() {
      return switch (code) {
        case 1 -> "Local";
        case 4 -> "Bypass";
        default -> "method-" + code;
      };
    }
  }

  /**
   * Returns the kernel's number, {@code IP_VS_CONN_F_*} of {@code linux/ip_vs.h}.
   *
   * @return 0 to 7
   */
  int code();

  /**
   * Returns the method that a driver read.
   *
   * @param code the kernel's number; bits above the lowest three are passed over
   * @param encapsulation the wrapping, used for tunnels only
   * @return the method
   */
  static Forwarding observed(int code, Encapsulation encapsulation) {
    Objects.requireNonNull(encapsulation, "encapsulation");
    return switch (code & 7) {
      case 0 -> MASQUERADE;
      case 2 -> encapsulation.equals(Encapsulation.ipip()) ? TUNNEL : new Tunnel(encapsulation);
      case 3 -> DIRECT_ROUTING;
      default -> new Other(code & 7);
    };
  }
}
