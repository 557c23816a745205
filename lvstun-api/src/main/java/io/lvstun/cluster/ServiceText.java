// SPDX-License-Identifier: Apache-2.0
package io.lvstun.cluster;

import io.lvstun.AddressFamily;
import io.lvstun.ForeignText;
import io.lvstun.IpAddress;
import io.lvstun.Protocol;
import io.lvstun.ServiceKey;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Parses services as written in options and files.
 *
 * @since 0.1.0
 */
public final class ServiceText {

  private ServiceText() {}

  /** An address without a port. */
  static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(IpAddress.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Reads a service, for example {@code udp:192.0.2.1:53} or {@code fwmark:7}. */
  public static ServiceKey parse(String text) {
    if (text.startsWith("fwmark:")) {
      return mark(text.substring("fwmark:".length()), AddressFamily.IPV4);
    }
    if (text.startsWith("fwmark6:")) {
      return mark(text.substring("fwmark6:".length()), AddressFamily.IPV6);
    }
    if (text.startsWith("udp:")) {
      return endpoint(Protocol.UDP, text.substring("udp:".length()));
    }
    if (text.startsWith("sctp:")) {
      return endpoint(Protocol.SCTP, text.substring("sctp:".length()));
    }
    return endpoint(Protocol.TCP, text.startsWith("tcp:") ? text.substring("tcp:".length()) : text);
  }

  /** Writes a service as {@link #parse} reads it. */
  public static String format(ServiceKey key) {
    if (key instanceof ServiceKey.Mark mark) {
      return (mark.family() == AddressFamily.IPV6 ? "fwmark6:" : "fwmark:") + mark.mark();
    }
    ServiceKey.Endpoint endpoint = (ServiceKey.Endpoint) key;
    String protocol =
        endpoint.protocol().equals(Protocol.UDP)
            ? "udp:"
            : endpoint.protocol().equals(Protocol.SCTP)
                ? "sctp:"
                : endpoint.protocol().equals(Protocol.TCP) ? "tcp:" : endpoint.protocol() + ":";
    return protocol + IpAddress.format(endpoint.address(), endpoint.port());
  }

  private static ServiceKey mark(String text, AddressFamily family) {
    if (!text.matches("\\d{1,10}|0[xX][0-9a-fA-F]{1,8}")) {
      throw invalid(text);
    }
    return new ServiceKey.Mark(Long.decode(text.matches("0+\\d.*") ? "0" : text), family);
  }

  private static ServiceKey endpoint(Protocol protocol, String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon <= 0 || !port.matches("\\d{1,5}")) {
      throw invalid(text);
    }
    String address = text.substring(0, colon);
    boolean brackets = address.startsWith("[") && address.endsWith("]");
    if (!brackets && address.indexOf(':') >= 0) {
      throw invalid(text);
    }
    return new ServiceKey.Endpoint(
        protocol,
        IpAddress.parse(brackets ? address.substring(1, address.length() - 1) : address),
        Integer.parseInt(port));
  }

  private static IllegalArgumentException invalid(String text) {
    String shown = text.length() > 64 ? text.substring(0, 64) + "..." : text;
    return new IllegalArgumentException(
        "service must be ADDRESS:PORT, udp:ADDRESS:PORT, sctp:ADDRESS:PORT or fwmark:N (IPv6 in"
            + " brackets), not "
            + ForeignText.printable(shown));
  }
}
