// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.tunnel;

import io.lvstun.AddressFamily;
import io.lvstun.IpAddress;
import io.lvstun.ServiceKey;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Decapsulation;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.check.relation.TestPackets;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.facts.link.RouteFacts;
import io.lvstun.diagnostics.facts.machine.Sysctls;
import io.lvstun.diagnostics.facts.section.Fact;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Clients;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.AddTunnelDevice;
import io.lvstun.host.SetAddress;
import io.lvstun.host.SetLinkUp;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * TUN: the tunnel device, and the virtual address on the real server.
 *
 * @since 0.1.0
 */
public final class TunnelChecks {

  /** Rules that give a packet another destination, or a socket of their own. */
  private static final Pattern TRANSLATING =
      Pattern.compile("\\b(DNAT|REDIRECT|TPROXY|dnat|redirect|tproxy)\\b");

  private TunnelChecks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.TUNNEL_UP, "tunnel-device-up")
            .title("The decapsulating tunnel device is up")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.FALLBACK_DEVICE)
            .symptom("Clients get \"connection refused\" at once; a time-out where sit0 is up")
            .why(
                "A device that is not up takes no packets. The real server answers them with an"
                    + " ICMP unreachable, which the director passes on to the client. Where sit0 is"
                    + " up, as for IPv6 over IPv4, it gets them instead and drops them without a"
                    + " word. (The operational state \"UNKNOWN\" is usual for tunnels and means"
                    + " nothing.)")
            .remedy("Switch the device on: ip link set tunl0 up.")
            .source(
                "Linux net/ipv4/ip_tunnel.c, ip_tunnel_lookup; net/ipv6/sit.c, sit_tunnel_rcv;"
                    + " measured")
            .examine(TunnelChecks::up),
        Check.of(Codes.TUNNEL_VIP, "vip-local-on-real-server")
            .title("The virtual address is local on the real server")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            // An address goes with its device.
            .symptomOf(Codes.IPIP_MODULE, Codes.FALLBACK_DEVICE)
            .symptom("Clients wait until they time out; Ip InAddrErrors grows with each SYN")
            .why(
                "What comes out of the tunnel is addressed to the virtual address. A host that does"
                    + " not have it drops the packet, or, if it forwards, sends it back to the"
                    + " director.")
            .remedy("Give the tunnel device the address with a prefix of 32 bits.")
            .source("measured: InAddrErrors grows by one with each SYN")
            .examine(TunnelChecks::vip),
        Check.of(Codes.TUNNEL_LOOP, "no-forwarding-loop")
            .title("The real server does not send clients' packets back")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.TUNNEL_VIP)
            .symptom("Clients get \"no route to host\", and the network is flooded")
            .why(
                "A real server that forwards, and does not have the virtual address, routes what"
                    + " comes out of the tunnel to where that address is: to the director, which"
                    + " tunnels it again, until its time to live is over. One SYN becomes dozens of"
                    + " packets.")
            .remedy(
                "Add the virtual address first, and only then the real server to the director's"
                    + " table. Leave ip_forward at 0 on real servers.")
            .source("measured: one SYN passed the router 48 times")
            .examine(TunnelChecks::loop),
        Check.of(Codes.TUNNEL_ADDRESS, "tunnel-device-address")
            .title("The tunnel device has an address if rp_filter needs one")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_UP, Codes.TUNNEL_VIP)
            .symptomOf(Codes.TUNNEL_WINNER)
            .symptom("Clients wait until they time out, although rp_filter is 2, \"loose\"")
            .why(
                "For packets that arrive on a device without any IPv4 address, the kernel does not"
                    + " look for a way back at all: it drops them for every value of rp_filter but"
                    + " 0. So it is where the virtual address is on lo alone.")
            .remedy("Give the tunnel device the virtual address, with a prefix of 32 bits.")
            .source("Linux net/ipv4/fib_frontend.c, __fib_validate_source; measured")
            .examine(TunnelChecks::address),
        Check.of(Codes.VIP_PREFIX, "vip-prefix")
            .title("The virtual address has a full-length prefix")
            .severity(Severity.WARN)
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_VIP)
            .symptom("Answers to clients in the virtual address's own network vanish")
            .why(
                "An address with a shorter prefix makes its whole network look as if it were on the"
                    + " tunnel device, or, on lo, as if it were this host.")
            .remedy("Add the address with /32 (IPv6: /128), and take the other one away.")
            .source("Linux: an address with a prefix makes a connected route")
            .examine(TunnelChecks::prefix),
        Check.of(Codes.WAY_BACK, "way-back-to-clients")
            .title("Answers find a way from the virtual address to clients")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.TUNNEL_VIP)
            .symptom("Clients wait until they time out; Ip OutNoRoutes grows with each SYN")
            .why(
                "The real server answers clients itself, from the virtual address. The kernel looks"
                    + " for the route with that source: a missing default route, a policy rule that"
                    + " leads nowhere, or a card in a VRF loses the answers, whatever is true of"
                    + " the host's other addresses.")
            .remedy(
                "Give the host a route to clients that what comes from the virtual address may"
                    + " take: ip route get CLIENT from VIP must name a device.")
            .source("Linux net/ipv4/route.c, ip_route_output_key; ip-rule(8); measured")
            .examine(TunnelChecks::wayBack));
  }

  private static List<InetAddress> missing(Subject subject) {
    List<InetAddress> missing = new ArrayList<>();
    for (InetAddress address : subject.cluster().virtualAddresses(subject.member())) {
      if (!local(subject, address) && !translated(subject, address)) {
        missing.add(address);
      }
    }
    return missing;
  }

  private static boolean local(Subject subject, InetAddress address) {
    Fact<RouteFacts> route = subject.facts().routeTo(address);
    if (route.known().isPresent()) {
      return route.get().local();
    }
    // Before the route was asked for, an address on a device tells as much, and local routes the
    // rest.
    return subject.facts().addresses().get().stream().anyMatch(one -> one.address().equals(address))
        || subject.facts().routes().known().orElse(List.of()).stream()
            .anyMatch(one -> one.local() && one.covers(address));
  }

  private static Finding loop(Subject subject) {
    Set<InetAddress> virtual = SkipReasons.virtualIpv4(subject.cluster(), subject.member());
    if (virtual.isEmpty()) {
      return subject.skip("no virtual IPv4 address is known");
    }
    Optional<String> skip = SkipReasons.notTunnelled(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    int forward = sysctls.required("net/ipv4/ip_forward");
    String evidence = "net.ipv4.ip_forward=" + forward;
    if (forward == 0) {
      return subject.pass("it does not forward").evidence("/proc/sys", evidence).finding();
    }
    List<InetAddress> missing =
        missing(subject).stream().filter(address -> address instanceof Inet4Address).toList();
    if (missing.isEmpty()) {
      return subject
          .pass("it forwards, but takes the virtual address for its own")
          .evidence("/proc/sys", evidence)
          .finding();
    }
    String device = deviceForAddress(subject);
    Remedy remedy =
        Remedy.of(
            "Add the address at once. If this host need not forward for others, set"
                + " net.ipv4.ip_forward to 0 as well.");
    for (InetAddress address : missing) {
      remedy = remedy.then(SetAddress.present(device, address, 32));
    }
    Subject.Draft draft =
        subject
            .fail(
                "it forwards, and "
                    + names(Set.copyOf(missing))
                    + " not local: packets go round in a circle")
            .expected("the virtual address local, or net.ipv4.ip_forward 0")
            .evidence("/proc/sys", evidence)
            .remedy(remedy);
    SkipReasons.growth(subject.member(), "Icmp.OutTimeExcds")
        .ifPresent(text -> draft.evidence("/proc/net/snmp", text));
    return draft.finding();
  }

  private static Finding address(Subject subject) {
    List<LinkFacts> devices =
        Decapsulation.devices(subject.cluster(), subject.member(), AddressFamily.IPV4);
    if (devices.isEmpty()) {
      return subject.skip("no tunnel with IPv4 inside leads to it");
    }
    Sysctls sysctls = subject.facts().sysctls().get();
    List<Address> addresses = subject.facts().addresses().get();
    List<String> seen = new ArrayList<>();
    List<LinkFacts> bare = new ArrayList<>();
    for (LinkFacts device : devices) {
      int filter = sysctls.effective("rp_filter", device.name());
      boolean has = hasIpv4(addresses, device);
      seen.add(
          device.name()
              + (has ? " has an IPv4 address" : " has no IPv4 address")
              + ", effective rp_filter "
              + filter);
      if (!has && filter != 0) {
        bare.add(device);
      }
    }
    String evidence = String.join("\n", seen);
    if (bare.isEmpty()) {
      return subject.pass(seen.get(0)).evidence("ip address, /proc/sys", evidence).finding();
    }
    Set<InetAddress> virtual = SkipReasons.virtualIpv4(subject.cluster(), subject.member());
    Remedy remedy =
        Remedy.of(
            "Give the device the virtual address, all its bits as prefix; it may stay on lo as"
                + " well.");
    for (LinkFacts device : bare) {
      Optional<InetAddress> first = virtual.stream().findFirst();
      if (first.isPresent()) {
        remedy = remedy.then(SetAddress.present(device.name(), first.get(), 32));
      }
    }
    return subject
        .fail(
            SkipReasons.words(bare.stream().map(LinkFacts::name).toList())
                + " has no IPv4 address: the reverse path filter drops all that comes out of it")
        .expected("an IPv4 address on the device, or an effective rp_filter of 0")
        .evidence("ip address, /proc/sys", evidence)
        .remedy(remedy)
        .finding();
  }

  /** Whether a device has an IPv4 address, of whatever kind. */
  public static boolean hasIpv4(List<Address> addresses, LinkFacts device) {
    return addresses.stream()
        .anyMatch(
            address ->
                address.device().equals(device.name())
                    && address.address() instanceof Inet4Address);
  }

  private static Finding wayBack(Subject subject) {
    Optional<String> skip = SkipReasons.notTunnelled(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    List<String> seen = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    Optional<String> unknown = Optional.empty();
    for (InetAddress virtual : subject.cluster().virtualAddresses(subject.member())) {
      if (!local(subject, virtual)) {
        continue;
      }
      for (InetAddress client : Clients.of(subject.cluster(), virtual)) {
        Fact<RouteFacts> way = subject.facts().wayBack(virtual, client);
        if (way.known().isEmpty()) {
          unknown = Optional.of(way.reason());
          continue;
        }
        String pair = IpAddress.format(virtual) + " to " + IpAddress.format(client);
        seen.add(pair + ": " + way.get());
        // A route that leads nowhere has a type of its own: unreachable, blackhole, prohibit.
        if (!way.get().type().equals("unicast") && !way.get().local()) {
          missing.add(pair);
        }
      }
    }
    String evidence = String.join("\n", seen);
    if (!missing.isEmpty()) {
      Subject.Draft draft =
          subject
              .fail("no route from " + String.join(", ", missing) + ": answers are lost")
              .expected("a route to clients for what comes from the virtual address")
              .evidence("ip route get CLIENT from VIP", evidence)
              .remedy(
                  Remedy.manual(
                      "Look at ip route and ip rule of the host: give what comes from the virtual"
                          + " address a route to clients, in the table that its rules choose."));
      SkipReasons.growth(subject.member(), "Ip.OutNoRoutes")
          .ifPresent(text -> draft.evidence("/proc/net/snmp", text));
      return draft.finding();
    }
    if (seen.isEmpty()) {
      return subject.skip(
          unknown.orElse("no client is known: name a vantage host, with --vantage"));
    }
    return subject
        .pass(
            "answers find their way to "
                + seen.size()
                + (seen.size() == 1 ? " client" : " clients"))
        .evidence("ip route get CLIENT from VIP", evidence)
        .finding();
  }

  /** Whether address translation takes what a real server's clients send to an address. */
  private static boolean translated(Subject subject, InetAddress address) {
    Set<ServiceKey.Endpoint> endpoints =
        SkipReasons.endpoints(subject).stream()
            .filter(endpoint -> endpoint.address().equals(address))
            .collect(Collectors.toSet());
    Optional<Firewall> firewall = subject.facts().firewall().known();
    if (endpoints.isEmpty() || firewall.isEmpty() || subject.facts().links().known().isEmpty()) {
      return false;
    }
    for (ServiceKey.Endpoint endpoint : endpoints) {
      List<LinkFacts> devices =
          Decapsulation.devices(subject.cluster(), subject.member(), endpoint.family());
      boolean taken =
          !devices.isEmpty()
              && devices.stream()
                  .allMatch(
                      device ->
                          firewall
                              .get()
                              .matching(
                                  Hook.PREROUTING,
                                  TestPackets.packetFor(endpoint)
                                      .arrivingOn(device.name())
                                      .inState("new"),
                                  rule -> TRANSLATING.matcher(rule.text()).find())
                              .isPresent());
      if (!taken) {
        return false;
      }
    }
    return true;
  }

  private static Finding prefix(Subject subject) {
    Set<InetAddress> virtual = subject.cluster().virtualAddresses(subject.member());
    if (virtual.isEmpty()) {
      return subject.skip("no virtual address is stated or found in a director's table");
    }
    Set<String> cards =
        subject.facts().links().get().stream()
            .filter(LinkFacts::arp)
            .filter(link -> !link.kind().equals("dummy"))
            .map(LinkFacts::name)
            .collect(Collectors.toSet());
    List<Address> own =
        subject.facts().addresses().get().stream()
            .filter(address -> virtual.contains(address.address()))
            .toList();
    List<Address> wide =
        own.stream()
            .filter(address -> address.prefixLength() < address.address().getAddress().length * 8)
            // On a card that is the business of ARP.
            .filter(address -> !cards.contains(address.device()))
            .toList();
    String evidence = own.stream().map(Address::toString).collect(Collectors.joining("\n"));
    if (wide.isEmpty()) {
      return subject.pass("no network comes with it").evidence("ip address", evidence).finding();
    }
    Remedy remedy =
        Remedy.of("Add the address with all its bits as prefix, then take the wide one away.");
    for (Address address : wide) {
      int bits = address.address().getAddress().length * 8;
      boolean there =
          own.stream()
              .anyMatch(
                  one ->
                      one.device().equals(address.device())
                          && one.address().equals(address.address())
                          && one.prefixLength() == bits);
      if (!there) {
        remedy = remedy.then(SetAddress.present(address.device(), address.address(), bits));
      }
      remedy =
          remedy.then(
              SetAddress.absent(address.device(), address.address(), address.prefixLength()));
    }
    return subject
        .warn(wide.get(0) + " brings its whole network with it")
        .expected("the virtual address with all its bits as prefix")
        .evidence("ip address", evidence)
        .remedy(remedy)
        .finding();
  }

  private static Finding up(Subject subject) {
    Optional<String> skip = SkipReasons.notIpip(subject);
    if (skip.isPresent()) {
      return subject.skip(skip.get());
    }
    Decapsulation decapsulation = Decapsulation.ipip(subject.cluster(), subject.member());
    Optional<LinkFacts> device = decapsulation.device();
    if (device.isEmpty()) {
      return subject
          .fail("there is no device of the kind ipip that takes these packets")
          .expected("tunl0, or another ipip device, up")
          .evidence(
              "ip link",
              decapsulation.devices().isEmpty()
                  ? "no ipip device"
                  : decapsulation.devices().stream()
                      .map(LinkFacts::name)
                      .collect(Collectors.joining(", ", "", " have other ends")))
          .remedy(
              Remedy.of(
                  "Make a device that takes packets from any director; tunl0 is missing if"
                      + " net.core.fb_tunnels_only_for_init_net forbids it.",
                  new AddTunnelDevice("lvstun0"),
                  new SetLinkUp("lvstun0")))
          .finding();
    }
    LinkFacts link = device.get();
    if (link.up()) {
      return subject.pass(link.name() + " is up").evidenceLines("link", link.name()).finding();
    }
    return subject
        .fail(link.name() + " is down")
        .expected(link.name() + " up (flag UP)")
        .evidence("ip link show " + link.name(), link.name() + " flags " + sorted(link.flags()))
        .remedy(Remedy.of("Switch " + link.name() + " on.", new SetLinkUp(link.name())))
        .finding();
  }

  private static String sorted(Set<String> words) {
    return words.stream().sorted().collect(Collectors.joining(",", "<", ">"));
  }

  private static Finding vip(Subject subject) {
    Set<InetAddress> addresses = subject.cluster().virtualAddresses(subject.member());
    if (addresses.isEmpty()) {
      return subject.skip(
          SkipReasons.notTunnelled(subject)
              .orElse("no virtual address is stated or found in a director's table"));
    }
    List<InetAddress> missing = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    Set<InetAddress> byRule = new LinkedHashSet<>();
    for (InetAddress address : addresses) {
      boolean local = local(subject, address);
      seen.add(
          subject
              .facts()
              .routeTo(address)
              .map(RouteFacts::toString)
              .known()
              .orElse(IpAddress.format(address) + (local ? " local" : " not local")));
      if (!local && translated(subject, address)) {
        byRule.add(address);
      } else if (!local) {
        missing.add(address);
      }
    }
    String evidence = String.join("\n", seen);
    if (missing.isEmpty() && !byRule.isEmpty()) {
      return subject
          .note(names(byRule) + " not local: a rule of address translation takes its packets")
          .evidence("ip route get", evidence)
          .finding();
    }
    if (missing.isEmpty()) {
      return subject.pass(names(addresses) + " local").evidence("ip route get", evidence).finding();
    }
    String device = deviceForAddress(subject);
    Remedy remedy = Remedy.of("Give " + device + " the address, with all its bits as prefix.");
    for (InetAddress address : missing) {
      int bits = address.getAddress().length * 8;
      remedy = remedy.then(SetAddress.present(device, address, bits));
    }
    Subject.Draft draft =
        subject
            .fail(names(Set.copyOf(missing)) + " not local: packets for it are dropped")
            .expected(names(addresses) + " local (ip route get says local)")
            .evidence("ip route get", evidence)
            .remedy(remedy);
    SkipReasons.growth(subject.member(), "Ip.InAddrErrors")
        .ifPresent(text -> draft.evidence("/proc/net/snmp", text));
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
        .map(LinkFacts::name)
        .orElse("tunl0");
  }

  private static String names(Set<InetAddress> addresses) {
    return addresses.stream().map(IpAddress::format).sorted().collect(Collectors.joining(", "))
        + (addresses.size() == 1 ? " is" : " are");
  }
}
