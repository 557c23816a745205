// SPDX-License-Identifier: Apache-2.0
/** The netlink driver of lvstun. */
module io.lvstun.netlink {
  requires static com.google.errorprone.annotations;
  requires static org.jspecify;
  requires transitive io.lvstun.api;
  requires com.sun.jna;

  exports io.lvstun.netlink;

  provides io.lvstun.network.HostNetworkProvider with
      io.lvstun.netlink.NetlinkHostNetworkProvider;
  provides io.lvstun.spi.IpvsDriverProvider with
      io.lvstun.netlink.NetlinkDriverProvider;
  provides io.lvstun.spi.MarkedSocketProvider with
      io.lvstun.netlink.KernelMarkedSockets;
  provides io.lvstun.spi.PacketSocketProvider with
      io.lvstun.netlink.KernelPacketSockets;
}
