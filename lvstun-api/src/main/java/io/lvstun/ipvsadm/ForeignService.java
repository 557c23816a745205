// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.ProtocolException;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.state.ServiceState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;

/**
 * A service of a protocol other than TCP, UDP and SCTP, which only other programs write. ipvsadm
 * prints a question mark for its protocol; {@code /proc/net/ip_vs} tells the number.
 *
 * @param protocol the protocol
 * @param address the virtual address
 * @param port the port
 */
record ForeignService(Protocol protocol, InetAddress address, int port) {

  private static final String NUMBERED = "IP_";

  /** The table changed between ipvsadm and {@code /proc/net/ip_vs}. */
  static final class Changed extends Exception {
    private static final long serialVersionUID = 1L;

    Changed() {
      super("the table changed", null, false, false);
    }
  }

  /** Whether ipvsadm could not name the protocol of a service. */
  static boolean isUnnamed(ServiceState state) {
    return state.key() instanceof ServiceKey.Endpoint endpoint
        && endpoint.protocol().equals(TableParser.UNKNOWN);
  }

  /** Gives services with an unknown protocol the protocols of the foreign ones, in their order. */
  static List<ServiceState> name(List<ServiceState> states, List<ForeignService> foreign)
      throws Changed {
    Iterator<ForeignService> next = foreign.iterator();
    List<ServiceState> named = new ArrayList<>(states.size());
    for (ServiceState state : states) {
      if (isUnnamed(state) && state.key() instanceof ServiceKey.Endpoint endpoint) {
        if (!next.hasNext()) {
          throw new Changed();
        }
        ForeignService service = next.next();
        if (!service.address.equals(endpoint.address()) || service.port != endpoint.port()) {
          throw new Changed();
        }
        named.add(named(state, service));
      } else {
        named.add(state);
      }
    }
    if (next.hasNext()) {
      throw new Changed();
    }
    return List.copyOf(named);
  }

  private static ServiceState named(ServiceState state, ForeignService service) {
    VirtualService old = state.definition();
    VirtualService definition =
        VirtualService.observed(
            new ServiceKey.Endpoint(service.protocol, service.address, service.port),
            old.scheduler(),
            old.persistence().orElse(null),
            old.onePacket(),
            old.foreign().orElse(null),
            old.realServers());
    return new ServiceState(definition, state.servers(), state.counters(), state.rates());
  }

  /** Reads the foreign services from {@code /proc/net/ip_vs}, in the kernel's order. */
  static List<ForeignService> parse(InputStream input) throws IOException {
    List<ForeignService> services = new ArrayList<>();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(input, StandardCharsets.US_ASCII));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      // "IP " alone begins the heading.
      if (line.startsWith(NUMBERED) || line.startsWith("ICMP") || line.startsWith("IP  ")) {
        services.add(parseLine(line));
      }
    }
    return services;
  }

  private static ForeignService parseLine(String line) {
    String[] words = line.split(" +");
    if (words.length < 3) {
      throw malformed();
    }
    int colon = words[1].lastIndexOf(':');
    if (colon < 0) {
      throw malformed();
    }
    try {
      return new ForeignService(
          protocol(words[0]),
          address(words[1].substring(0, colon)),
          HexFormat.fromHexDigits(words[1].substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  private static Protocol protocol(String name) {
    if (name.startsWith(NUMBERED)) {
      OptionalLong number = Numbers.unsigned(name.substring(NUMBERED.length()), 65535);
      return Protocol.of((int) number.orElseThrow(ForeignService::malformed));
    }
    return switch (name) {
      case "IP" -> Protocol.of(0);
      case "ICMP" -> Protocol.of(1);
      case "ICMPv6" -> Protocol.of(58);
      default -> throw malformed();
    };
  }

  private static InetAddress address(String text) {
    boolean v6 = text.startsWith("[") && text.endsWith("]");
    String digits = v6 ? text.substring(1, text.length() - 1).replace(":", "") : text;
    byte[] bytes = HexFormat.of().parseHex(digits);
    if (bytes.length != (v6 ? 16 : 4)) {
      throw malformed();
    }
    if (!v6) {
      return IpAddress.ofBytes(bytes);
    }
    try {
      return Inet6Address.getByAddress(null, bytes, -1);
    } catch (UnknownHostException e) {
      throw new AssertionError("16 bytes are an address", e);
    }
  }

  private static ProtocolException malformed() {
    return new ProtocolException(
        Program.failure(
            new Program.Purpose("read services", ""), "/proc/net/ip_vs is malformed", ""));
  }
}
