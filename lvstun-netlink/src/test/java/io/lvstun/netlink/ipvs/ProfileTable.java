// SPDX-License-Identifier: Apache-2.0
package io.lvstun.netlink.ipvs;

import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** The table that profiles are taken with: that of {@code lab bench}. */
final class ProfileTable {

  private static final int PORT = 80;
  private static final int FIRST_SERVICE = 0x0a000001;
  private static final int FIRST_SERVER = 0xac100001;

  private ProfileTable() {}

  /** Makes the table of the sizes in the second and third argument. */
  static List<VirtualService> of(String[] arguments) {
    return of(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
  }

  static List<VirtualService> of(int services, int servers) {
    List<VirtualService> table = new ArrayList<>(services);
    for (int i = 0; i < services; i++) {
      List<RealServer> list = new ArrayList<>(servers);
      for (int j = 0; j < servers; j++) {
        list.add(RealServer.of(address(FIRST_SERVER + i * servers + j), Forwarding.TUNNEL));
      }
      table.add(
          VirtualService.tcp(address(FIRST_SERVICE + i), PORT)
              .scheduler(Scheduler.RR)
              .addRealServers(list));
    }
    return table;
  }

  /** The service whose server's weight is changed. */
  static ServiceKey weighedService() {
    return ServiceKey.tcp(IpAddress.format(address(FIRST_SERVICE)), PORT);
  }

  /** The server whose weight is changed: the last one of the first service. */
  static RealServer weighedServer(int servers) {
    return RealServer.of(address(FIRST_SERVER + servers - 1), Forwarding.TUNNEL).port(PORT);
  }

  private static InetAddress address(int bits) {
    return IpAddress.ofBytes(
        new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits});
  }
}
