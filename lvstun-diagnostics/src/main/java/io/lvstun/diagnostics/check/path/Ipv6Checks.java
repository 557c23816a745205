// SPDX-License-Identifier: Apache-2.0
package io.lvstun.diagnostics.check.path;

import io.lvstun.AddressFamily;
import io.lvstun.cluster.Role;
import io.lvstun.diagnostics.check.relation.Decapsulation;
import io.lvstun.diagnostics.check.relation.FilterRemedy;
import io.lvstun.diagnostics.check.relation.Remedies;
import io.lvstun.diagnostics.check.relation.SkipReasons;
import io.lvstun.diagnostics.check.relation.TunnelPath;
import io.lvstun.diagnostics.facts.firewall.Firewall;
import io.lvstun.diagnostics.facts.firewall.Firewall.Hook;
import io.lvstun.diagnostics.facts.firewall.Firewall.Outcome;
import io.lvstun.diagnostics.facts.firewall.Firewall.Verdict;
import io.lvstun.diagnostics.facts.firewall.Packet;
import io.lvstun.diagnostics.facts.link.Address;
import io.lvstun.diagnostics.facts.link.LinkFacts;
import io.lvstun.diagnostics.model.Check;
import io.lvstun.diagnostics.model.Cluster;
import io.lvstun.diagnostics.model.Codes;
import io.lvstun.diagnostics.model.Finding;
import io.lvstun.diagnostics.model.Remedy;
import io.lvstun.diagnostics.model.Severity;
import io.lvstun.diagnostics.model.Subject;
import io.lvstun.host.Risk;
import io.lvstun.host.RunCommand;
import io.lvstun.host.SetAddress;
import io.lvstun.host.SetLinkUp;
import io.lvstun.host.SetTunnelMode;
import io.lvstun.network.Tunnel.Kind;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * V6: tunnels with IPv6 inside, outside, or both.
 *
 * @since 0.1.0
 */
public final class Ipv6Checks {

  private static final int ICMP6 = 58;
  private static final int PACKET_TOO_BIG = 2;

  private Ipv6Checks() {}

