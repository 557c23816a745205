// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check;

import io.lvstun.IpAddress;
import io.lvstun.diagnostics.Action;
import io.lvstun.diagnostics.Check;
import io.lvstun.diagnostics.Finding;
import io.lvstun.diagnostics.Remedy;
import io.lvstun.diagnostics.Role;
import io.lvstun.diagnostics.Subject;
import io.lvstun.diagnostics.host.Address;
import io.lvstun.diagnostics.host.Fact;
import io.lvstun.diagnostics.host.Link;
import io.lvstun.diagnostics.host.Route;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** TUN: the tunnel device, and the virtual address on the real server. */
final class TunnelChecks {

  static final String UP = "TUN-001";
  static final String VIP = "TUN-002";

  private TunnelChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(UP, "tunnel-device-up")
            .title("The device that takes packets out of the tunnel is up")
            .on(Role.REAL_SERVER)
            .dependsOn(KernelChecks.IPIP)
            .symptom("Clients get \"connection refused\" at once")
            .why(
                "A device that is not up takes no packets. The real server answers them with an"
                    + " ICMP unreachable, which the director passes on to the client. (The"
                    + " operational state \"UNKNOWN\" is usual for tunnels and means nothing.)")
            .remedy("Switch the device on: ip link set tunl0 up.")
            .source("Linux net/ipv4/ip_tunnel.c, ip_tunnel_lookup; measured")
            .examine(TunnelChecks::up),
        Check.of(VIP, "vip-local-on-real-server")
            .title("The real server takes the virtual address for its own")
            .on(Role.REAL_SERVER)
            .dependsOn(HostChecks.ANSWERS)
            .symptom("Clients wait until they time out; Ip InAddrErrors grows with each SYN")
            .why(
                "What comes out of the tunnel is addressed to the virtual address. A host that does"
                    + " not have it drops the packet, or, if it forwards, sends it back to the"
                    + " director.")
            .remedy("Give the tunnel device the address with a prefix of 32 bits.")
            .source("measured: InAddrErrors grows by one with each SYN")
            .examine(TunnelChecks::vip));
  }

  private static Finding up(Subject subject) {
    Optional<String> skip = Applies.notIpip(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Decapsulation decapsulation = Decapsulation.ipip(subject.cluster(), subject.member());
    Optional<Link> device = decapsulation.device();
    if (device.isEmpty()) {
      return subject
          .fail("there is no device of the kind ipip that takes these packets")
          .expected("tunl0, or another ipip device, up")
          .evidence(
              "ip link",
              decapsulation.devices().isEmpty()
                  ? "no ipip device"
                  : decapsulation.devices().stream()
                      .map(Link::name)
                      .collect(Collectors.joining(", ", "", " have other ends")))
          .remedy(
              Remedy.of(
                  "Make a device that takes packets from any director; tunl0 is missing if"
                      + " net.core.fb_tunnels_only_for_init_net forbids it.",
                  new Action.Run(
                      List.of("ip", "link", "add", "lvstun0", "type", "ipip", "external"),
                      List.of("ip", "link", "delete", "lvstun0"),
                      io.lvstun.diagnostics.Risk.SAFE),
                  new Action.SetLinkUp("lvstun0")))
          .finding();
    }
    Link link = device.get();
    if (link.up()) {
      return subject.pass(link.name() + " is up").evidenceLines("link", link.name()).finding();
    }
    return subject
        .fail(link.name() + " is down")
        .expected(link.name() + " up (flag UP)")
        .evidence("ip link show " + link.name(), link.name() + " flags " + sorted(link.flags()))
        .remedy(Remedy.of("Switch " + link.name() + " on.", new Action.SetLinkUp(link.name())))
        .finding();
  }

  private static String sorted(Set<String> words) {
    return words.stream().sorted().collect(Collectors.joining(",", "<", ">"));
  }

  private static Finding vip(Subject subject) {
    Set<InetAddress> addresses = subject.cluster().virtualAddresses();
    if (addresses.isEmpty()) {
      return subject.skip("no virtual address is stated or found in a director's table");
    }
    List<InetAddress> missing = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (InetAddress address : addresses) {
      Fact<Route> route = subject.facts().routeTo(address);
      boolean local;
      if (route.known().isPresent()) {
        local = route.get().local();
        seen.add(route.get().toString());
      } else {
        // Before the route was asked for, an address on a device tells as much, and local routes
        // the rest.
        List<Address> own = subject.facts().addresses().get();
        local =
            own.stream().anyMatch(one -> one.address().equals(address))
                || subject.facts().routes().known().orElse(List.of()).stream()
                    .anyMatch(one -> one.local() && one.covers(address));
        seen.add(IpAddress.format(address) + (local ? " local" : " not local"));
      }
      if (!local) {
        missing.add(address);
      }
    }
    String evidence = String.join("\n", seen);
    if (missing.isEmpty()) {
      return subject.pass(names(addresses) + " local").evidence("ip route get", evidence).finding();
    }
    String device = deviceForAddress(subject);
    Remedy remedy = Remedy.of("Give " + device + " the address, with all its bits as prefix.");
    for (InetAddress address : missing) {
      int bits = address.getAddress().length * 8;
      remedy = remedy.then(new Action.AddAddress(device, address, bits));
    }
    Subject.Draft draft =
        subject
            .fail(names(Set.copyOf(missing)) + " not local: packets for it are dropped")
            .expected(names(addresses) + " local (ip route get says local)")
            .evidence("ip route get", evidence)
            .remedy(remedy);
    subject
        .facts()
        .counters()
        .known()
        .ifPresent(
            counters ->
                counters
                    .growth("Ip.InAddrErrors")
                    .ifPresent(
                        growth ->
                            draft.evidence(
                                "/proc/net/snmp",
                                "Ip InAddrErrors +"
                                    + growth
                                    + " in "
                                    + counters.window().toMillis()
                                    + " ms")));
    return draft.finding();
  }

  /**
   * The device that takes the packets out of the tunnel, so that it has an address as well
   * (TUN-004).
   */
  private static String deviceForAddress(Subject subject) {
    if (subject.facts().links().known().isEmpty()) {
      return "tunl0";
    }
    return Decapsulation.ipip(subject.cluster(), subject.member())
        .device()
        .map(Link::name)
        .orElse("tunl0");
  }

  private static String names(Set<InetAddress> addresses) {
    return addresses.stream().map(IpAddress::format).sorted().collect(Collectors.joining(", "))
        + (addresses.size() == 1 ? " is" : " are");
  }
}
