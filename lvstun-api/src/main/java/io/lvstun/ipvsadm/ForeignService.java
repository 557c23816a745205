// SPDX-License-Identifier: Apache-2.0
package io.lvstun.ipvsadm;

import io.lvstun.Protocol;
import io.lvstun.ProtocolException;
import io.lvstun.ServiceKey;
import io.lvstun.VirtualService;
import io.lvstun.rules.ListingTable;
import io.lvstun.rules.ServicesFile;
import io.lvstun.state.ServiceState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Services of protocols other than TCP, UDP and SCTP, which only other programs write. ipvsadm
 * prints a question mark for their protocol; {@code /proc/net/ip_vs} tells the number.
 */
final class ForeignService {

  private static final Set<Protocol> NAMED = Set.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  private ForeignService() {}

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
        && endpoint.protocol().equals(ListingTable.UNNAMED);
  }

  /** Gives services with an unknown protocol the protocols of the foreign ones, in their order. */
  static List<ServiceState> name(List<ServiceState> states, List<ServiceKey.Endpoint> foreign)
      throws Changed {
    Iterator<ServiceKey.Endpoint> next = foreign.iterator();
    List<ServiceState> named = new ArrayList<>(states.size());
    for (ServiceState state : states) {
      if (isUnnamed(state) && state.key() instanceof ServiceKey.Endpoint endpoint) {
        if (!next.hasNext()) {
          throw new Changed();
        }
        ServiceKey.Endpoint service = next.next();
        if (!service.address().equals(endpoint.address()) || service.port() != endpoint.port()) {
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

  private static ServiceState named(ServiceState state, ServiceKey service) {
    VirtualService old = state.definition();
    VirtualService definition =
        VirtualService.observed(
            service,
            old.scheduler(),
            old.persistence().orElse(null),
            old.onePacket(),
            old.foreign().orElse(null),
            old.realServers());
    return new ServiceState(definition, state.servers(), state.counters(), state.rates());
  }

  /** Reads the foreign services from {@code /proc/net/ip_vs}, in the kernel's order. */
  static List<ServiceKey.Endpoint> parse(InputStream input) throws IOException {
    String text = new String(input.readAllBytes(), StandardCharsets.US_ASCII);
    try {
      return ServicesFile.parse(text).stream()
          .map(ServiceState::key)
          .filter(ServiceKey.Endpoint.class::isInstance)
          .map(ServiceKey.Endpoint.class::cast)
          .filter(key -> !NAMED.contains(key.protocol()))
          .toList();
    } catch (IllegalArgumentException e) {
      Program.Purpose purpose = new Program.Purpose("read services", "");
      throw new ProtocolException(Program.failure(purpose, String.valueOf(e.getMessage()), ""), e);
    }
  }
}
