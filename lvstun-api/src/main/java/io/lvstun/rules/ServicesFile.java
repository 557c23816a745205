// SPDX-License-Identifier: Apache-2.0
package io.lvstun.rules;

import io.lvstun.AddressFamily;
import io.lvstun.Encapsulation;
import io.lvstun.ForeignText;
import io.lvstun.Forwarding;
import io.lvstun.IpAddress;
import io.lvstun.Persistence;
import io.lvstun.Protocol;
import io.lvstun.RealServer;
import io.lvstun.Scheduler;
import io.lvstun.ServerKey;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.state.Counters;
import io.lvstun.state.Rates;
import io.lvstun.state.ServerState;
import io.lvstun.state.ServiceState;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code /proc/net/ip_vs}, which root and everybody else may read: services of every
 * protocol, their servers, weights and connections. It tells neither tunnel types, thresholds nor
 * counters. Pure functions. Source: {@code net/netfilter/ipvs/ip_vs_ctl.c}, {@code
 * ip_vs_info_seq_show}.
 *
 * @since 0.1.0
 */
public final class ServicesFile {

  private static final String NUMBERED = "IP_";

  private ServicesFile() {}

  /**
   * Reads the file.
   *
   * @param text its lines
   * @return the services in the kernel's order. A tunnel is shown as IPIP, and a service that is
   *     persistent with the time-out that ipvsadm sets by default: the file counts ticks of unknown
   *     length
   * @throws IllegalArgumentException if a line of a service or a server is malformed; the message
   *     has what is wrong
   */
  public static List<ServiceState> parse(String text) {
    Objects.requireNonNull(text, "text");
    List<ServiceState> services = new ArrayList<>();
    @Nullable VirtualService service = null;
    List<ServerState> servers = new ArrayList<>();
    for (String line : text.lines().toList()) {
      List<String> words = ListingTable.columns(line);
      if (words.isEmpty() || words.contains("RemoteAddress:Port")) {
        continue;
      }
      if (words.get(0).equals("->")) {
        if (service != null) {
          servers.add(server(words));
        }
      } else if (isService(words)) {
        if (service != null) {
          services.add(observed(service, servers));
        }
        service = service(words);
        servers = new ArrayList<>();
      }
    }
    if (service != null) {
      services.add(observed(service, servers));
    }
    return List.copyOf(services);
  }

  private static ServiceState observed(VirtualService service, List<ServerState> servers) {
    VirtualService whole =
        VirtualService.observed(
            service.key(),
            service.scheduler(),
            service.persistence().orElse(null),
            service.onePacket(),
            servers.stream().map(ServerState::definition).toList());
    return new ServiceState(whole, servers, Counters.ZERO, Rates.ZERO);
  }

  /** The headings begin with {@code IP Virtual} and {@code Prot}. */
  private static boolean isService(List<String> words) {
    String first = words.get(0);
    return switch (first) {
      case "TCP", "UDP", "SCTP", "FWM", "ICMP", "ICMPv6" -> true;
      case "IP" -> words.size() > 1 && !words.get(1).equals("Virtual");
      default -> first.startsWith(NUMBERED);
    };
  }

  private static VirtualService service(List<String> words) {
    int settings = 2;
    ServiceKey key;
    if (words.size() < 3) {
      throw malformed("service", String.join(" ", words));
    }
    if (words.get(0).equals("FWM")) {
      boolean v6 = words.get(2).equals("IPv6");
      settings = v6 ? 3 : 2;
      key =
          new ServiceKey.Mark(
              Integer.toUnsignedLong(hex(words.get(1), 8)),
              v6 ? AddressFamily.IPV6 : AddressFamily.IPV4);
    } else {
      ServerKey endpoint = endpoint(words.get(1));
      key = new ServiceKey.Endpoint(protocol(words.get(0)), endpoint.address(), endpoint.port());
    }
    return VirtualService.observed(
        key,
        Scheduler.named(settings < words.size() ? words.get(settings) : "none"),
        words.contains("persistent") ? Persistence.of(Persistence.DEFAULT_TIMEOUT) : null,
        words.contains("ops"),
        List.of());
  }

  private static ServerState server(List<String> words) {
    if (words.size() < 6) {
      throw malformed("server", String.join(" ", words));
    }
    ServerKey key = endpoint(words.get(1));
    int forwarding =
        switch (words.get(2)) {
          case "Masq" -> 0;
          case "Local" -> 1;
          case "Tunnel" -> 2;
          case "Route" -> 3;
          default -> 4;
        };
    return new ServerState(
        new RealServer(
            key.address(),
            key.port(),
            Forwarding.observed(forwarding, Encapsulation.ipip()),
            (int) number(words.get(3)),
            0,
            0),
        number(words.get(4)),
        number(words.get(5)),
        0,
        Counters.ZERO,
        Rates.ZERO);
  }

  private static Protocol protocol(String name) {
    return switch (name) {
      case "TCP" -> Protocol.TCP;
      case "UDP" -> Protocol.UDP;
      case "SCTP" -> Protocol.SCTP;
      case "IP" -> Protocol.of(0);
      case "ICMP" -> Protocol.of(1);
      case "ICMPv6" -> Protocol.of(58);
      default -> {
        String number = name.substring(NUMBERED.length());
        yield Protocol.of(
            (int)
                ListingTable.number(number, 65535).orElseThrow(() -> malformed("protocol", name)));
      }
    };
  }

  /** {@code C0A801C8:0050} or {@code [2001:0db8:...:0001]:0050}. */
  private static ServerKey endpoint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw malformed("port", text);
    }
    int port = hex(text.substring(colon + 1), 4);
    String address = text.substring(0, colon);
    boolean v6 = address.startsWith("[") && address.endsWith("]");
    String digits = v6 ? address.substring(1, address.length() - 1).replace(":", "") : address;
    if (!digits.matches(v6 ? "[0-9A-Fa-f]{32}" : "[0-9A-Fa-f]{8}")) {
      throw malformed("address", text);
    }
    byte[] bytes = HexFormat.of().parseHex(digits);
    return new ServerKey(v6 ? v6(bytes) : IpAddress.ofBytes(bytes), port);
  }

  /** Unlike InetAddress.getByAddress, keeps an IPv4-mapped address an IPv6 one. */
  private static InetAddress v6(byte[] bytes) {
    try {
      return Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError("16 bytes are an address", e);
    }
  }

  private static int hex(String text, int digits) {
    if (!text.matches("[0-9A-Fa-f]{1," + digits + "}")) {
      throw malformed("number", text);
    }
    return HexFormat.fromHexDigits(text);
  }

  private static long number(String text) {
    return ListingTable.number(text, Integer.MAX_VALUE)
        .orElseThrow(() -> malformed("number", text));
  }

  private static IllegalArgumentException malformed(String what, String text) {
    return new IllegalArgumentException("no " + what + " in " + ForeignText.printable(text));
  }
}
