// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.lab;

/**
 * Who has which address. IPv4 is the tutorial's; the IPv6 address of a host says the same numbers:
 * 192.168.2.101 is fd00:192:168:2::101.
 */
final class AddressPlan {
  static final String CLIENT = "10.0.0.100";
  static final String VIP = "192.168.1.200";

  /** In the routed topology the tens of 192.168.x.y run out behind this server. */
  private static final int PLAIN_SERVERS = 150;

  static final int MOST_ROUTED_SERVERS = 4000;
  static final int MOST_FLAT_SERVERS = 99;
  static final int MOST_DIRECTORS = 50;

  private AddressPlan() {}

  /** 192.168.1.100 for the first director, then downwards: 192.168.1.99 for the second. */
  static String director(int number) {
    return "192.168.1." + (101 - number);
  }

  /** In the flat topology directors have a leg in the client's network: 10.0.0.1, 10.0.0.2. */
  static String directorOutside(int number) {
    return "10.0.0." + number;
  }

  /** 192.168.2.101, 192.168.3.102, and so on: a network for each server. */
  static String routedServer(int number) {
    return number <= PLAIN_SERVERS
        ? "192.168." + (number + 1) + "." + (number + 100)
        : "172." + (16 + number / 256) + "." + number % 256 + ".101";
  }

  /** 192.168.1.101, 192.168.1.102, and so on: all in the director's network. */
  static String flatServer(int number) {
    return "192.168.1." + (number + 100);
  }

  /** The router's address in the /24 network of this address: the one that ends in 1. */
  static String gatewayOf(String address) {
    return address.substring(0, address.lastIndexOf('.')) + ".1";
  }

  /** The IPv6 address that goes with an IPv4 address. */
  static String v6(String address) {
    String[] part = address.split("\\.");
    return "fd00:" + part[0] + ":" + part[1] + ":" + part[2] + "::" + part[3];
  }

  /** The /24 network of an address. */
  static String network(String address) {
    return address.substring(0, address.lastIndexOf('.')) + ".0/24";
  }

  /** The /64 network that goes with the /24 network of an IPv4 address. */
  static String network6(String address) {
    String v6 = v6(address);
    return v6.substring(0, v6.lastIndexOf(':') + 1) + "/64";
  }
}