  public static List<Check> all() {
    return List.of(
        Check.of(Codes.OVER_IPV6, "tunnels-over-ipv6")
            .title("A device decapsulates packets sent over IPv6")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("Services whose real server has an IPv6 address are dead")
            .why(
                "Tunnels over IPv6 end at a device of the kind ip6tnl. Its fallback, ip6tnl0,"
                    + " begins with the mode ip6ip6, and drops IPv4 without a word.")
            .remedy("ip -6 tunnel change ip6tnl0 mode any, and switch it on.")
            .source("Linux net/ipv6/ip6_tunnel.c, ip6_fb_tnl_dev_init, ip6_tnl_rcv; measured")
            .examine(Ipv6Checks::overIpv6),
        Check.of(Codes.IPV6_IN_IPV4, "ipv6-in-ipv4")
            .title("A device decapsulates IPv6 in IPv4")
            .on(Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("IPv6 services whose real server has an IPv4 address are dead")
            .why("IPv6 in IPv4 is protocol 41, not 4, and ends at sit0 (module sit), not at tunl0.")
            .remedy("Load the module sit, and switch sit0 on.")
            .source("RFC 4213; Linux net/ipv6/sit.c; measured")
            .examine(Ipv6Checks::inIpv4),
        Check.of(Codes.IPV6_VIP_USABLE, "ipv6-vip-usable")
            .title("The virtual IPv6 address is usable")
            .on(Role.DIRECTOR, Role.REAL_SERVER)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptom("The address is there, and the host does not use it")
            .why(
                "On a segment, a host asks whether anybody has an address before it uses it. As the"
                    + " director has the same one, it fails on the real server (\"dadfailed\"), or"
                    + " the other way round.")
            .remedy("Add the address without that question: nodad; on real servers to lo.")
            .source("RFC 4862, section 5.4; ip-address(8)")
            .examine(Ipv6Checks::usable),
        Check.of(Codes.IPV6_PATH_MTU, "ipv6-path-mtu")
            .title("Clients' IPv6 packets fit, or clients are told")
            .severity(Severity.WARN)
            .on(Role.DIRECTOR)
            .dependsOn(Codes.HOST_ANSWERS)
            .symptomOf(Codes.PATH_MTU)
            .symptom("Uploads over IPv6 stall")
            .why(
                "Over IPv6 the header takes 40 bytes, and no router breaks a packet into fragments:"
                    + " without ICMPv6 \"packet too big\" nothing goes on.")
            .remedy(
                "Let real servers announce an MSS of the MTU less 100 (IPv6 in IPv6), and let"
                    + " ICMPv6 type 2 pass.")
            .source("RFC 8201; kube-router's tunnels take the MTU less 100")
            .examine(Ipv6Checks::mtu));
  }

  private static List<Cluster.Use> uses(Subject subject, Set<Kind> kinds) {
    return subject.cluster().uses(subject.member()).stream()
        .filter(use -> Decapsulation.kind(use).filter(kinds::contains).isPresent())
        .toList();
  }

  private static Finding overIpv6(Subject subject) {
    List<Cluster.Use> uses = uses(subject, EnumSet.of(Kind.IP6TNL));
    if (uses.isEmpty()) {
      return subject.skip("no director sends plain tunnels over IPv6 to it");
    }
    Optional<LinkFacts> device =
        Decapsulation.of(Kind.IP6TNL, subject.cluster(), subject.member()).device();
    Set<AddressFamily> inner =
        uses.stream().map(use -> use.service().key().family()).collect(Collectors.toSet());
    boolean both = inner.size() > 1 || inner.contains(AddressFamily.IPV4);
    String wanted = both ? "any" : "ip6ip6 or any";
    if (device.isEmpty()) {
      return subject
          .fail("there is no device of the kind ip6tnl that takes these packets")
          .expected("ip6tnl0 up, mode " + wanted)
          .evidence("ip -d link", "no ip6tnl device")
          .remedy(
              prepared(
                  Remedies.module("Load the module, then prepare ip6tnl0.", "ip6_tunnel"),
                  Kind.IP6TNL.fallbackDevice(),
                  both,
                  true))
          .finding();
    }
    LinkFacts link = device.get();
    String mode = link.tunnel().map(LinkFacts.Tunnel::mode).orElse("");
    boolean takes =
        mode.isEmpty()
            || mode.equals("any")
            || (!both && (mode.equals("ip6ip6") || mode.equals("ipv6/ipv6")))
            || (inner.equals(Set.of(AddressFamily.IPV4))
                && (mode.equals("ipip6") || mode.equals("ip/ipv6") || mode.equals("ip4ip6")));
    String evidence = link.name() + " mode " + mode + (link.up() ? ", up" : ", down");
    if (takes && link.up()) {
      return subject.pass(link.name() + " takes them").evidence("ip -d link", evidence).finding();
    }
    return subject
        .fail(
            takes
                ? link.name() + " is down"
                : link.name() + " has the mode " + mode + ", and drops what the director sends")
        .expected(link.name() + " up, mode " + wanted)
        .evidence("ip -d link", evidence)
        .remedy(
            prepared(
                Remedy.of("Let the device take both families, and switch it on."),
                link.name(),
                !takes,
                !link.up()))
        .finding();
  }

  private static Remedy prepared(Remedy remedy, String device, boolean mode, boolean down) {
    Remedy prepared = remedy;
    if (mode) {
      prepared = prepared.then(new SetTunnelMode(device));
    }
    return down ? prepared.then(new SetLinkUp(device)) : prepared;
  }

  private static Finding inIpv4(Subject subject) {
    if (uses(subject, EnumSet.of(Kind.SIT)).isEmpty()) {
      return subject.skip("no director sends IPv6 in IPv4 to it");
    }
    Optional<LinkFacts> device =
        Decapsulation.of(Kind.SIT, subject.cluster(), subject.member()).device();
    if (device.isPresent() && device.get().up()) {
      return subject.pass(device.get().name() + " takes them").finding();
    }
    String name = device.map(LinkFacts::name).orElse(Kind.SIT.fallbackDevice());
    Remedy remedy =
        device.isPresent()
            ? Remedy.of("Switch " + name + " on.")
            : Remedies.module("Load the module sit, and switch sit0 on.", "sit");
    return subject
        .fail(device.isPresent() ? name + " is down" : "there is no device of the kind sit")
        .expected(name + " up")
        .evidence("ip -d link", device.isPresent() ? name + " down" : "no sit device")
        .remedy(remedy.then(new SetLinkUp(name)))
        .finding();
  }

  private static Set<InetAddress> virtualIpv6(Subject subject) {
    return subject.cluster().virtualAddresses(subject.member()).stream()
        .filter(address -> !(address instanceof Inet4Address))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Finding usable(Subject subject) {
    Set<InetAddress> virtual = virtualIpv6(subject);
    if (virtual.isEmpty()) {
      return subject.skip("no virtual IPv6 address is known");
    }
    List<Address> own =
        subject.facts().addresses().get().stream()
            .filter(address -> virtual.contains(address.address()))
            .toList();
    if (own.isEmpty()) {
      return subject.skip("it has no virtual IPv6 address");
    }
    for (Address address : own) {
      boolean failed = address.flags().contains("dadfailed");
      if (failed || address.flags().contains("tentative")) {
        return subject
            .fail(
                address
                    + (failed
                        ? " was found at another host, and is not used"
                        : " is not used yet: the kernel asks whether another host has it"))
            .expected("the address without the flags dadfailed and tentative")
            .evidence("ip -6 address", address + " " + address.flags())
            .remedy(
                Remedy.of(
                    "Add it again, without the question.",
                    SetAddress.absent(address.device(), address.address(), address.prefixLength()),
                    new RunCommand(
                        List.of(
                            "ip",
                            "-6",
                            "address",
                            "add",
                            io.lvstun.IpAddress.format(address.address()) + "/128",
                            "dev",
                            address.device(),
                            "nodad"),
                        List.of(
                            "ip",
                            "-6",
                            "address",
                            "delete",
                            io.lvstun.IpAddress.format(address.address()) + "/128",
                            "dev",
                            address.device()),
                        Risk.ADDRESS)))
            .finding();
      }
    }
    return subject.pass(SkipReasons.words(own)).finding();
  }

  private static Finding mtu(Subject subject) {
    List<TunnelPath> paths =
        TunnelPath.of(subject.cluster(), subject.member()).stream()
            .filter(
                path ->
                    path.use().service().key().family() == AddressFamily.IPV6
                        || !(path.use().realAddress() instanceof Inet4Address))
            .toList();
    if (paths.isEmpty()) {
      return subject.skip("no tunnel of it has to do with IPv6");
    }
    Optional<TunnelPath> unknown =
        paths.stream().filter(path -> path.inner().isEmpty()).findFirst();
    List<TunnelPath> small = paths.stream().filter(TunnelPath::small).toList();
    if (!small.isEmpty()) {
      int segment =
          small.stream().flatMap(path -> path.segment().stream()).min(Integer::compare).orElse(0);
      return subject
          .warn(
              "packets of "
                  + TunnelPath.CLIENT_MTU
                  + " bytes do not fit into the tunnel to "
                  + SkipReasons.words(small.stream().map(TunnelPath::server).toList()))
          .expected("real servers that announce an MSS of at most " + segment)
          .evidence(
              "ip route get, ip link",
              SkipReasons.words(
                  small.stream()
                      .map(path -> path.server() + " for clients " + path.inner().orElse(0))
                      .toList()))
          .remedy(Remedy.manual("Let the real servers announce a smaller MSS: see MTU-002."))
          .finding();
    }
    if (unknown.isPresent()) {
      return subject.error(unknown.get().mtu().reason());
    }
    Firewall firewall = subject.facts().firewall().get();
    Packet packet = Packet.ipv6(ICMP6).icmp(PACKET_TOO_BIG).inState("related");
    boolean narrow = paths.stream().anyMatch(TunnelPath::narrow);
    for (Hook hook : List.of(Hook.OUTPUT, Hook.POSTROUTING, Hook.PREROUTING, Hook.INPUT)) {
      Verdict verdict = firewall.walk(hook, packet);
      if (narrow && verdict.outcome() == Outcome.DROP) {
        return subject
            .warn("ICMPv6 \"packet too big\" is dropped in " + hook)
            .expected("ICMPv6 type 2 accepted")
            .evidence("packet filter", verdict.reason())
            .remedy(
                FilterRemedy.accept(
                    "Let ICMPv6 type 2 pass.",
                    Codes.IPV6_PATH_MTU,
                    firewall,
                    verdict.ruling(),
                    hook,
                    packet.withoutState()))
            .finding();
      }
    }
    return subject.pass("IPv6 packets fit, or clients send smaller ones").finding();
  }
}
