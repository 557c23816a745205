// SPDX-License-Identifier: Apache-2.0
package io.lvstun.examples.bench;

import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The size of a table: services, and servers of each. The objects are those of {@code floor.c}.
 *
 * @param services 1 to 60000
 * @param servers 1 to 60000; at most 500000 in all
 */
record Shape(int services, int servers) {

  static final int PORT = 80;

  private static final int MOST = 60_000;
  private static final int MOST_IN_ALL = 500_000;
  private static final Pattern FORM = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  private static final int FIRST_SERVICE = 0x0a000001;
  private static final int FIRST_SERVER = 0xac100001;
  private static final int FIRST_SECOND_SELF = 0xac180001;
  private static final int REPLACED = 10;

  Shape {
    if (services < 1
        || services > MOST
        || servers < 1
        || servers > MOST
        || (long) services * servers > MOST_IN_ALL) {
      throw new IllegalArgumentException(
          "shape must be 1 to 60000 services of 1 to 60000 servers, and 500000 servers in all, not "
              + services
              + "x"
              + servers);
    }
  }

  /** Reads for example {@code 1000x10}. */
  static Shape parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "shape must be SERVICESxSERVERS, for example 1000x10, not " + text);
    }
    return new Shape(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  int allServers() {
    return services * servers;
  }

  /** How many servers {@link #wanted} replaces. */
  int replacedServers() {
    return (allServers() + REPLACED - 1) / REPLACED;
  }

  /**
   * Makes the table.
   *
   * @param replaced whether every tenth server is another one
   */
  List<VirtualService> wanted(boolean replaced) {
    List<VirtualService> table = new ArrayList<>(services);
    for (int i = 0; i < services; i++) {
      List<RealServer> list = new ArrayList<>(servers);
      for (int j = 0; j < servers; j++) {
        list.add(RealServer.of(server(i, j, replaced), Forwarding.TUNNEL));
      }
      table.add(
          VirtualService.tcp(address(FIRST_SERVICE + i), PORT)
              .scheduler(Scheduler.RR)
              .addRealServers(list));
    }
    return table;
  }

  /** The service whose server's weight is changed. */
  ServiceKey weighedService() {
    return ServiceKey.tcp(IpAddress.format(address(FIRST_SERVICE)), PORT);
  }

  /** The server whose weight is changed: the last one of the first service. */
  RealServer weighedServer() {
    return RealServer.of(server(0, servers - 1, false), Forwarding.TUNNEL).port(PORT);
  }

  private InetAddress server(int service, int server, boolean replaced) {
    int number = service * servers + server;
    return address(
        (replaced && number % REPLACED == 0 ? FIRST_SECOND_SELF : FIRST_SERVER) + number);
  }

  private static InetAddress address(int bits) {
    return IpAddress.ofBytes(
        new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits});
  }

  /** The table as {@code ipvsadm -S -n} prints it, but for the order. */
  String rules(boolean replaced) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < services; i++) {
      String service = "-t " + IpAddress.format(address(FIRST_SERVICE + i), PORT);
      text.append("-A ").append(service).append(" -s rr\n");
      for (int j = 0; j < servers; j++) {
        text.append("-a ").append(service).append(" -r ");
        text.append(IpAddress.format(server(i, j, replaced), PORT));
        text.append(" -i -w 1 --tun-type ipip\n");
      }
    }
    return text.toString();
  }

  /** What {@code ipvsadm -R} needs to replace every tenth server, or to put it back. */
  String replacement(boolean replaced) {
    return lines((service, server) -> "-a " + service + " -r " + server + " -i -w 1\n", replaced)
        + lines((service, server) -> "-d " + service + " -r " + server + "\n", !replaced);
  }

  private interface Line {
    String of(String service, String server);
  }

  private String lines(Line line, boolean replaced) {
    StringBuilder text = new StringBuilder();
    IntFunction<String> service =
        number -> "-t " + IpAddress.format(address(FIRST_SERVICE + number / servers), PORT);
    for (int number = 0; number < allServers(); number += REPLACED) {
      InetAddress server = server(number / servers, number % servers, replaced);
      text.append(line.of(service.apply(number), IpAddress.format(server, PORT)));
    }
    return text.toString();
  }

  /** Returns for example {@code 1000x10}. */
  @Override
  public String toString() {
    return services + "x" + servers;
  }
}
